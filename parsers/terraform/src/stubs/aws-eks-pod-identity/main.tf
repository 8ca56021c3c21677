# The role of terraform-aws-modules/eks-pod-identity/aws, versions 1 and 2.

variable "create" {
  default  = true
  nullable = false
}
variable "name" {
  default  = ""
  nullable = false
}
variable "use_name_prefix" {
  default  = true
  nullable = false
}
variable "path" { default = "/" }
variable "trust_policy_conditions" {
  default  = []
  nullable = false
}
variable "trust_policy_statements" { default = null }
variable "additional_policy_arns" {
  default  = {}
  nullable = false
}
variable "association_defaults" {
  default  = {}
  nullable = false
}
variable "associations" {
  default  = {}
  nullable = false
}
variable "attach_custom_policy" {
  default  = false
  nullable = false
}
variable "source_policy_documents" {
  default  = []
  nullable = false
}
variable "override_policy_documents" {
  default  = []
  nullable = false
}
variable "policy_statements" { default = null }

data "aws_iam_policy_document" "assume" {
  count = var.create ? 1 : 0

  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]
    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
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

  dynamic "statement" {
    for_each = var.trust_policy_statements == null ? [] : var.trust_policy_statements
    content {
      effect  = try(statement.value.effect, null)
      actions = try(statement.value.actions, null)
      dynamic "principals" {
        for_each = try(statement.value.principals, [])
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }
      dynamic "condition" {
        for_each = try(statement.value.conditions, statement.value.condition, [])
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

  name               = var.use_name_prefix ? null : var.name
  name_prefix        = var.use_name_prefix ? "${var.name}-" : null
  path               = var.path
  assume_role_policy = data.aws_iam_policy_document.assume[0].json
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = { for key, arn in var.additional_policy_arns : key => arn if var.create }

  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

data "aws_iam_policy_document" "base" {
  count = var.create && var.attach_custom_policy ? 1 : 0

  source_policy_documents   = var.source_policy_documents
  override_policy_documents = var.override_policy_documents

  dynamic "statement" {
    for_each = var.policy_statements == null ? [] : var.policy_statements
    content {
      sid           = try(statement.value.sid, null)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)
      dynamic "condition" {
        for_each = try(statement.value.conditions, statement.value.condition, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_policy" "custom" {
  count = var.create && var.attach_custom_policy ? 1 : 0

  policy = data.aws_iam_policy_document.base[0].json
}

resource "aws_iam_role_policy_attachment" "custom" {
  count = var.create && var.attach_custom_policy ? 1 : 0

  role       = aws_iam_role.this[0].name
  policy_arn = aws_iam_policy.custom[0].arn
}

resource "aws_eks_pod_identity_association" "this" {
  for_each = { for key, association in var.associations : key => association if var.create }

  cluster_name    = try(coalesce(try(each.value.cluster_name, null), try(var.association_defaults.cluster_name, null)), null)
  namespace       = try(coalesce(try(each.value.namespace, null), try(var.association_defaults.namespace, null)), null)
  service_account = try(coalesce(try(each.value.service_account, null), try(var.association_defaults.service_account, null)), null)
  role_arn        = aws_iam_role.this[0].arn
}

output "iam_role_arn" { value = try(aws_iam_role.this[0].arn, null) }
output "iam_role_name" { value = try(aws_iam_role.this[0].name, null) }
