resource "aws_instance" "bastion" {
  ami       = "ami-12345678"
  user_data = "#!/bin/bash\nexport DB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id db)\n"
}
