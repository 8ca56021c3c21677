# The role of terraform-aws-modules/iam/aws//modules/iam-role, version 6.

variable "create" {
  default  = true
  nullable = false
}
variable "name" { default = null }
variable "use_name_prefix" {
  default  = true
  nullable = false
}
variable "path" { default = null }
variable "permissions_boundary" { default = null }
variable "trust_policy_permissions" { default = null }
variable "trust_policy_conditions" {
  default  = []
  nullable = false
}
variable "policies" {
  default  = {}
  nullable = false
}
variable "enable_oidc" {
  default  = false
  nullable = false
}
variable "oidc_account_id" { default = null }
variable "oidc_provider_urls" {
  default  = []
  nullable = false
}
variable "oidc_subjects" {
  default  = []
  nullable = false
}
variable "oidc_wildcard_subjects" {
  default  = []
  nullable = false
}
variable "oidc_audiences" {
  default  = []
  nullable = false
}
variable "enable_github_oidc" {
  default  = false
  nullable = false
}
variable "github_provider" {
  default  = "token.actions.githubusercontent.com"
  nullable = false
}
variable "enable_bitbucket_oidc" {
  default  = false
  nullable = false
}
variable "enable_saml" {
  default  = false
  nullable = false
}
variable "saml_provider_ids" {
  default  = []
  nullable = false
}
variable "saml_endpoints" {
  default  = ["https://signin.aws.amazon.com/saml"]
  nullable = false
}
variable "saml_trust_actions" {
  default  = []
  nullable = false
}
variable "create_inline_policy" {
  default  = false
  nullable = false
}
variable "source_inline_policy_documents" { default = [] }
variable "override_inline_policy_documents" { default = [] }
variable "inline_policy_permissions" { default = null }
variable "create_instance_profile" {
  default  = false
  nullable = false
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  urls    = [for url in var.oidc_provider_urls : replace(url, "https://", "")]
  account = data.aws_caller_identity.current.account_id
  arn     = "arn:${data.aws_partition.current.partition}:iam::"

  # Pipelines name their repositories with or without a prefix; both mean the same.
  repositories = [for subject in var.oidc_subjects : "repo:${trimprefix(subject, "repo:")}"]
  patterns     = [for subject in var.oidc_wildcard_subjects : "repo:${trimprefix(subject, "repo:")}"]
  audiences    = length(var.oidc_audiences) > 0 ? var.oidc_audiences : ["sts.amazonaws.com"]

  # One entry for each provider whose tokens the role accepts: who signs them, and what they must say.
  web = concat(
    [for url in var.enable_oidc ? local.urls : [] : {
      provider = "${local.arn}${coalesce(var.oidc_account_id, local.account)}:oidc-provider/${url}"
      conditions = [for condition in [
        { test = "StringEquals", variable = "${url}:sub", values = var.oidc_subjects },
        { test = "StringLike", variable = "${url}:sub", values = var.oidc_wildcard_subjects },
        { test = "StringEquals", variable = "${url}:aud", values = var.oidc_audiences },
      ] : condition if length(condition.values) > 0]
    }],
    [for url in var.enable_github_oidc ? [var.github_provider] : [] : {
      provider = "${local.arn}${local.account}:oidc-provider/${url}"
      conditions = [for condition in [
        { test = "ForAllValues:StringEquals", variable = "${url}:iss", values = ["https://${url}"] },
        { test = "ForAllValues:StringEquals", variable = "${url}:aud", values = local.audiences },
        { test = "StringEquals", variable = "${url}:sub", values = local.repositories },
        { test = "StringLike", variable = "${url}:sub", values = local.patterns },
      ] : condition if length(condition.values) > 0]
    }],
    [for url in var.enable_bitbucket_oidc ? slice(concat(local.urls, [""]), 0, 1) : [] : {
      provider = "${local.arn}${local.account}:oidc-provider/${url}"
      conditions = [for condition in [
        { test = "ForAllValues:StringEquals", variable = "${url}:aud", values = local.audiences },
        { test = "StringEquals", variable = "${url}:sub", values = var.oidc_subjects },
        { test = "StringLike", variable = "${url}:sub", values = var.oidc_wildcard_subjects },
      ] : condition if length(condition.values) > 0]
    }],
  )
}

data "aws_iam_policy_document" "this" {
  count = var.create ? 1 : 0

  dynamic "statement" {
    for_each = local.web
    content {
      actions = ["sts:TagSession", "sts:AssumeRoleWithWebIdentity"]
      principals {
        type        = "Federated"
        identifiers = [statement.value.provider]
      }
      dynamic "condition" {
        for_each = concat(statement.value.conditions, var.trust_policy_conditions)
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }

  dynamic "statement" {
    for_each = var.enable_saml ? [1] : []
    content {
      actions = distinct(concat(["sts:TagSession", "sts:AssumeRoleWithSAML"], var.saml_trust_actions))
      principals {
        type        = "Federated"
        identifiers = var.saml_provider_ids
      }
      dynamic "condition" {
        for_each = concat([{ test = "StringEquals", variable = "SAML:aud", values = var.saml_endpoints }], var.trust_policy_conditions)
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }

  dynamic "statement" {
    for_each = var.trust_policy_permissions == null ? {} : var.trust_policy_permissions
    content {
      effect      = try(statement.value.effect, "Allow")
      actions     = try(statement.value.actions, null)
      not_actions = try(statement.value.not_actions, null)
      dynamic "principals" {
        for_each = try(coalesce(statement.value.principals), [])
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }
      dynamic "not_principals" {
        for_each = try(coalesce(statement.value.not_principals), [])
        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }
      dynamic "condition" {
        for_each = try(coalesce(statement.value.condition), [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count = var.create ? 1 : 0

  name                 = var.use_name_prefix ? null : var.name
  name_prefix          = var.use_name_prefix ? "${var.name}-" : null
  path                 = var.path
  permissions_boundary = var.permissions_boundary
  assume_role_policy   = data.aws_iam_policy_document.this[0].json
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = { for key, arn in var.policies : key => arn if var.create }

  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

data "aws_iam_policy_document" "inline" {
  count = var.create && var.create_inline_policy ? 1 : 0

  source_policy_documents   = var.source_inline_policy_documents
  override_policy_documents = var.override_inline_policy_documents

  dynamic "statement" {
    for_each = var.inline_policy_permissions == null ? {} : var.inline_policy_permissions
    content {
      effect        = try(statement.value.effect, "Allow")
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)
      dynamic "condition" {
        for_each = try(coalesce(statement.value.condition), [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "inline" {
  count = var.create && var.create_inline_policy ? 1 : 0

  role   = aws_iam_role.this[0].name
  policy = data.aws_iam_policy_document.inline[0].json
}

resource "aws_iam_instance_profile" "this" {
  count = var.create && var.create_instance_profile ? 1 : 0

  name        = var.use_name_prefix ? null : var.name
  name_prefix = var.use_name_prefix ? "${var.name}-" : null
  role        = aws_iam_role.this[0].name
}

output "arn" { value = try(aws_iam_role.this[0].arn, null) }
output "name" { value = try(aws_iam_role.this[0].name, null) }
output "instance_profile_arn" { value = try(aws_iam_instance_profile.this[0].arn, null) }
output "instance_profile_name" { value = try(aws_iam_instance_profile.this[0].name, null) }
