# The role of terraform-aws-modules/iam/aws//modules/iam-assumable-role-with-oidc, versions 4 and 5.

variable "create_role" {
  default  = false
  nullable = false
}
variable "provider_url" {
  default  = ""
  nullable = false
}
variable "provider_urls" {
  default  = []
  nullable = false
}
variable "aws_account_id" {
  default  = ""
  nullable = false
}
variable "role_name" { default = null }
variable "role_name_prefix" { default = null }
variable "role_path" { default = "/" }
variable "role_permissions_boundary_arn" { default = null }
variable "role_policy_arns" {
  default  = []
  nullable = false
}
variable "oidc_fully_qualified_subjects" {
  default  = []
  nullable = false
}
variable "oidc_subjects_with_wildcards" {
  default  = []
  nullable = false
}
variable "oidc_fully_qualified_audiences" {
  default  = []
  nullable = false
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account   = var.aws_account_id != "" ? var.aws_account_id : data.aws_caller_identity.current.account_id
  providers = [for url in concat(var.provider_urls, [var.provider_url]) : replace(url, "https://", "") if url != ""]
}

data "aws_iam_policy_document" "assume_role_with_oidc" {
  count = var.create_role ? 1 : 0

  dynamic "statement" {
    for_each = local.providers
    content {
      actions = ["sts:AssumeRoleWithWebIdentity"]
      principals {
        type        = "Federated"
        identifiers = ["arn:${data.aws_partition.current.partition}:iam::${local.account}:oidc-provider/${statement.value}"]
      }
      dynamic "condition" {
        for_each = length(var.oidc_fully_qualified_subjects) > 0 ? [1] : []
        content {
          test     = "StringEquals"
          variable = "${statement.value}:sub"
          values   = var.oidc_fully_qualified_subjects
        }
      }
      dynamic "condition" {
        for_each = length(var.oidc_subjects_with_wildcards) > 0 ? [1] : []
        content {
          test     = "StringLike"
          variable = "${statement.value}:sub"
          values   = var.oidc_subjects_with_wildcards
        }
      }
      dynamic "condition" {
        for_each = length(var.oidc_fully_qualified_audiences) > 0 ? [1] : []
        content {
          test     = "StringLike"
          variable = "${statement.value}:aud"
          values   = var.oidc_fully_qualified_audiences
        }
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count = var.create_role ? 1 : 0

  name                 = var.role_name
  name_prefix          = var.role_name_prefix
  path                 = var.role_path
  permissions_boundary = var.role_permissions_boundary_arn
  assume_role_policy   = data.aws_iam_policy_document.assume_role_with_oidc[0].json
}

resource "aws_iam_role_policy_attachment" "custom" {
  count = var.create_role ? length(var.role_policy_arns) : 0

  role       = aws_iam_role.this[0].name
  policy_arn = var.role_policy_arns[count.index]
}

output "iam_role_arn" { value = try(aws_iam_role.this[0].arn, "") }
output "iam_role_name" { value = try(aws_iam_role.this[0].name, "") }
