resource "aws_iam_role" "viewer" {
  name = "viewer"
}

resource "kubernetes_config_map_v1_data" "aws_auth" {
  metadata {
    name      = "aws-auth"
    namespace = "kube-system"
  }

  data = {
    mapRoles = yamlencode([
      {
        rolearn  = aws_iam_role.viewer.arn
        username = "viewer"
        groups   = ["system:masters"] # expect: aws-auth-system-masters
      },
    ])
  }
}
