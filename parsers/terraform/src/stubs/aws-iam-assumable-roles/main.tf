# The three roles of terraform-aws-modules/iam/aws//modules/iam-assumable-roles, version 5. What a session may be tagged with
# differs between releases.

variable "trusted_role_arns" {
  default  = []
  nullable = false
}
variable "trusted_role_services" {
  default  = []
  nullable = false
}
variable "trusted_role_actions" {
  default  = []
  nullable = false
}
variable "mfa_age" {
  default  = 86400
  nullable = false
}
variable "trust_policy_conditions" {
  default  = []
  nullable = false
}
variable "create_admin_role" {
  default  = false
  nullable = false
}
variable "admin_role_name" {
  default  = "admin"
  nullable = false
}
variable "admin_role_path" { default = "/" }
variable "admin_role_permissions_boundary_arn" { default = null }
variable "admin_role_requires_mfa" {
  default  = true
  nullable = false
}
variable "admin_role_policy_arns" {
  default  = ["arn:aws:iam::aws:policy/AdministratorAccess"]
  nullable = false
}
variable "create_poweruser_role" {
  default  = false
  nullable = false
}
variable "poweruser_role_name" {
  default  = "poweruser"
  nullable = false
}
variable "poweruser_role_path" { default = "/" }
variable "poweruser_role_permissions_boundary_arn" { default = null }
variable "poweruser_role_requires_mfa" {
  default  = true
  nullable = false
}
variable "poweruser_role_policy_arns" {
  default  = ["arn:aws:iam::aws:policy/PowerUserAccess"]
  nullable = false
}
variable "create_readonly_role" {
  default  = false
  nullable = false
}
variable "readonly_role_name" {
  default  = "readonly"
  nullable = false
}
variable "readonly_role_path" { default = "/" }
variable "readonly_role_permissions_boundary_arn" { default = null }
variable "readonly_role_requires_mfa" {
  default  = true
  nullable = false
}
variable "readonly_role_policy_arns" {
  default  = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
  nullable = false
}

data "aws_iam_policy_document" "assume_role" {
  statement {
    actions = distinct(concat(["sts:AssumeRole"], var.trusted_role_actions))
    dynamic "principals" {
      for_each = length(var.trusted_role_arns) > 0 ? [1] : []
      content {
        type        = "AWS"
        identifiers = var.trusted_role_arns
      }
    }
    dynamic "principals" {
      for_each = length(var.trusted_role_services) > 0 ? [1] : []
      content {
        type        = "Service"
        identifiers = var.trusted_role_services
      }
    }
    dynamic "condition" {
      for_each = var.trust_policy_conditions
      content {
        test     = condition.value.test
        variable = condition.value.variable
        values   = condition.value.values
      }
    }
  }
}

data "aws_iam_policy_document" "assume_role_with_mfa" {
  statement {
    actions = distinct(concat(["sts:AssumeRole"], var.trusted_role_actions))
    dynamic "principals" {
      for_each = length(var.trusted_role_arns) > 0 ? [1] : []
      content {
        type        = "AWS"
        identifiers = var.trusted_role_arns
      }
    }
    dynamic "principals" {
      for_each = length(var.trusted_role_services) > 0 ? [1] : []
      content {
        type        = "Service"
        identifiers = var.trusted_role_services
      }
    }
    condition {
      test     = "Bool"
      variable = "aws:MultiFactorAuthPresent"
      values   = ["true"]
    }
    condition {
      test     = "NumericLessThan"
      variable = "aws:MultiFactorAuthAge"
      values   = [var.mfa_age]
    }
    dynamic "condition" {
      for_each = var.trust_policy_conditions
      content {
        test     = condition.value.test
        variable = condition.value.variable
        values   = condition.value.values
      }
    }
  }
}

resource "aws_iam_role" "admin" {
  count = var.create_admin_role ? 1 : 0

  name                 = var.admin_role_name
  path                 = var.admin_role_path
  permissions_boundary = var.admin_role_permissions_boundary_arn
  assume_role_policy   = var.admin_role_requires_mfa ? data.aws_iam_policy_document.assume_role_with_mfa.json : data.aws_iam_policy_document.assume_role.json
}

resource "aws_iam_role_policy_attachment" "admin" {
  count = var.create_admin_role ? length(var.admin_role_policy_arns) : 0

  role       = aws_iam_role.admin[0].name
  policy_arn = var.admin_role_policy_arns[count.index]
}

resource "aws_iam_role" "poweruser" {
  count = var.create_poweruser_role ? 1 : 0

  name                 = var.poweruser_role_name
  path                 = var.poweruser_role_path
  permissions_boundary = var.poweruser_role_permissions_boundary_arn
  assume_role_policy   = var.poweruser_role_requires_mfa ? data.aws_iam_policy_document.assume_role_with_mfa.json : data.aws_iam_policy_document.assume_role.json
}

resource "aws_iam_role_policy_attachment" "poweruser" {
  count = var.create_poweruser_role ? length(var.poweruser_role_policy_arns) : 0

  role       = aws_iam_role.poweruser[0].name
  policy_arn = var.poweruser_role_policy_arns[count.index]
}

resource "aws_iam_role" "readonly" {
  count = var.create_readonly_role ? 1 : 0

  name                 = var.readonly_role_name
  path                 = var.readonly_role_path
  permissions_boundary = var.readonly_role_permissions_boundary_arn
  assume_role_policy   = var.readonly_role_requires_mfa ? data.aws_iam_policy_document.assume_role_with_mfa.json : data.aws_iam_policy_document.assume_role.json
}

resource "aws_iam_role_policy_attachment" "readonly" {
  count = var.create_readonly_role ? length(var.readonly_role_policy_arns) : 0

  role       = aws_iam_role.readonly[0].name
  policy_arn = var.readonly_role_policy_arns[count.index]
}

output "admin_iam_role_arn" { value = try(aws_iam_role.admin[0].arn, "") }
output "admin_iam_role_name" { value = try(aws_iam_role.admin[0].name, "") }
output "poweruser_iam_role_arn" { value = try(aws_iam_role.poweruser[0].arn, "") }
output "poweruser_iam_role_name" { value = try(aws_iam_role.poweruser[0].name, "") }
output "readonly_iam_role_arn" { value = try(aws_iam_role.readonly[0].arn, "") }
output "readonly_iam_role_name" { value = try(aws_iam_role.readonly[0].name, "") }
