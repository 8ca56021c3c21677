# The identity provider of terraform-aws-modules/iam/aws: modules/iam-github-oidc-provider in version 5,
# modules/iam-oidc-provider since 6.

variable "create" {
  default  = true
  nullable = false
}
variable "client_id_list" {
  default  = []
  nullable = false
}
variable "url" {
  default  = "https://token.actions.githubusercontent.com"
  nullable = false
}

data "aws_partition" "current" {}

resource "aws_iam_openid_connect_provider" "this" {
  count = var.create ? 1 : 0

  url            = var.url
  client_id_list = length(var.client_id_list) > 0 ? var.client_id_list : ["sts.${data.aws_partition.current.dns_suffix}"]
}

output "arn" { value = try(aws_iam_openid_connect_provider.this[0].arn, null) }
output "url" { value = try(aws_iam_openid_connect_provider.this[0].url, null) }
