data "aws_iam_policy_document" "tool" {
  statement {
    actions   = ["sns:AddPermission"] # expect: iam-policy-resource-exposure
    resources = ["*"]
  }
}

resource "aws_iam_policy" "tool" {
  name   = "tool"
  policy = data.aws_iam_policy_document.tool.json
}
