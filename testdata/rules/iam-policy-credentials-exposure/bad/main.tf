data "aws_iam_policy_document" "tool" {
  statement {
    actions   = ["ec2:GetPasswordData"] # expect: iam-policy-credentials-exposure
    resources = ["*"]
  }
}

resource "aws_iam_policy" "tool" {
  name   = "tool"
  policy = data.aws_iam_policy_document.tool.json
}
