# The role for service accounts of terraform-aws-modules/iam/aws//modules/iam-eks-role, version 5: clusters are named, and
# asked for their issuer.

variable "create_role" {
  default  = true
  nullable = false
}
variable "role_name" { default = null }
variable "role_name_prefix" { default = null }
variable "role_path" { default = "/" }
variable "role_permissions_boundary_arn" { default = null }
variable "role_policy_arns" {
  default  = {}
  nullable = false
}
variable "cluster_service_accounts" {
  default  = {}
  nullable = false
}
variable "assume_role_condition_test" {
  default  = "StringEquals"
  nullable = false
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

data "aws_eks_cluster" "main" {
  for_each = { for name, accounts in var.cluster_service_accounts : name => accounts if var.create_role }

  name = each.key
}

data "aws_iam_policy_document" "assume_role_with_oidc" {
  dynamic "statement" {
    for_each = { for name, accounts in var.cluster_service_accounts : name => accounts if var.create_role }
    content {
      actions = ["sts:AssumeRoleWithWebIdentity"]
      principals {
        type        = "Federated"
        identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:oidc-provider/${replace(data.aws_eks_cluster.main[statement.key].identity[0].oidc[0].issuer, "https://", "")}"]
      }
      condition {
        test     = var.assume_role_condition_test
        variable = "${replace(data.aws_eks_cluster.main[statement.key].identity[0].oidc[0].issuer, "https://", "")}:sub"
        values   = [for account in statement.value : "system:serviceaccount:${account}"]
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count = var.create_role ? 1 : 0

  name                 = var.role_name
  name_prefix          = var.role_name_prefix
  path                 = var.role_path
  permissions_boundary = var.role_permissions_boundary_arn
  assume_role_policy   = data.aws_iam_policy_document.assume_role_with_oidc.json
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = { for key, arn in var.role_policy_arns : key => arn if var.create_role }

  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

output "iam_role_arn" { value = try(aws_iam_role.this[0].arn, "") }
output "iam_role_name" { value = try(aws_iam_role.this[0].name, "") }
