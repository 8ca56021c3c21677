resource "aws_eks_node_group" "web" {
  cluster_name  = "prod"
  node_role_arn = "arn:aws:iam::123456789012:role/node"
  subnet_ids    = [aws_subnet.web.id]
}

resource "aws_subnet" "web" {
  vpc_id     = "vpc-12345678"
  cidr_block = "10.0.0.0/24"
}

resource "aws_route_table" "web" {
  vpc_id = "vpc-12345678"

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = "nat-12345678"
  }
}

resource "aws_route_table_association" "web" {
  subnet_id      = aws_subnet.web.id
  route_table_id = aws_route_table.web.id
}
