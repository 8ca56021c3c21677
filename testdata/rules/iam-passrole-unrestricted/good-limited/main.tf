data "aws_iam_policy_document" "tool" {
  statement {
    actions   = ["iam:PassRole"]
    resources = ["arn:aws:iam::123456789012:role/batch-job"]
  }
}

resource "aws_iam_policy" "tool" {
  name   = "tool"
  policy = data.aws_iam_policy_document.tool.json
}
