# The pair of accounts of terraform-google-modules/kubernetes-engine/google//modules/workload-identity.

variable "not_known" {}

variable "name" { default = null }
variable "project_id" { default = null }
variable "gcp_sa_name" { default = null }
variable "use_existing_gcp_sa" {
  default  = false
  nullable = false
}
variable "k8s_sa_name" { default = null }
variable "k8s_sa_project_id" { default = null }
variable "namespace" {
  default  = "default"
  nullable = false
}
variable "use_existing_k8s_sa" {
  default  = false
  nullable = false
}
variable "automount_service_account_token" {
  default  = false
  nullable = false
}
variable "roles" {
  default  = []
  nullable = false
}

locals {
  google_name     = var.gcp_sa_name == null ? trimsuffix(substr(var.name, 0, 30), "-") : var.gcp_sa_name
  kubernetes_name = var.k8s_sa_name == null ? var.name : var.k8s_sa_name
  email           = var.use_existing_gcp_sa ? data.google_service_account.cluster_service_account[0].email : google_service_account.cluster_service_account[0].email
  pool            = var.k8s_sa_project_id == null ? var.project_id : var.k8s_sa_project_id
}

data "google_service_account" "cluster_service_account" {
  count = var.use_existing_gcp_sa ? 1 : 0

  account_id = local.google_name
  project    = var.project_id
}

resource "google_service_account" "cluster_service_account" {
  count = var.use_existing_gcp_sa ? 0 : 1

  account_id = local.google_name
  project    = var.project_id
}

resource "kubernetes_service_account" "main" {
  count = var.use_existing_k8s_sa ? 0 : 1

  automount_service_account_token = var.automount_service_account_token
  metadata {
    name        = local.kubernetes_name
    namespace   = var.namespace
    annotations = { "iam.gke.io/gcp-service-account" = local.email }
  }
}

resource "google_service_account_iam_member" "main" {
  service_account_id = var.use_existing_gcp_sa ? data.google_service_account.cluster_service_account[0].name : google_service_account.cluster_service_account[0].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:${local.pool}.svc.id.goog[${var.namespace}/${local.kubernetes_name}]"
}

resource "google_project_iam_member" "workload_identity_sa_bindings" {
  for_each = toset(var.roles)

  project = var.project_id
  role    = each.value
  member  = "serviceAccount:${local.email}"
}

output "gcp_service_account_email" { value = local.email }
output "gcp_service_account_fqn" { value = "serviceAccount:${local.email}" }
output "gcp_service_account_name" { value = local.google_name }
output "k8s_service_account_name" { value = local.kubernetes_name }
output "k8s_service_account_namespace" { value = var.namespace }
