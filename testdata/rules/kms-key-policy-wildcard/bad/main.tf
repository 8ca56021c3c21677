resource "aws_kms_key" "secrets" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "kms:*"
      Resource  = "*"
      Principal = { AWS = "*" } # expect: kms-key-policy-wildcard
    }]
  })
}
