resource "aws_eks_node_group" "web" {
  cluster_name  = "prod"
  node_role_arn = "arn:aws:iam::123456789012:role/node"
  subnet_ids    = [aws_subnet.web.id] # expect: eks-node-public-ip
}

resource "aws_subnet" "web" {
  vpc_id                  = "vpc-12345678"
  cidr_block              = "10.0.0.0/24"
  map_public_ip_on_launch = true
}
