resource "aws_vpc" "main" { # expect: vpc-flow-logs-disabled
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "main" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.0.0/20"
}

resource "aws_eks_cluster" "prod" {
  name = "prod"

  vpc_config {
    subnet_ids = [aws_subnet.main.id]
  }
}
