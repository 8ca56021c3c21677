resource "aws_instance" "bastion" { # expect: imdsv1-enabled
  ami           = "ami-12345678"
  instance_type = "t3.micro"
}
