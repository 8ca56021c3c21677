resource "aws_iam_policy_attachment" "deploy" {
  name       = "deploy"
  policy_arn = "arn:aws:iam::111122223333:policy/deploy"
  users      = ["deploy"] # expect: iam-user-direct-policy
}
