# The roles of terraform-aws-modules/eks/aws//modules/karpenter, versions 20 and 21. What the controller may do
# differs between releases.

variable "version" {}
variable "not_known" {}

variable "create" {
  default  = true
  nullable = false
}
variable "cluster_name" { default = null }
variable "create_iam_role" {
  default  = true
  nullable = false
}
variable "iam_role_name" {
  default  = "KarpenterController"
  nullable = false
}
variable "iam_role_use_name_prefix" {
  default  = true
  nullable = false
}
variable "iam_role_policies" {
  default  = {}
  nullable = false
}
variable "create_pod_identity_association" { default = null }
variable "namespace" {
  default  = "kube-system"
  nullable = false
}
variable "service_account" {
  default  = "karpenter"
  nullable = false
}
variable "create_access_entry" {
  default  = true
  nullable = false
}
variable "access_entry_type" {
  default  = "EC2_LINUX"
  nullable = false
}
variable "create_node_iam_role" {
  default  = true
  nullable = false
}
variable "node_iam_role_arn" { default = null }
variable "node_iam_role_name" { default = null }
variable "node_iam_role_use_name_prefix" {
  default  = true
  nullable = false
}
variable "node_iam_role_attach_cni_policy" {
  default  = true
  nullable = false
}
variable "node_iam_role_additional_policies" {
  default  = {}
  nullable = false
}
variable "create_instance_profile" {
  default  = false
  nullable = false
}

data "aws_partition" "current" {}

locals {
  arns       = "arn:${data.aws_partition.current.partition}:iam::aws:policy"
  node_name  = coalesce(var.node_iam_role_name, "Karpenter-${var.cluster_name}")
  associates = var.create_pod_identity_association == null ? var.version >= 21 : var.create_pod_identity_association
  policies = merge(
    { AmazonEKSWorkerNodePolicy = "${local.arns}/AmazonEKSWorkerNodePolicy" },
    var.node_iam_role_attach_cni_policy ? { AmazonEKS_CNI_Policy = "${local.arns}/AmazonEKS_CNI_Policy" } : {},
  )
}

resource "aws_iam_role" "controller" {
  count = var.create && var.create_iam_role ? 1 : 0

  name               = var.iam_role_use_name_prefix ? null : var.iam_role_name
  name_prefix        = var.iam_role_use_name_prefix ? "${var.iam_role_name}-" : null
  assume_role_policy = var.version >= 21 ? jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sts:AssumeRole", "sts:TagSession"], Principal = { Service = "pods.eks.amazonaws.com" } }] }) : var.not_known
}

resource "aws_iam_role_policy_attachment" "controller_additional" {
  for_each = { for key, arn in var.iam_role_policies : key => arn if var.create && var.create_iam_role }

  role       = aws_iam_role.controller[0].name
  policy_arn = each.value
}

resource "aws_eks_pod_identity_association" "karpenter" {
  count = var.create && var.create_iam_role && local.associates ? 1 : 0

  cluster_name    = var.cluster_name
  namespace       = var.namespace
  service_account = var.service_account
  role_arn        = aws_iam_role.controller[0].arn
}

resource "aws_iam_role" "node" {
  count = var.create && var.create_node_iam_role ? 1 : 0

  name        = var.node_iam_role_use_name_prefix ? null : local.node_name
  name_prefix = var.node_iam_role_use_name_prefix ? "${local.node_name}-" : null
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "node" {
  for_each = { for key, arn in local.policies : key => arn if var.create && var.create_node_iam_role }

  role       = aws_iam_role.node[0].name
  policy_arn = each.value
}

resource "aws_iam_role_policy_attachment" "node_additional" {
  for_each = { for key, arn in var.node_iam_role_additional_policies : key => arn if var.create && var.create_node_iam_role }

  role       = aws_iam_role.node[0].name
  policy_arn = each.value
}

resource "aws_iam_instance_profile" "this" {
  count = var.create && var.create_instance_profile && var.create_node_iam_role ? 1 : 0

  role = aws_iam_role.node[0].name
}

output "iam_role_arn" { value = try(aws_iam_role.controller[0].arn, null) }
output "iam_role_name" { value = try(aws_iam_role.controller[0].name, null) }
resource "aws_eks_access_entry" "node" {
  count = var.create && var.create_access_entry ? 1 : 0

  cluster_name  = var.cluster_name
  principal_arn = var.create_node_iam_role ? aws_iam_role.node[0].arn : var.node_iam_role_arn
  type          = var.access_entry_type
}

output "node_iam_role_arn" { value = try(aws_iam_role.node[0].arn, var.node_iam_role_arn) }
output "node_iam_role_name" { value = try(aws_iam_role.node[0].name, null) }
output "namespace" { value = var.namespace }
output "service_account" { value = var.service_account }
