# Zero is for ever.
resource "aws_cloudwatch_log_group" "prod" {
  name              = "/aws/eks/prod/cluster"
  retention_in_days = 0
}
