variable "ssh" {
  type = bool
}

resource "aws_security_group" "this" {
  name = "this"

  dynamic "ingress" {
    for_each = var.ssh ? [22] : []

    content {
      from_port   = 22
      to_port     = 22
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"] # expect?: sg-open-ssh
    }
  }
}
