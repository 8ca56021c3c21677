resource "aws_iam_policy" "tool" {
  name = "tool"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      NotAction = ["iam:*"] # expect: iam-notaction-allow
      Resource  = "*"
    }]
  })
}
