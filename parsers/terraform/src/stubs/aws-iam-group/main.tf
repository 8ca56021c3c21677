# The group of terraform-aws-modules/iam/aws: modules/iam-group-with-policies in version 5, modules/iam-group since 6.

variable "version" {}
# What members may do with their own credentials in version 5; it differs between releases.
variable "self_management" {}

variable "create_group" {
  default  = true
  nullable = false
}
variable "create" {
  default  = true
  nullable = false
}
variable "name" { default = "" }
variable "path" { default = null }
variable "group_users" {
  default  = []
  nullable = false
}
variable "users" {
  default  = []
  nullable = false
}
variable "custom_group_policy_arns" {
  default  = []
  nullable = false
}
variable "custom_group_policies" {
  default  = []
  nullable = false
}
variable "attach_iam_self_management_policy" {
  default  = true
  nullable = false
}
variable "create_policy" {
  default  = true
  nullable = false
}
variable "enable_self_management_permissions" {
  default  = true
  nullable = false
}
# Version 6 spells it one way in its first releases and the other since.
variable "enable_mfa_enforcement" {
  default  = true
  nullable = false
}
variable "enable_mfa_enforcment" {
  default  = true
  nullable = false
}
variable "users_account_id" { default = null }
variable "permissions" { default = null }
variable "policies" {
  default  = {}
  nullable = false
}

locals {
  create = var.version >= 6 ? var.create : var.create_group
  users  = var.version >= 6 ? var.users : var.group_users
  group  = local.create ? aws_iam_group.this[0].name : var.name
  # Version 5 attaches to a group that is there already, too.
  attaches = var.version >= 6 ? local.create : true

  makes_policy = var.version >= 6 && local.create && var.create_policy && (var.enable_self_management_permissions || var.permissions != null)
}

resource "aws_iam_group" "this" {
  count = local.create ? 1 : 0

  name = var.name
  path = var.path
}

resource "aws_iam_group_membership" "this" {
  count = local.attaches && length(local.users) > 0 ? 1 : 0

  group = local.group
  name  = var.name
  users = local.users
}

resource "aws_iam_policy" "iam_self_management" {
  count = var.version < 6 && var.attach_iam_self_management_policy ? 1 : 0

  policy = var.self_management
}

resource "aws_iam_group_policy_attachment" "iam_self_management" {
  count = var.version < 6 && var.attach_iam_self_management_policy ? 1 : 0

  group      = local.group
  policy_arn = aws_iam_policy.iam_self_management[0].arn
}

resource "aws_iam_policy" "custom" {
  count = var.version < 6 ? length(var.custom_group_policies) : 0

  name   = var.custom_group_policies[count.index].name
  policy = var.custom_group_policies[count.index].policy
}

resource "aws_iam_group_policy_attachment" "custom" {
  count = var.version < 6 ? length(var.custom_group_policies) : 0

  group      = local.group
  policy_arn = aws_iam_policy.custom[count.index].arn
}

resource "aws_iam_group_policy_attachment" "custom_arns" {
  count = var.version < 6 ? length(var.custom_group_policy_arns) : 0

  group      = local.group
  policy_arn = var.custom_group_policy_arns[count.index]
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account = "arn:${data.aws_partition.current.partition}:iam::${coalesce(var.users_account_id, data.aws_caller_identity.current.account_id)}"
  oneself = ["${local.account}:user/$${aws:username}", "${local.account}:user/*/$${aws:username}"]

  # What members may do with their own credentials: verbs and nouns of IAM, and on what.
  own = {
    ViewAccountInfo              = [["GetAccountSummary", "GetAccountPasswordPolicy", "ListAccountAliases", "ListVirtualMFADevices"], ["*"]]
    ManageOwnPasswords           = [["ChangePassword", "GetLoginProfile", "GetUser", "UpdateLoginProfile"], local.oneself]
    ManageOwnAccessKeys          = [["CreateAccessKey", "DeleteAccessKey", "ListAccessKeys", "UpdateAccessKey", "GetAccessKeyLastUsed", "TagUser", "ListUserTags", "UntagUser"], local.oneself]
    ManageOwnSigningCertificates = [["DeleteSigningCertificate", "ListSigningCertificates", "UpdateSigningCertificate", "UploadSigningCertificate"], local.oneself]
    ManageOwnSSHPublicKeys       = [["DeleteSSHPublicKey", "GetSSHPublicKey", "ListSSHPublicKeys", "UpdateSSHPublicKey", "UploadSSHPublicKey"], local.oneself]
    ManageOwnGitCredentials      = [["CreateServiceSpecificCredential", "DeleteServiceSpecificCredential", "ListServiceSpecificCredentials", "ResetServiceSpecificCredential", "UpdateServiceSpecificCredential"], local.oneself]
    ManageOwnVirtualMFADevice    = [["CreateVirtualMFADevice"], ["${local.account}:mfa/*"]]
    ManageOwnUserMFA             = [["DeactivateMFADevice", "EnableMFADevice", "ListMFADevices", "ResyncMFADevice"], local.oneself]
  }
}

data "aws_iam_policy_document" "this" {
  count = local.makes_policy ? 1 : 0

  dynamic "statement" {
    for_each = var.enable_self_management_permissions ? local.own : {}
    content {
      sid       = statement.key
      actions   = [for name in statement.value[0] : "iam:${name}"]
      resources = statement.value[1]
    }
  }
  dynamic "statement" {
    for_each = var.enable_self_management_permissions && var.enable_mfa_enforcement && var.enable_mfa_enforcment ? [1] : []
    content {
      effect      = "Deny"
      not_actions = concat(["sts:GetSessionToken"], [for name in ["CreateVirtualMFADevice", "EnableMFADevice", "GetUser", "GetMFADevice", "ListMFADevices", "ListVirtualMFADevices", "ResyncMFADevice", "ChangePassword"] : "iam:${name}"])
      resources   = ["*"]
      condition {
        test     = "BoolIfExists"
        variable = "aws:MultiFactorAuthPresent"
        values   = ["false"]
      }
    }
  }
  dynamic "statement" {
    for_each = var.permissions == null ? {} : var.permissions
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

resource "aws_iam_policy" "this" {
  count = local.makes_policy ? 1 : 0

  policy = data.aws_iam_policy_document.this[0].json
}

resource "aws_iam_group_policy_attachment" "this" {
  count = local.makes_policy ? 1 : 0

  group      = local.group
  policy_arn = aws_iam_policy.this[0].arn
}

resource "aws_iam_group_policy_attachment" "additional" {
  for_each = { for key, arn in var.policies : key => arn if local.create && var.version >= 6 }

  group      = local.group
  policy_arn = each.value
}

output "group_arn" { value = try(aws_iam_group.this[0].arn, "") }
output "group_name" { value = try(aws_iam_group.this[0].name, var.name) }
output "arn" { value = try(aws_iam_group.this[0].arn, null) }
output "id" { value = try(aws_iam_group.this[0].id, null) }
output "name" { value = try(aws_iam_group.this[0].name, null) }
output "policy_arn" { value = try(aws_iam_policy.this[0].arn, null) }
