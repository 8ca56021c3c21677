resource "aws_security_group" "this" {
  name = "this"

  ingress {
    from_port   = 2379
    to_port     = 2380
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"] # expect: sg-open-etcd
  }
}
