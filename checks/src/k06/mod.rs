//! K06 Overly Exposed Kubernetes Components: control planes, dashboards and data stores open to networks that should
//! not see them.

mod aks_endpoint;
mod azure_nsg_open_kube_ports;
mod dangling_service;
mod dashboard;
mod eks_endpoint;
mod eks_nodes;
mod exposed_admin_interface;
mod external_name_service;
mod gateways;
mod gcp_firewall_open_kube_ports;
mod gke_endpoint;
mod ingress_admission_reachable;
mod ingress_hosts;
mod ingress_nginx;
mod ingress_nginx_unsafe_controller;
mod ingress_plaintext_redirect_off;
mod ingress_to_system_service;
mod ingress_without_tls;
mod internet_exposed_workload;
mod istio_gateway_plaintext;
mod load_balancers;
mod manual_endpoint_sensitive;
mod node_port_service;
mod open_programs;
mod ports;
mod products;
mod public_load_balancer;
mod registries;
mod route_plaintext;
mod security_groups;
mod sensitive_port_exposed;
mod service_external_ips;
mod ssh_port_exposed;

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[
    &exposed_admin_interface::ENTRY,
    &dashboard::ENTRY,
    &open_programs::ENTRY,
    &sensitive_port_exposed::ENTRY,
    &public_load_balancer::ENTRY,
    &node_port_service::ENTRY,
    &service_external_ips::ENTRY,
    &external_name_service::ENTRY,
    &ssh_port_exposed::ENTRY,
    &ingress_nginx::ENTRY,
    &ingress_nginx_unsafe_controller::ENTRY,
    &ingress_admission_reachable::ENTRY,
    &ingress_to_system_service::ENTRY,
    &ingress_without_tls::ENTRY,
    &ingress_plaintext_redirect_off::ENTRY,
    &ingress_hosts::ENTRY,
    &gateways::ENTRY,
    &istio_gateway_plaintext::ENTRY,
    &route_plaintext::ENTRY,
    &manual_endpoint_sensitive::ENTRY,
    &load_balancers::ENTRY,
    &dangling_service::ENTRY,
    &internet_exposed_workload::ENTRY,
    &eks_endpoint::ENTRY,
    &gke_endpoint::ENTRY,
    &aks_endpoint::ENTRY,
    &security_groups::ENTRY,
    &gcp_firewall_open_kube_ports::ENTRY,
    &azure_nsg_open_kube_ports::ENTRY,
    &eks_nodes::ENTRY,
    &registries::ENTRY,
];
