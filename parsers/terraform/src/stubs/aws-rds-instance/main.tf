# The instance of terraform-aws-modules/rds/aws//modules/db_instance, versions 5 to 7.

variable "create" {
  default  = true
  nullable = false
}
variable "identifier" { default = null }
variable "engine" { default = null }
variable "engine_version" { default = null }
variable "storage_encrypted" {
  default  = true
  nullable = false
}
variable "kms_key_id" { default = null }
variable "publicly_accessible" {
  default  = false
  nullable = false
}
variable "iam_database_authentication_enabled" {
  default  = false
  nullable = false
}
variable "deletion_protection" {
  default  = false
  nullable = false
}
variable "vpc_security_group_ids" { default = null }
variable "password" { default = null }

resource "aws_db_instance" "this" {
  count = var.create ? 1 : 0

  identifier                          = var.identifier
  engine                              = var.engine
  engine_version                      = var.engine_version
  storage_encrypted                   = var.storage_encrypted
  kms_key_id                          = var.kms_key_id
  publicly_accessible                 = var.publicly_accessible
  iam_database_authentication_enabled = var.iam_database_authentication_enabled
  deletion_protection                 = var.deletion_protection
  vpc_security_group_ids              = var.vpc_security_group_ids
  password                            = var.password
}

output "arn" { value = try(aws_db_instance.this[0].arn, null) }
