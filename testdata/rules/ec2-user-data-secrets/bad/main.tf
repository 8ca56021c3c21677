resource "aws_instance" "bastion" {
  ami       = "ami-12345678"
  user_data = "#!/bin/bash\nexport DB_PASSWORD=correct-horse-battery\n" # expect: ec2-user-data-secrets
}
