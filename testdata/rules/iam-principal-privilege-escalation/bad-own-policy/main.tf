resource "aws_iam_policy" "team" {
  name = "team-deploy"
  policy = jsonencode({
    Statement = [{
      Effect   = "Allow"
      Action   = "iam:CreatePolicyVersion" # expect: iam-principal-privilege-escalation
      Resource = "arn:aws:iam::*:policy/team-*"
    }]
  })
}

resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_user_policy_attachment" "ci" {
  user       = aws_iam_user.ci.name
  policy_arn = aws_iam_policy.team.arn
}
