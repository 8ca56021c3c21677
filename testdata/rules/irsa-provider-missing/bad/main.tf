resource "aws_eks_cluster" "prod" { # expect: irsa-provider-missing
  name = "prod"
}
