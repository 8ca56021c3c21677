resource "aws_iam_role" "web" {
  name = "web"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["sts:AssumeRole"] # expect: pod-identity-trust-missing-tag-session
      Principal = { Service = "pods.eks.amazonaws.com" }
    }]
  })
}
