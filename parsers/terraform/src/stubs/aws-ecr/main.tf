# The private repository of terraform-aws-modules/ecr/aws, versions 1 to 3.

variable "create" {
  default  = true
  nullable = false
}
variable "create_repository" {
  default  = true
  nullable = false
}
variable "repository_type" {
  default  = "private"
  nullable = false
}
variable "repository_name" { default = "" }
variable "repository_image_tag_mutability" {
  default  = "IMMUTABLE"
  nullable = false
}
variable "repository_image_scan_on_push" {
  default  = true
  nullable = false
}
variable "repository_encryption_type" { default = null }
variable "repository_kms_key" { default = null }

resource "aws_ecr_repository" "this" {
  count = var.create && var.create_repository && var.repository_type == "private" ? 1 : 0

  name                 = var.repository_name
  image_tag_mutability = var.repository_image_tag_mutability

  encryption_configuration {
    encryption_type = var.repository_encryption_type
    kms_key         = var.repository_kms_key
  }
  image_scanning_configuration {
    scan_on_push = var.repository_image_scan_on_push
  }
}

output "repository_arn" { value = try(aws_ecr_repository.this[0].arn, null) }
output "repository_name" { value = try(aws_ecr_repository.this[0].name, null) }
output "repository_url" { value = try(aws_ecr_repository.this[0].repository_url, null) }
