//! Evaluates Terraform configuration into resources.
