# The role for service accounts of terraform-aws-modules/iam/aws: modules/iam-role-for-service-accounts-eks until
# version 5, modules/iam-role-for-service-accounts since 6. What the attach_*_policy inputs attach differs between
# releases; what the call names itself does not.

variable "version" {}

variable "create_role" {
  default  = true
  nullable = false
}
variable "create" {
  default  = true
  nullable = false
}
variable "role_name" { default = null }
variable "role_name_prefix" { default = null }
variable "name" { default = "" }
variable "use_name_prefix" {
  default  = true
  nullable = false
}
variable "role_path" { default = null }
variable "path" { default = "/" }
variable "role_permissions_boundary_arn" { default = null }
variable "permissions_boundary" { default = null }
variable "role_policy_arns" {
  default  = {}
  nullable = false
}
variable "policies" {
  default  = {}
  nullable = false
}
variable "oidc_providers" {
  default  = {}
  nullable = false
}
variable "assume_role_condition_test" {
  default  = "StringEquals"
  nullable = false
}
variable "trust_condition_test" {
  default  = "StringEquals"
  nullable = false
}

locals {
  create = var.version >= 6 ? var.create : var.create_role
  test   = var.version >= 6 ? var.trust_condition_test : var.assume_role_condition_test
  # Version 4 takes a list.
  listed   = var.version == 4 ? { for arn in var.role_policy_arns : arn => arn } : var.role_policy_arns
  policies = var.version >= 6 ? var.policies : local.listed
}

data "aws_iam_policy_document" "this" {
  count = local.create ? 1 : 0

  dynamic "statement" {
    for_each = var.oidc_providers
    content {
      actions = ["sts:AssumeRoleWithWebIdentity"]
      principals {
        type        = "Federated"
        identifiers = [statement.value.provider_arn]
      }
      condition {
        test     = local.test
        variable = "${replace(statement.value.provider_arn, "/^(.*provider/)/", "")}:sub"
        values   = [for account in statement.value.namespace_service_accounts : "system:serviceaccount:${account}"]
      }
      condition {
        test     = local.test
        variable = "${replace(statement.value.provider_arn, "/^(.*provider/)/", "")}:aud"
        values   = ["sts.amazonaws.com"]
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count = local.create ? 1 : 0

  name                 = var.version >= 6 ? (var.use_name_prefix ? null : var.name) : var.role_name
  name_prefix          = var.version >= 6 ? (var.use_name_prefix ? "${var.name}-" : null) : var.role_name_prefix
  path                 = var.version >= 6 ? var.path : var.role_path
  permissions_boundary = var.version >= 6 ? var.permissions_boundary : var.role_permissions_boundary_arn
  assume_role_policy   = data.aws_iam_policy_document.this[0].json
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = { for key, arn in local.policies : key => arn if local.create && var.version < 6 }

  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

resource "aws_iam_role_policy_attachment" "additional" {
  for_each = { for key, arn in local.policies : key => arn if local.create && var.version >= 6 }

  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

output "iam_role_arn" { value = try(aws_iam_role.this[0].arn, "") }
output "iam_role_name" { value = try(aws_iam_role.this[0].name, "") }
output "arn" { value = try(aws_iam_role.this[0].arn, null) }
output "name" { value = try(aws_iam_role.this[0].name, null) }
