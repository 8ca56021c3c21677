resource "aws_eks_cluster" "prod" {
  name     = "prod"
  role_arn = "arn:aws:iam::123456789012:role/prod"

  vpc_config { # expect: eks-endpoint-open-cidr
    subnet_ids = ["subnet-1"]

  }
}
