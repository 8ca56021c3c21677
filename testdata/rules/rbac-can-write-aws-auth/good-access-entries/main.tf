# The cluster knows access entries only, so the ConfigMap says nothing.
resource "aws_eks_cluster" "prod" {
  name     = "prod"
  role_arn = "arn:aws:iam::123456789012:role/prod"

  access_config {
    authentication_mode = "API"
  }

  vpc_config {
    subnet_ids = ["subnet-1"]
  }
}
