# A node group of terraform-aws-modules/eks/aws//modules/eks-managed-node-group, versions 18 to 21.

variable "version" {}

variable "create" {
  default  = true
  nullable = false
}
variable "cluster_name" { default = null }
variable "name" {
  default  = ""
  nullable = false
}
variable "use_name_prefix" {
  default  = true
  nullable = false
}
variable "subnet_ids" { default = null }
variable "ami_type" { default = null }
variable "labels" { default = null }
variable "taints" {
  default  = {}
  nullable = false
}
variable "remote_access" { default = null }
variable "create_launch_template" {
  default  = true
  nullable = false
}
variable "use_custom_launch_template" { default = null }
variable "launch_template_id" {
  default  = ""
  nullable = false
}
variable "launch_template_name" {
  default  = ""
  nullable = false
}
variable "metadata_options" { default = null }
variable "network_interfaces" {
  default  = []
  nullable = false
}
variable "create_iam_role" {
  default  = true
  nullable = false
}
variable "iam_role_arn" { default = null }
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
  role_name = coalesce(var.iam_role_name, "${var.name}-eks-node-group")

  # 18 had no switch of its own for its launch template.
  uses_template = var.use_custom_launch_template == null ? (var.version >= 19 ? true : var.create_launch_template || var.launch_template_name != "") : var.use_custom_launch_template
  has_template  = var.create_launch_template && local.uses_template

  # Since 21 each option has a default of its own; before, what is given replaces them all.
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
  count = var.create && var.create_iam_role ? 1 : 0

  name        = var.iam_role_use_name_prefix ? null : local.role_name
  name_prefix = var.iam_role_use_name_prefix ? "${local.role_name}-" : null
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = { for key, arn in local.policies : (var.version >= 20 ? key : arn) => arn if var.create && var.create_iam_role }

  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

# 18 takes a list of them.
resource "aws_iam_role_policy_attachment" "additional" {
  for_each = { for key, arn in var.iam_role_additional_policies : (var.version >= 19 ? key : arn) => arn if var.create && var.create_iam_role }

  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

resource "aws_launch_template" "this" {
  count = var.create && local.has_template ? 1 : 0

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

resource "aws_eks_node_group" "this" {
  count = var.create ? 1 : 0

  cluster_name           = var.cluster_name
  node_group_name        = var.use_name_prefix ? null : var.name
  node_group_name_prefix = var.use_name_prefix ? "${var.name}-" : null
  node_role_arn          = var.create_iam_role ? aws_iam_role.this[0].arn : var.iam_role_arn
  subnet_ids             = var.subnet_ids
  ami_type               = var.ami_type
  labels                 = var.labels

  dynamic "launch_template" {
    for_each = local.uses_template ? [1] : []
    content {
      id = var.create_launch_template ? aws_launch_template.this[0].id : var.launch_template_id
    }
  }

  dynamic "remote_access" {
    for_each = var.remote_access == null ? [] : (try(length(var.remote_access), 1) > 0 ? [var.remote_access] : [])
    content {
      ec2_ssh_key               = try(remote_access.value.ec2_ssh_key, null)
      source_security_group_ids = try(remote_access.value.source_security_group_ids, null)
    }
  }

  dynamic "taint" {
    for_each = var.taints
    content {
      key    = taint.value.key
      value  = try(taint.value.value, null)
      effect = taint.value.effect
    }
  }
}

output "iam_role_arn" { value = try(aws_iam_role.this[0].arn, var.iam_role_arn) }
output "iam_role_name" { value = try(aws_iam_role.this[0].name, null) }
output "launch_template_id" { value = try(aws_launch_template.this[0].id, null) }
output "node_group_arn" { value = try(aws_eks_node_group.this[0].arn, null) }
output "node_group_id" { value = try(aws_eks_node_group.this[0].id, null) }
