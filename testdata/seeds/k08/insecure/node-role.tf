# Node IAM role with excessive permissions
resource "aws_iam_role_policy_attachment" "node_admin" {
  role       = aws_iam_role.node_role.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess" # All pods on this node inherit admin access!
}

# No IMDS restrictions - any pod can get node credentials
# curl http://169.254.169.254/latest/meta-data/iam/security-credentials/
