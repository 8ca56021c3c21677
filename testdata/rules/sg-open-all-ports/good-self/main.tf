resource "aws_security_group" "this" {
  name = "this"

  ingress {
    from_port = 0
    to_port   = 0
    protocol  = "-1"
    self      = true
  }
}
