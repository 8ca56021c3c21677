# The chart, which makes the account, lies elsewhere.
resource "kubernetes_namespace" "argocd" {
  metadata {
    name = "argocd"
  }
}

resource "helm_release" "argocd" {
  name       = "argocd"
  namespace  = kubernetes_namespace.argocd.metadata[0].name
  repository = "https://charts.example.com"
  chart      = "argo-cd"
}

resource "aws_eks_pod_identity_association" "argocd" {
  cluster_name    = "prod"
  namespace       = "argocd"
  service_account = "argocd-server"
  role_arn        = "arn:aws:iam::123456789012:role/argocd"
}
