# The policy of terraform-aws-modules/iam/aws//modules/iam-policy, versions 4 to 6.

variable "version" {}

variable "create_policy" {
  default  = true
  nullable = false
}
variable "create" {
  default  = true
  nullable = false
}
variable "name" { default = null }
variable "name_prefix" { default = null }
variable "path" { default = null }
variable "policy" { default = "" }

resource "aws_iam_policy" "policy" {
  count = (var.version >= 6 ? var.create : var.create_policy) ? 1 : 0

  name        = var.name
  name_prefix = var.name_prefix
  path        = var.path
  policy      = var.policy
}

output "arn" { value = try(aws_iam_policy.policy[0].arn, "") }
output "id" { value = try(aws_iam_policy.policy[0].id, "") }
output "name" { value = try(aws_iam_policy.policy[0].name, "") }
output "policy" { value = try(aws_iam_policy.policy[0].policy, "") }
