# The function of terraform-aws-modules/lambda/aws, versions 4 to 8. What its role may do is in policies of their own until 6
# and in the role since 8; releases of 7 do one or the other, which allows the same.

variable "version" {}
# What it may write to its log differs between releases.
variable "logs_policy" {}

variable "create" {
  default  = true
  nullable = false
}
variable "create_function" {
  default  = true
  nullable = false
}
variable "create_layer" {
  default  = false
  nullable = false
}
variable "create_role" {
  default  = true
  nullable = false
}
variable "create_lambda_function_url" {
  default  = false
  nullable = false
}
variable "authorization_type" {
  default  = "NONE"
  nullable = false
}
variable "lambda_at_edge" {
  default  = false
  nullable = false
}
variable "lambda_role" { default = "" }
variable "function_name" { default = "" }
variable "handler" { default = "" }
variable "runtime" { default = "" }
variable "image_uri" { default = null }
variable "package_type" {
  default  = "Zip"
  nullable = false
}
variable "kms_key_arn" { default = null }
variable "environment_variables" {
  default  = {}
  nullable = false
}
variable "vpc_subnet_ids" { default = null }
variable "vpc_security_group_ids" { default = null }
variable "role_name" { default = null }
variable "role_path" { default = null }
variable "role_permissions_boundary" { default = null }
variable "trusted_entities" {
  default  = []
  nullable = false
}
variable "assume_role_policy_statements" {
  default  = {}
  nullable = false
}
variable "attach_cloudwatch_logs_policy" {
  default  = true
  nullable = false
}
variable "attach_policy_json" {
  default  = false
  nullable = false
}
variable "policy_json" { default = null }
variable "attach_policy_jsons" {
  default  = false
  nullable = false
}
variable "policy_jsons" { default = [] }
variable "number_of_policy_jsons" {
  default  = 0
  nullable = false
}
variable "attach_policy" {
  default  = false
  nullable = false
}
variable "policy" { default = null }
variable "attach_policies" {
  default  = false
  nullable = false
}
variable "policies" { default = [] }
variable "number_of_policies" {
  default  = 0
  nullable = false
}
variable "attach_policy_statements" {
  default  = false
  nullable = false
}
variable "policy_statements" {
  default  = {}
  nullable = false
}
variable "allowed_triggers" {
  default  = {}
  nullable = false
}
variable "create_current_version_allowed_triggers" {
  default  = true
  nullable = false
}
variable "create_unqualified_alias_allowed_triggers" {
  default  = true
  nullable = false
}

locals {
  has_function = var.create && var.create_function && !var.create_layer
  has_role     = local.has_function && var.create_role
  own_policies = local.has_role && var.version < 7
  in_role      = local.has_role && var.version >= 7
  name         = try(coalesce(var.role_name, var.function_name), null)

  # Services are named, other principals come with their type.
  services   = [for entity in var.trusted_entities : tostring(entity) if can(tostring(entity))]
  principals = [for entity in var.trusted_entities : entity if !can(tostring(entity))]
}

data "aws_iam_policy_document" "assume_role" {
  count = local.has_role ? 1 : 0

  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = distinct(concat(["lambda.amazonaws.com"], var.lambda_at_edge ? ["edgelambda.amazonaws.com"] : [], local.services))
    }
    dynamic "principals" {
      for_each = local.principals
      content {
        type        = principals.value.type
        identifiers = principals.value.identifiers
      }
    }
  }

  dynamic "statement" {
    for_each = var.assume_role_policy_statements
    content {
      effect      = try(statement.value.effect, null)
      actions     = try(statement.value.actions, null)
      not_actions = try(statement.value.not_actions, null)
      dynamic "principals" {
        for_each = try(statement.value.principals, [])
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }
      dynamic "condition" {
        for_each = try(statement.value.condition, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role" "lambda" {
  count = local.has_role ? 1 : 0

  name                 = local.name
  path                 = var.role_path
  permissions_boundary = var.role_permissions_boundary
  assume_role_policy   = data.aws_iam_policy_document.assume_role[0].json
}

data "aws_iam_policy_document" "additional_inline" {
  count = local.has_role && var.attach_policy_statements ? 1 : 0

  dynamic "statement" {
    for_each = var.policy_statements
    content {
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)
      dynamic "condition" {
        for_each = try(statement.value.condition, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_policy" "logs" {
  count = local.own_policies && var.attach_cloudwatch_logs_policy ? 1 : 0

  policy = var.logs_policy
}

resource "aws_iam_role_policy_attachment" "logs" {
  count = local.own_policies && var.attach_cloudwatch_logs_policy ? 1 : 0

  role       = aws_iam_role.lambda[0].name
  policy_arn = aws_iam_policy.logs[0].arn
}

resource "aws_iam_role_policy" "logs" {
  count = local.in_role && var.attach_cloudwatch_logs_policy ? 1 : 0

  role   = aws_iam_role.lambda[0].name
  policy = var.logs_policy
}

resource "aws_iam_policy" "additional_json" {
  count = local.own_policies && var.attach_policy_json ? 1 : 0

  policy = var.policy_json
}

resource "aws_iam_role_policy_attachment" "additional_json" {
  count = local.own_policies && var.attach_policy_json ? 1 : 0

  role       = aws_iam_role.lambda[0].name
  policy_arn = aws_iam_policy.additional_json[0].arn
}

resource "aws_iam_role_policy" "additional_json" {
  count = local.in_role && var.attach_policy_json ? 1 : 0

  role   = aws_iam_role.lambda[0].name
  policy = var.policy_json
}

resource "aws_iam_policy" "additional_jsons" {
  count = local.own_policies && var.attach_policy_jsons ? var.number_of_policy_jsons : 0

  policy = var.policy_jsons[count.index]
}

resource "aws_iam_role_policy_attachment" "additional_jsons" {
  count = local.own_policies && var.attach_policy_jsons ? var.number_of_policy_jsons : 0

  role       = aws_iam_role.lambda[0].name
  policy_arn = aws_iam_policy.additional_jsons[count.index].arn
}

resource "aws_iam_role_policy" "additional_jsons" {
  count = local.in_role && var.attach_policy_jsons ? var.number_of_policy_jsons : 0

  role   = aws_iam_role.lambda[0].name
  policy = var.policy_jsons[count.index]
}

resource "aws_iam_policy" "additional_inline" {
  count = local.own_policies && var.attach_policy_statements ? 1 : 0

  policy = data.aws_iam_policy_document.additional_inline[0].json
}

resource "aws_iam_role_policy_attachment" "additional_inline" {
  count = local.own_policies && var.attach_policy_statements ? 1 : 0

  role       = aws_iam_role.lambda[0].name
  policy_arn = aws_iam_policy.additional_inline[0].arn
}

resource "aws_iam_role_policy" "additional_inline" {
  count = local.in_role && var.attach_policy_statements ? 1 : 0

  role   = aws_iam_role.lambda[0].name
  policy = data.aws_iam_policy_document.additional_inline[0].json
}

resource "aws_iam_role_policy_attachment" "additional_one" {
  count = local.has_role && var.attach_policy ? 1 : 0

  role       = aws_iam_role.lambda[0].name
  policy_arn = var.policy
}

resource "aws_iam_role_policy_attachment" "additional_many" {
  count = local.has_role && var.attach_policies ? var.number_of_policies : 0

  role       = aws_iam_role.lambda[0].name
  policy_arn = var.policies[count.index]
}

resource "aws_lambda_function" "this" {
  count = local.has_function ? 1 : 0

  function_name = var.function_name
  role          = var.create_role ? aws_iam_role.lambda[0].arn : var.lambda_role
  handler       = var.package_type == "Zip" ? var.handler : null
  runtime       = var.package_type == "Zip" ? var.runtime : null
  image_uri     = var.image_uri
  package_type  = var.package_type
  kms_key_arn   = var.kms_key_arn

  dynamic "environment" {
    for_each = length(var.environment_variables) > 0 ? [1] : []
    content {
      variables = var.environment_variables
    }
  }
  dynamic "vpc_config" {
    for_each = var.vpc_subnet_ids != null && var.vpc_security_group_ids != null ? [1] : []
    content {
      security_group_ids = var.vpc_security_group_ids
      subnet_ids         = var.vpc_subnet_ids
    }
  }
}

resource "aws_lambda_function_url" "this" {
  count = local.has_function && var.create_lambda_function_url ? 1 : 0

  function_name      = aws_lambda_function.this[0].function_name
  authorization_type = var.authorization_type
}

resource "aws_lambda_permission" "current_version_triggers" {
  for_each = { for key, trigger in var.allowed_triggers : key => trigger if local.has_function && var.create_current_version_allowed_triggers }

  function_name  = aws_lambda_function.this[0].function_name
  qualifier      = aws_lambda_function.this[0].version
  action         = try(each.value.action, "lambda:InvokeFunction")
  principal      = try(each.value.principal, "${try(each.value.service, "")}.amazonaws.com")
  source_arn     = try(each.value.source_arn, null)
  source_account = try(each.value.source_account, null)
}

resource "aws_lambda_permission" "unqualified_alias_triggers" {
  for_each = { for key, trigger in var.allowed_triggers : key => trigger if local.has_function && var.create_unqualified_alias_allowed_triggers }

  function_name  = aws_lambda_function.this[0].function_name
  action         = try(each.value.action, "lambda:InvokeFunction")
  principal      = try(each.value.principal, "${try(each.value.service, "")}.amazonaws.com")
  source_arn     = try(each.value.source_arn, null)
  source_account = try(each.value.source_account, null)
}

output "lambda_function_arn" { value = try(aws_lambda_function.this[0].arn, "") }
output "lambda_function_invoke_arn" { value = try(aws_lambda_function.this[0].invoke_arn, "") }
output "lambda_function_name" { value = try(aws_lambda_function.this[0].function_name, "") }
output "lambda_function_qualified_arn" { value = try(aws_lambda_function.this[0].qualified_arn, "") }
output "lambda_function_url" { value = try(aws_lambda_function_url.this[0].function_url, "") }
output "lambda_role_arn" { value = try(aws_iam_role.lambda[0].arn, "") }
output "lambda_role_name" { value = try(aws_iam_role.lambda[0].name, "") }
