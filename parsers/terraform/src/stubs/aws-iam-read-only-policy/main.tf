# The policy of terraform-aws-modules/iam/aws//modules/iam-read-only-policy, versions 5 and 6.

variable "version" {}

variable "create" {
  default  = true
  nullable = false
}
variable "create_policy" {
  default  = true
  nullable = false
}
variable "name" { default = null }
variable "name_prefix" { default = null }
variable "use_name_prefix" {
  default  = true
  nullable = false
}
variable "path" { default = null }
variable "allowed_services" {
  default  = []
  nullable = false
}
variable "additional_policy_json" {
  default  = "{}"
  nullable = false
}
variable "source_inline_policy_documents" {
  default  = []
  nullable = false
}
variable "override_inline_policy_documents" {
  default  = []
  nullable = false
}
variable "allow_cloudwatch_logs_query" {
  default  = true
  nullable = false
}
variable "allow_predefined_sts_actions" {
  default  = true
  nullable = false
}
variable "allow_web_console_services" {
  default  = true
  nullable = false
}
variable "web_console_services" {
  default  = ["resource-groups", "tag", "health", "ce"]
  nullable = false
}

locals {
  prefix   = var.version >= 6 && var.use_name_prefix ? "${var.name}-" : var.name_prefix
  services = distinct(concat(var.allowed_services, var.allow_web_console_services ? var.web_console_services : []))
  given    = var.version >= 6 ? var.source_inline_policy_documents : [for text in [var.additional_policy_json] : text if text != "{}"]
}

data "aws_iam_policy_document" "this" {
  source_policy_documents   = local.given
  override_policy_documents = var.version >= 6 ? var.override_inline_policy_documents : []

  # Releases of version 5 differ in whether batches can be read.
  dynamic "statement" {
    for_each = local.services
    content {
      sid       = replace(statement.value, "-", "")
      actions   = [for verb in concat(["List", "Get", "Describe", "View"], var.version >= 6 ? ["BatchGet"] : []) : "${statement.value}:${verb}*"]
      resources = ["*"]
    }
  }
  dynamic "statement" {
    for_each = var.allow_predefined_sts_actions ? [1] : []
    content {
      sid       = "STS"
      actions   = ["sts:GetAccessKeyInfo", "sts:GetCallerIdentity", "sts:GetSessionToken"]
      resources = ["*"]
    }
  }
  dynamic "statement" {
    for_each = var.allow_cloudwatch_logs_query ? [1] : []
    content {
      sid       = "AllowLogsQuery"
      actions   = ["logs:StartQuery", "logs:StopQuery", "logs:FilterLogEvents"]
      resources = ["*"]
    }
  }
}

resource "aws_iam_policy" "policy" {
  count = (var.version >= 6 ? var.create : true) && var.create_policy ? 1 : 0

  name        = var.version >= 6 && var.use_name_prefix ? null : var.name
  name_prefix = local.prefix
  path        = var.path
  policy      = data.aws_iam_policy_document.this.json
}

output "arn" { value = try(aws_iam_policy.policy[0].arn, "") }
output "id" { value = try(aws_iam_policy.policy[0].id, "") }
output "name" { value = try(aws_iam_policy.policy[0].name, "") }
output "policy" { value = try(aws_iam_policy.policy[0].policy, "") }
output "policy_json" { value = data.aws_iam_policy_document.this.json }
