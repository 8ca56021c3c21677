resource "aws_iam_group_policy_attachment" "bots" {
  group      = "bots"
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
