resource "aws_ecr_repository_policy" "web" {
  repository = "web"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["ecr:BatchGetImage"]
      Principal = "*" # expect: ecr-public-policy
      Condition = {
        "ForAllValues:StringEquals" = { "aws:username" = "puller" }
      }
    }]
  })
}
