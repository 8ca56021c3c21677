resource "aws_security_group" "this" {
  name = "this"

  ingress {
    from_port   = 9090
    to_port     = 9090
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"] # expect: sg-open-metrics-dashboards
  }
}
