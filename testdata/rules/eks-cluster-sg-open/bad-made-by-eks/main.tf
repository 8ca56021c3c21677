resource "aws_eks_cluster" "prod" {
  name = "prod"

  vpc_config {
    subnet_ids = ["subnet-1"]
  }
}

resource "aws_security_group_rule" "api" {
  security_group_id = aws_eks_cluster.prod.vpc_config[0].cluster_security_group_id
  type              = "ingress"
  from_port         = 443
  to_port           = 443
  protocol          = "tcp"
  cidr_blocks       = ["0.0.0.0/0"] # expect: eks-cluster-sg-open
}
