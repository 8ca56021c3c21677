resource "aws_eks_node_group" "web" {
  cluster_name  = "prod"
  node_role_arn = "arn:aws:iam::123456789012:role/node"

  remote_access {
    ec2_ssh_key = "ops" # expect: eks-node-remote-access-open
  }
}
