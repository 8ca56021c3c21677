# The instance of terraform-aws-modules/ec2-instance/aws, versions 4 to 6.

variable "version" {}
variable "not_known" {}

variable "create" {
  default  = true
  nullable = false
}
variable "create_spot_instance" {
  default  = false
  nullable = false
}
variable "ignore_ami_changes" {
  default  = false
  nullable = false
}
variable "name" { default = "" }
variable "associate_public_ip_address" { default = null }
variable "metadata_options" { default = null }
variable "iam_instance_profile" { default = null }
variable "create_iam_instance_profile" {
  default  = false
  nullable = false
}
variable "iam_role_name" { default = null }
variable "iam_role_use_name_prefix" {
  default  = true
  nullable = false
}
variable "iam_role_policies" {
  default  = {}
  nullable = false
}
variable "subnet_id" { default = null }
variable "user_data" { default = null }
variable "vpc_security_group_ids" { default = null }

locals {
  role_name = try(coalesce(var.iam_role_name, var.name), "")
  has_role  = var.create && var.create_iam_instance_profile
  # Version 4 leaves it to the provider; 5 changed its mind in one of its releases.
  tokens  = var.version >= 6 ? "required" : var.not_known
  usual   = { http_endpoint = "enabled", http_put_response_hop_limit = 1, http_tokens = local.tokens }
  options = var.metadata_options == null ? (var.version >= 5 ? [local.usual] : []) : (try(length(var.metadata_options), 1) > 0 ? [var.metadata_options] : [])
}

resource "aws_iam_role" "this" {
  count = local.has_role ? 1 : 0

  name        = var.iam_role_use_name_prefix ? null : local.role_name
  name_prefix = var.iam_role_use_name_prefix ? "${local.role_name}-" : null
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = { for key, arn in var.iam_role_policies : key => arn if local.has_role }

  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

resource "aws_iam_instance_profile" "this" {
  count = local.has_role ? 1 : 0

  role = aws_iam_role.this[0].name
}

resource "aws_instance" "this" {
  count = var.create && !var.create_spot_instance && !var.ignore_ami_changes ? 1 : 0

  associate_public_ip_address = var.associate_public_ip_address
  iam_instance_profile        = var.create_iam_instance_profile ? aws_iam_instance_profile.this[0].name : var.iam_instance_profile
  subnet_id                   = var.subnet_id
  user_data                   = var.user_data
  vpc_security_group_ids      = var.vpc_security_group_ids

  dynamic "metadata_options" {
    for_each = local.options
    content {
      http_endpoint               = try(metadata_options.value.http_endpoint, "enabled")
      http_tokens                 = try(metadata_options.value.http_tokens, var.version == 4 ? "optional" : local.tokens)
      http_put_response_hop_limit = try(metadata_options.value.http_put_response_hop_limit, 1)
    }
  }
}

output "iam_role_arn" { value = try(aws_iam_role.this[0].arn, null) }
output "iam_role_name" { value = try(aws_iam_role.this[0].name, null) }
output "iam_instance_profile_arn" { value = try(aws_iam_instance_profile.this[0].arn, null) }
