data "aws_iam_policy_document" "tool" {
  statement {
    actions   = ["iam:ListUsers"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "tool" {
  name   = "tool"
  policy = data.aws_iam_policy_document.tool.json
}
