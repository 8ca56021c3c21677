# The key of terraform-aws-modules/kms/aws, versions 1 to 4, where it is neither external nor a replica.

variable "not_known" {}

variable "create" {
  default  = true
  nullable = false
}
variable "create_external" {
  default  = false
  nullable = false
}
variable "create_replica" {
  default  = false
  nullable = false
}
variable "create_replica_external" {
  default  = false
  nullable = false
}
variable "enable_key_rotation" {
  default  = true
  nullable = false
}
variable "key_usage" { default = null }
variable "is_enabled" { default = null }
variable "deletion_window_in_days" { default = null }
variable "policy" { default = null }

resource "aws_kms_key" "this" {
  count = var.create && !var.create_external && !var.create_replica && !var.create_replica_external ? 1 : 0

  deletion_window_in_days = var.deletion_window_in_days
  enable_key_rotation     = var.enable_key_rotation
  is_enabled              = var.is_enabled
  key_usage               = var.key_usage
  policy                  = var.policy == null ? var.not_known : var.policy
}

output "key_arn" { value = try(aws_kms_key.this[0].arn, var.not_known) }
output "key_id" { value = try(aws_kms_key.this[0].key_id, var.not_known) }
