resource "aws_cloudwatch_log_group" "prod" { # expect: eks-log-group-not-encrypted
  name         = "/aws/eks/prod/cluster"
  skip_destroy = true
}
