variable "logs" { # expect?: eks-logging-audit-disabled
  type = list(string)
}

resource "aws_eks_cluster" "prod" {
  name                      = "prod"
  enabled_cluster_log_types = var.logs
}
