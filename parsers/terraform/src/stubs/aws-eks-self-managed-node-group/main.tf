# A node group of terraform-aws-modules/eks/aws//modules/self-managed-node-group, versions 18 to 21.

variable "version" {}
variable "node_type" {}

variable "create" {
  default  = true
  nullable = false
}
variable "cluster_name" { default = null }
variable "name" {
  default  = ""
  nullable = false
}
variable "create_launch_template" {
  default  = true
  nullable = false
}
variable "launch_template_id" {
  default  = ""
  nullable = false
}
variable "platform" { default = null }
variable "ami_type" { default = null }
variable "iam_role_arn" { default = null }
variable "create_access_entry" {
  default  = true
  nullable = false
}
variable "metadata_options" { default = null }
variable "network_interfaces" {
  default  = []
  nullable = false
}
variable "create_iam_instance_profile" {
  default  = true
  nullable = false
}
variable "iam_instance_profile_arn" { default = null }
variable "iam_role_name" { default = null }
variable "iam_role_use_name_prefix" {
  default  = true
  nullable = false
}
variable "iam_role_attach_cni_policy" {
  default  = true
  nullable = false
}
variable "iam_role_additional_policies" {
  default  = {}
  nullable = false
}
variable "cluster_ip_family" { default = "ipv4" }

data "aws_partition" "current" {}

locals {
  arns      = "arn:${data.aws_partition.current.partition}:iam::aws:policy"
  role_name = coalesce(var.iam_role_name, "${var.name}-node-group")
  has_role  = var.create && var.create_iam_instance_profile
  profile   = var.create_iam_instance_profile ? try(aws_iam_instance_profile.this[0].arn, null) : var.iam_instance_profile_arn

  hops     = var.version >= 21 ? 1 : 2
  options  = var.metadata_options == null ? { http_endpoint = "enabled", http_tokens = "required", http_put_response_hop_limit = local.hops } : var.metadata_options
  endpoint = try(local.options.http_endpoint, var.version >= 21 ? "enabled" : null)
  tokens   = try(local.options.http_tokens, var.version >= 21 ? "required" : null)
  limit    = try(local.options.http_put_response_hop_limit, var.version >= 21 ? 1 : null)

  policies = merge(
    { AmazonEKSWorkerNodePolicy = "${local.arns}/AmazonEKSWorkerNodePolicy" },
    { AmazonEC2ContainerRegistryReadOnly = "${local.arns}/AmazonEC2ContainerRegistryReadOnly" },
    var.iam_role_attach_cni_policy && var.cluster_ip_family != "ipv6" ? { AmazonEKS_CNI_Policy = "${local.arns}/AmazonEKS_CNI_Policy" } : {},
  )
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
  for_each = { for key, arn in local.policies : (var.version >= 20 ? key : arn) => arn if local.has_role }

  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

resource "aws_iam_role_policy_attachment" "additional" {
  for_each = { for key, arn in var.iam_role_additional_policies : (var.version >= 19 ? key : arn) => arn if local.has_role }

  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

resource "aws_iam_instance_profile" "this" {
  count = local.has_role ? 1 : 0

  role = aws_iam_role.this[0].name
}

resource "aws_eks_access_entry" "this" {
  count = var.create && var.create_access_entry && var.version >= 20 ? 1 : 0

  cluster_name  = var.cluster_name
  principal_arn = local.has_role ? aws_iam_role.this[0].arn : var.iam_role_arn
  # How inputs tell of Windows differs between releases.
  type = var.platform == null && var.ami_type == null ? "EC2_LINUX" : var.node_type
}

resource "aws_launch_template" "this" {
  count = var.create && var.create_launch_template ? 1 : 0

  iam_instance_profile {
    arn = local.profile
  }
  metadata_options {
    http_endpoint               = local.endpoint
    http_tokens                 = local.tokens
    http_put_response_hop_limit = local.limit
  }

  dynamic "network_interfaces" {
    for_each = var.network_interfaces
    content {
      associate_public_ip_address = try(network_interfaces.value.associate_public_ip_address, null)
    }
  }
}

resource "aws_autoscaling_group" "this" {
  count = var.create ? 1 : 0

  launch_template {
    id = var.create_launch_template ? aws_launch_template.this[0].id : var.launch_template_id
  }
  tag {
    key                 = "kubernetes.io/cluster/${var.cluster_name}"
    value               = "owned"
    propagate_at_launch = true
  }
}

output "iam_role_arn" { value = try(aws_iam_role.this[0].arn, null) }
output "iam_role_name" { value = try(aws_iam_role.this[0].name, null) }
output "iam_instance_profile_arn" { value = local.profile }
output "autoscaling_group_name" { value = try(aws_autoscaling_group.this[0].name, null) }
