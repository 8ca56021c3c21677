variable "office" { # expect?: eks-endpoint-open-cidr
  type = list(string)
}

resource "aws_eks_cluster" "prod" {
  name     = "prod"
  role_arn = "arn:aws:iam::123456789012:role/prod"

  vpc_config {
    subnet_ids          = ["subnet-1"]
    public_access_cidrs = var.office
  }
}
