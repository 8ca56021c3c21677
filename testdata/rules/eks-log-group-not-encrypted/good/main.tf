resource "aws_cloudwatch_log_group" "prod" {
  name       = "/aws/eks/prod/cluster"
  kms_key_id = "arn:aws:kms:eu-west-1:123456789012:key/1"
}
