# The bucket of terraform-aws-modules/s3-bucket/aws, versions 4 and 5.

variable "not_known" {}

variable "create_bucket" {
  default  = true
  nullable = false
}
variable "bucket" { default = null }
variable "bucket_prefix" { default = null }
variable "attach_public_policy" {
  default  = true
  nullable = false
}
variable "block_public_acls" {
  default  = true
  nullable = false
}
variable "block_public_policy" {
  default  = true
  nullable = false
}
variable "ignore_public_acls" {
  default  = true
  nullable = false
}
variable "restrict_public_buckets" {
  default  = true
  nullable = false
}
variable "acl" { default = null }
variable "versioning" {
  default  = {}
  nullable = false
}
variable "server_side_encryption_configuration" {
  default  = {}
  nullable = false
}
variable "attach_policy" {
  default  = false
  nullable = false
}
variable "policy" { default = null }

resource "aws_s3_bucket" "this" {
  count = var.create_bucket ? 1 : 0

  bucket        = var.bucket
  bucket_prefix = var.bucket_prefix
}

resource "aws_s3_bucket_public_access_block" "this" {
  count = var.create_bucket && var.attach_public_policy ? 1 : 0

  bucket                  = aws_s3_bucket.this[0].id
  block_public_acls       = var.block_public_acls
  block_public_policy     = var.block_public_policy
  ignore_public_acls      = var.ignore_public_acls
  restrict_public_buckets = var.restrict_public_buckets
}

resource "aws_s3_bucket_acl" "this" {
  count = var.create_bucket && var.acl != null ? 1 : 0

  bucket = aws_s3_bucket.this[0].id
  acl    = var.acl
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  count = var.create_bucket && length(keys(var.server_side_encryption_configuration)) > 0 ? 1 : 0

  bucket = aws_s3_bucket.this[0].id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = try(var.server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.sse_algorithm, var.not_known)
      kms_master_key_id = try(var.server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.kms_master_key_id, null)
    }
  }
}

# Other inputs add statements to the policy that the call gives.
resource "aws_s3_bucket_policy" "this" {
  count = var.create_bucket && var.attach_policy ? 1 : 0

  bucket = aws_s3_bucket.this[0].id
  policy = var.policy
}

output "s3_bucket_arn" { value = try(aws_s3_bucket.this[0].arn, "") }
output "s3_bucket_id" { value = try(aws_s3_bucket.this[0].id, "") }
