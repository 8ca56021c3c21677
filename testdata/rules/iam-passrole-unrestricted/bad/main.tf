data "aws_iam_policy_document" "tool" {
  statement {
    actions   = ["iam:PassRole"] # expect: iam-passrole-unrestricted
    resources = ["*"]
  }
}

resource "aws_iam_policy" "tool" {
  name   = "tool"
  policy = data.aws_iam_policy_document.tool.json
}
