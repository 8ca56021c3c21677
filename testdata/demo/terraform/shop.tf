locals {
  issuer = replace(aws_eks_cluster.main.identity[0].oidc[0].issuer, "https://", "")
}

# The shop reads its pictures from S3, and somebody was in a hurry.
resource "aws_iam_role" "shop" {
  name = "shop"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = aws_iam_openid_connect_provider.cluster.arn }
      Condition = {
        StringEquals = {
          "${local.issuer}:sub" = "system:serviceaccount:shop:shop"
          "${local.issuer}:aud" = "sts.amazonaws.com"
        }
      }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "shop" {
  role       = aws_iam_role.shop.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "helm_release" "shop" {
  name      = "shop"
  namespace = "shop"
  chart     = "${path.module}/../chart"
  values    = [file("${path.module}/../chart/values-prod.yaml")]

  set = [{
    name  = "serviceAccount.roleArn"
    value = aws_iam_role.shop.arn
  }]
}
