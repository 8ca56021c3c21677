# Made for something else: nobody says that etcd is behind it.
resource "aws_security_group" "media" {
  name = "media"

  ingress {
    from_port   = 2000
    to_port     = 9000
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
