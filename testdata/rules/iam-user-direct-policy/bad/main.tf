resource "aws_iam_user_policy_attachment" "bot" {
  user       = "bot" # expect: iam-user-direct-policy
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
