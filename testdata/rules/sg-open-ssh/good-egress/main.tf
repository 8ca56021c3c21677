resource "aws_security_group_rule" "out" {
  security_group_id = "sg-12345678"
  type              = "egress"
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
  cidr_blocks       = ["0.0.0.0/0"]
}
