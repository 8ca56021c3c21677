resource "aws_eks_cluster" "prod" {
  name     = "prod"
  role_arn = "arn:aws:iam::123456789012:role/prod"

  vpc_config {
    subnet_ids              = ["subnet-1"]
    endpoint_private_access = false # expect: eks-endpoint-private-disabled
    public_access_cidrs     = ["192.0.2.0/24"]
  }
}
