data "aws_iam_policy_document" "tool" {
  statement {
    actions   = ["iam:CreateAccessKey"] # expect: iam-policy-privilege-escalation
    resources = ["*"]
  }
}

resource "aws_iam_policy" "tool" {
  name   = "tool"
  policy = data.aws_iam_policy_document.tool.json
}
