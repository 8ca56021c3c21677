# The user of terraform-aws-modules/iam/aws//modules/iam-user, versions 5 and 6. Version 6 dropped the prefix of most
# inputs and outputs.

variable "version" {}

variable "create_user" {
  default  = true
  nullable = false
}
variable "create" {
  default  = true
  nullable = false
}
variable "name" { default = "" }
variable "path" { default = null }
variable "permissions_boundary" { default = null }
variable "create_iam_user_login_profile" {
  default  = true
  nullable = false
}
variable "create_login_profile" {
  default  = true
  nullable = false
}
variable "create_iam_access_key" {
  default  = true
  nullable = false
}
variable "create_access_key" {
  default  = true
  nullable = false
}
variable "pgp_key" { default = null }
variable "policy_arns" {
  default  = []
  nullable = false
}
variable "policies" {
  default  = {}
  nullable = false
}
variable "create_inline_policy" {
  default  = false
  nullable = false
}
variable "source_inline_policy_documents" { default = [] }
variable "override_inline_policy_documents" { default = [] }
variable "inline_policy_permissions" { default = null }

locals {
  create  = var.version >= 6 ? var.create : var.create_user
  has_key = local.create && (var.version >= 6 ? var.create_access_key : var.create_iam_access_key)
  is_open = var.version < 6 && (var.pgp_key == null ? true : var.pgp_key == "")
}

resource "aws_iam_user" "this" {
  count = local.create ? 1 : 0

  name                 = var.name
  path                 = var.path
  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_user_login_profile" "this" {
  count = local.create && (var.version >= 6 ? var.create_login_profile : var.create_iam_user_login_profile) ? 1 : 0

  user    = aws_iam_user.this[0].name
  pgp_key = var.pgp_key
}

resource "aws_iam_access_key" "this" {
  count = local.has_key && !local.is_open ? 1 : 0

  user    = aws_iam_user.this[0].name
  pgp_key = var.pgp_key
}

resource "aws_iam_access_key" "this_no_pgp" {
  count = local.has_key && local.is_open ? 1 : 0

  user = aws_iam_user.this[0].name
}

resource "aws_iam_user_policy_attachment" "this" {
  for_each = { for key, arn in var.policy_arns : key => arn if local.create && var.version < 6 }

  user       = aws_iam_user.this[0].name
  policy_arn = each.value
}

# The first releases of version 6 mean this and fail on apply.
resource "aws_iam_user_policy_attachment" "additional" {
  for_each = { for key, arn in var.policies : key => arn if local.create && var.version >= 6 }

  user       = aws_iam_user.this[0].name
  policy_arn = each.value
}

data "aws_iam_policy_document" "inline" {
  count = local.create && var.create_inline_policy && var.version >= 6 ? 1 : 0

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

resource "aws_iam_user_policy" "inline" {
  count = local.create && var.create_inline_policy && var.version >= 6 ? 1 : 0

  user   = aws_iam_user.this[0].name
  name   = var.name
  policy = data.aws_iam_policy_document.inline[0].json
}

output "iam_user_arn" { value = try(aws_iam_user.this[0].arn, "") }
output "iam_user_name" { value = try(aws_iam_user.this[0].name, "") }
output "iam_access_key_id" { value = try(aws_iam_access_key.this[0].id, aws_iam_access_key.this_no_pgp[0].id, "") }
output "iam_access_key_secret" {
  value     = try(aws_iam_access_key.this_no_pgp[0].secret, "")
  sensitive = true
}
output "arn" { value = try(aws_iam_user.this[0].arn, null) }
output "name" { value = try(aws_iam_user.this[0].name, null) }
output "access_key_id" { value = try(aws_iam_access_key.this[0].id, null) }
output "access_key_secret" {
  value     = try(aws_iam_access_key.this[0].secret, null)
  sensitive = true
}
