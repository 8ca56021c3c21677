# A profile of terraform-aws-modules/eks/aws//modules/fargate-profile, versions 18 to 21.

variable "version" {}

variable "create" {
  default  = true
  nullable = false
}
variable "cluster_name" { default = null }
variable "name" { default = "" }
variable "selectors" {
  default  = []
  nullable = false
}
variable "create_iam_role" {
  default  = true
  nullable = false
}
variable "iam_role_arn" { default = null }
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
  arns = "arn:${data.aws_partition.current.partition}:iam::aws:policy"
  # 18 began to attach the second one in one of its releases.
  cni   = var.version >= 19 && var.iam_role_attach_cni_policy && var.cluster_ip_family != "ipv6" ? ["AmazonEKS_CNI_Policy"] : []
  names = concat(["AmazonEKSFargatePodExecutionRolePolicy"], local.cni)
  # 18 takes a list of more, and attaches them like its own.
  listed = { for arn in var.iam_role_additional_policies : arn => arn if var.version == 18 }
}

resource "aws_iam_role" "this" {
  count = var.create && var.create_iam_role ? 1 : 0

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "eks-fargate-pods.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = {
    for key, arn in merge({ for name in local.names : (var.version >= 20 ? name : "${local.arns}/${name}") => "${local.arns}/${name}" }, local.listed) :
    key => arn if var.create && var.create_iam_role
  }

  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

resource "aws_iam_role_policy_attachment" "additional" {
  for_each = { for key, arn in var.iam_role_additional_policies : key => arn if var.create && var.create_iam_role && var.version >= 19 }

  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

resource "aws_eks_fargate_profile" "this" {
  count = var.create ? 1 : 0

  cluster_name           = var.cluster_name
  fargate_profile_name   = var.name
  pod_execution_role_arn = var.create_iam_role ? aws_iam_role.this[0].arn : var.iam_role_arn

  dynamic "selector" {
    for_each = var.selectors
    content {
      namespace = selector.value.namespace
      labels    = try(selector.value.labels, null)
    }
  }
}

output "iam_role_arn" { value = try(aws_iam_role.this[0].arn, var.iam_role_arn) }
output "iam_role_name" { value = try(aws_iam_role.this[0].name, null) }
