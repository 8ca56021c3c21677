# The role of terraform-aws-modules/iam/aws//modules/iam-github-oidc-role, version 5. What else its trust policy asks of
# the issuer differs between releases; the provider is that issuer, so nothing hangs on it.

variable "create" {
  default  = true
  nullable = false
}
variable "name" { default = null }
variable "name_prefix" { default = null }
variable "path" { default = "/" }
variable "permissions_boundary_arn" { default = null }
variable "policies" {
  default  = {}
  nullable = false
}
variable "audience" {
  default  = "sts.amazonaws.com"
  nullable = false
}
variable "subjects" {
  default  = []
  nullable = false
}
variable "subject_condition" {
  default  = "StringLike"
  nullable = false
}
variable "provider_url" {
  default  = "token.actions.githubusercontent.com"
  nullable = false
}
variable "additional_trust_policy_conditions" {
  default  = []
  nullable = false
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  url = replace(var.provider_url, "https://", "")
}

data "aws_iam_policy_document" "this" {
  count = var.create ? 1 : 0

  statement {
    actions = ["sts:TagSession", "sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:oidc-provider/${local.url}"]
    }
    condition {
      test     = "ForAllValues:StringEquals"
      variable = "${local.url}:aud"
      values   = [var.audience]
    }
    condition {
      test     = var.subject_condition
      variable = "${local.url}:sub"
      values   = [for subject in var.subjects : "repo:${trimprefix(subject, "repo:")}"]
    }
    dynamic "condition" {
      for_each = var.additional_trust_policy_conditions
      content {
        test     = condition.value.test
        variable = condition.value.variable
        values   = condition.value.values
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count = var.create ? 1 : 0

  name                 = var.name
  name_prefix          = var.name_prefix
  path                 = var.path
  permissions_boundary = var.permissions_boundary_arn
  assume_role_policy   = data.aws_iam_policy_document.this[0].json
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = { for key, arn in var.policies : key => arn if var.create }

  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

output "arn" { value = try(aws_iam_role.this[0].arn, null) }
output "name" { value = try(aws_iam_role.this[0].name, null) }
