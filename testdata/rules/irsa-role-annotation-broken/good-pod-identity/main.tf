# The association goes before the annotation of the add-on.
data "aws_iam_policy_document" "csi" {
  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "csi" {
  name               = "csi"
  assume_role_policy = data.aws_iam_policy_document.csi.json
}

resource "aws_eks_pod_identity_association" "csi" {
  cluster_name    = "prod"
  namespace       = "kube-system"
  service_account = "ebs-csi-controller-sa"
  role_arn        = aws_iam_role.csi.arn
}

resource "aws_eks_addon" "csi" {
  cluster_name             = "prod"
  addon_name               = "aws-ebs-csi-driver"
  service_account_role_arn = aws_iam_role.csi.arn
}
