# The network of terraform-aws-modules/vpc/aws, versions 3 to 6.

variable "version" {}

variable "create_vpc" {
  default  = true
  nullable = false
}
variable "name" { default = "" }
variable "cidr" { default = null }
variable "public_subnets" {
  default  = []
  nullable = false
}
variable "private_subnets" {
  default  = []
  nullable = false
}
variable "database_subnets" {
  default  = []
  nullable = false
}
variable "intra_subnets" {
  default  = []
  nullable = false
}
variable "map_public_ip_on_launch" { default = null }

resource "aws_vpc" "this" {
  count = var.create_vpc ? 1 : 0

  cidr_block = var.cidr == null ? (var.version < 4 ? "0.0.0.0/0" : "10.0.0.0/16") : var.cidr
}

resource "aws_subnet" "public" {
  count = var.create_vpc ? length(var.public_subnets) : 0

  vpc_id                  = aws_vpc.this[0].id
  cidr_block              = var.public_subnets[count.index]
  map_public_ip_on_launch = var.map_public_ip_on_launch == null ? var.version < 4 : var.map_public_ip_on_launch
}

resource "aws_subnet" "private" {
  count = var.create_vpc ? length(var.private_subnets) : 0

  vpc_id     = aws_vpc.this[0].id
  cidr_block = var.private_subnets[count.index]
}

resource "aws_subnet" "database" {
  count = var.create_vpc ? length(var.database_subnets) : 0

  vpc_id     = aws_vpc.this[0].id
  cidr_block = var.database_subnets[count.index]
}

resource "aws_subnet" "intra" {
  count = var.create_vpc ? length(var.intra_subnets) : 0

  vpc_id     = aws_vpc.this[0].id
  cidr_block = var.intra_subnets[count.index]
}

output "vpc_id" { value = try(aws_vpc.this[0].id, null) }
output "vpc_arn" { value = try(aws_vpc.this[0].arn, null) }
output "vpc_cidr_block" { value = try(aws_vpc.this[0].cidr_block, null) }
output "public_subnets" { value = aws_subnet.public[*].id }
output "private_subnets" { value = aws_subnet.private[*].id }
output "database_subnets" { value = aws_subnet.database[*].id }
output "intra_subnets" { value = aws_subnet.intra[*].id }
output "public_subnets_cidr_blocks" { value = aws_subnet.public[*].cidr_block }
output "private_subnets_cidr_blocks" { value = aws_subnet.private[*].cidr_block }
