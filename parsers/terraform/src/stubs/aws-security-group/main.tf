# The group of terraform-aws-modules/security-group/aws, versions 3 to 5. Rules go by names such as https-443-tcp; of those that
# are not listed here, ports and protocol are not known.

variable "version" {}
variable "not_known" {}

variable "create" {
  default  = true
  nullable = false
}
variable "create_sg" {
  default  = true
  nullable = false
}
variable "security_group_id" { default = null }
variable "name" { default = null }
variable "use_name_prefix" {
  default  = true
  nullable = false
}
variable "description" { default = "Security Group managed by Terraform" }
variable "vpc_id" { default = null }
variable "ingress_cidr_blocks" {
  default  = []
  nullable = false
}
variable "ingress_ipv6_cidr_blocks" {
  default  = []
  nullable = false
}
variable "egress_cidr_blocks" {
  default  = ["0.0.0.0/0"]
  nullable = false
}
variable "egress_ipv6_cidr_blocks" {
  default  = ["::/0"]
  nullable = false
}
variable "ingress_rules" {
  default  = []
  nullable = false
}
variable "computed_ingress_rules" {
  default  = []
  nullable = false
}
variable "number_of_computed_ingress_rules" {
  default  = 0
  nullable = false
}
variable "ingress_with_cidr_blocks" {
  default  = []
  nullable = false
}
variable "computed_ingress_with_cidr_blocks" {
  default  = []
  nullable = false
}
variable "number_of_computed_ingress_with_cidr_blocks" {
  default  = 0
  nullable = false
}
variable "ingress_with_ipv6_cidr_blocks" {
  default  = []
  nullable = false
}
variable "computed_ingress_with_ipv6_cidr_blocks" {
  default  = []
  nullable = false
}
variable "number_of_computed_ingress_with_ipv6_cidr_blocks" {
  default  = 0
  nullable = false
}
variable "ingress_with_source_security_group_id" {
  default  = []
  nullable = false
}
variable "computed_ingress_with_source_security_group_id" {
  default  = []
  nullable = false
}
variable "number_of_computed_ingress_with_source_security_group_id" {
  default  = 0
  nullable = false
}
variable "ingress_with_self" {
  default  = []
  nullable = false
}
variable "computed_ingress_with_self" {
  default  = []
  nullable = false
}
variable "number_of_computed_ingress_with_self" {
  default  = 0
  nullable = false
}
variable "egress_rules" {
  default  = []
  nullable = false
}
variable "computed_egress_rules" {
  default  = []
  nullable = false
}
variable "number_of_computed_egress_rules" {
  default  = 0
  nullable = false
}
variable "egress_with_cidr_blocks" {
  default  = []
  nullable = false
}
variable "computed_egress_with_cidr_blocks" {
  default  = []
  nullable = false
}
variable "number_of_computed_egress_with_cidr_blocks" {
  default  = 0
  nullable = false
}
variable "egress_with_ipv6_cidr_blocks" {
  default  = []
  nullable = false
}
variable "computed_egress_with_ipv6_cidr_blocks" {
  default  = []
  nullable = false
}
variable "number_of_computed_egress_with_ipv6_cidr_blocks" {
  default  = 0
  nullable = false
}
variable "egress_with_source_security_group_id" {
  default  = []
  nullable = false
}
variable "computed_egress_with_source_security_group_id" {
  default  = []
  nullable = false
}
variable "number_of_computed_egress_with_source_security_group_id" {
  default  = 0
  nullable = false
}
variable "egress_with_self" {
  default  = []
  nullable = false
}
variable "computed_egress_with_self" {
  default  = []
  nullable = false
}
variable "number_of_computed_egress_with_self" {
  default  = 0
  nullable = false
}

locals {
  tcp = {
    dns-tcp                = 53
    elasticsearch-rest-tcp = 9200
    etcd-client-tcp        = 2379
    grafana-tcp            = 3000
    http-80-tcp            = 80
    http-8080-tcp          = 8080
    https-443-tcp          = 443
    https-8443-tcp         = 8443
    kubernetes-api-tcp     = 6443
    ldaps-tcp              = 636
    memcached-tcp          = 11211
    minio-tcp              = 9000
    mongodb-27017-tcp      = 27017
    mssql-tcp              = 1433
    mysql-tcp              = 3306
    nfs-tcp                = 2049
    postgresql-tcp         = 5432
    rdp-tcp                = 3389
    redis-tcp              = 6379
    redshift-tcp           = 5439
    ssh-tcp                = 22
    winrm-https-tcp        = 5986
  }
  rules = merge(
    { for name, port in local.tcp : name => { from = port, to = port, protocol = "tcp" } },
    {
      all-all  = { from = -1, to = -1, protocol = "-1" }
      all-icmp = { from = -1, to = -1, protocol = "icmp" }
      all-tcp  = { from = 0, to = 65535, protocol = "tcp" }
      all-udp  = { from = 0, to = 65535, protocol = "udp" }
      dns-udp  = { from = 53, to = 53, protocol = "udp" }
    },
  )

  # Version 3 makes a group whatever it is told.
  makes_group = var.create && (var.version == 3 ? true : var.create_sg)
  group       = local.makes_group ? try(aws_security_group.this[0].id, aws_security_group.this_name_prefix[0].id, "") : var.security_group_id
}

resource "aws_security_group" "this" {
  count = local.makes_group && !var.use_name_prefix ? 1 : 0

  name        = var.name
  description = var.description
  vpc_id      = var.vpc_id
}

resource "aws_security_group" "this_name_prefix" {
  count = local.makes_group && var.use_name_prefix ? 1 : 0

  name_prefix = "${var.name}-"
  description = var.description
  vpc_id      = var.vpc_id
}

resource "aws_security_group_rule" "ingress_rules" {
  count = var.create ? length(var.ingress_rules) : 0

  security_group_id = local.group
  type              = "ingress"
  cidr_blocks       = var.ingress_cidr_blocks
  ipv6_cidr_blocks  = var.ingress_ipv6_cidr_blocks
  from_port         = try(local.rules[var.ingress_rules[count.index]].from, var.not_known)
  to_port           = try(local.rules[var.ingress_rules[count.index]].to, var.not_known)
  protocol          = try(local.rules[var.ingress_rules[count.index]].protocol, var.not_known)
}

resource "aws_security_group_rule" "computed_ingress_rules" {
  count = var.create ? var.number_of_computed_ingress_rules : 0

  security_group_id = local.group
  type              = "ingress"
  cidr_blocks       = var.ingress_cidr_blocks
  ipv6_cidr_blocks  = var.ingress_ipv6_cidr_blocks
  from_port         = try(local.rules[var.computed_ingress_rules[count.index]].from, var.not_known)
  to_port           = try(local.rules[var.computed_ingress_rules[count.index]].to, var.not_known)
  protocol          = try(local.rules[var.computed_ingress_rules[count.index]].protocol, var.not_known)
}

resource "aws_security_group_rule" "ingress_with_cidr_blocks" {
  count = var.create ? length(var.ingress_with_cidr_blocks) : 0

  security_group_id = local.group
  type              = "ingress"
  cidr_blocks       = compact(split(",", try(var.ingress_with_cidr_blocks[count.index].cidr_blocks, join(",", var.ingress_cidr_blocks))))
  from_port         = try(var.ingress_with_cidr_blocks[count.index].from_port, local.rules[var.ingress_with_cidr_blocks[count.index].rule].from, var.not_known)
  to_port           = try(var.ingress_with_cidr_blocks[count.index].to_port, local.rules[var.ingress_with_cidr_blocks[count.index].rule].to, var.not_known)
  protocol          = try(var.ingress_with_cidr_blocks[count.index].protocol, local.rules[var.ingress_with_cidr_blocks[count.index].rule].protocol, var.not_known)
}

resource "aws_security_group_rule" "computed_ingress_with_cidr_blocks" {
  count = var.create ? var.number_of_computed_ingress_with_cidr_blocks : 0

  security_group_id = local.group
  type              = "ingress"
  cidr_blocks       = compact(split(",", try(var.computed_ingress_with_cidr_blocks[count.index].cidr_blocks, join(",", var.ingress_cidr_blocks))))
  from_port         = try(var.computed_ingress_with_cidr_blocks[count.index].from_port, local.rules[var.computed_ingress_with_cidr_blocks[count.index].rule].from, var.not_known)
  to_port           = try(var.computed_ingress_with_cidr_blocks[count.index].to_port, local.rules[var.computed_ingress_with_cidr_blocks[count.index].rule].to, var.not_known)
  protocol          = try(var.computed_ingress_with_cidr_blocks[count.index].protocol, local.rules[var.computed_ingress_with_cidr_blocks[count.index].rule].protocol, var.not_known)
}

resource "aws_security_group_rule" "ingress_with_ipv6_cidr_blocks" {
  count = var.create ? length(var.ingress_with_ipv6_cidr_blocks) : 0

  security_group_id = local.group
  type              = "ingress"
  ipv6_cidr_blocks  = compact(split(",", try(var.ingress_with_ipv6_cidr_blocks[count.index].ipv6_cidr_blocks, join(",", var.ingress_ipv6_cidr_blocks))))
  from_port         = try(var.ingress_with_ipv6_cidr_blocks[count.index].from_port, local.rules[var.ingress_with_ipv6_cidr_blocks[count.index].rule].from, var.not_known)
  to_port           = try(var.ingress_with_ipv6_cidr_blocks[count.index].to_port, local.rules[var.ingress_with_ipv6_cidr_blocks[count.index].rule].to, var.not_known)
  protocol          = try(var.ingress_with_ipv6_cidr_blocks[count.index].protocol, local.rules[var.ingress_with_ipv6_cidr_blocks[count.index].rule].protocol, var.not_known)
}

resource "aws_security_group_rule" "computed_ingress_with_ipv6_cidr_blocks" {
  count = var.create ? var.number_of_computed_ingress_with_ipv6_cidr_blocks : 0

  security_group_id = local.group
  type              = "ingress"
  ipv6_cidr_blocks  = compact(split(",", try(var.computed_ingress_with_ipv6_cidr_blocks[count.index].ipv6_cidr_blocks, join(",", var.ingress_ipv6_cidr_blocks))))
  from_port         = try(var.computed_ingress_with_ipv6_cidr_blocks[count.index].from_port, local.rules[var.computed_ingress_with_ipv6_cidr_blocks[count.index].rule].from, var.not_known)
  to_port           = try(var.computed_ingress_with_ipv6_cidr_blocks[count.index].to_port, local.rules[var.computed_ingress_with_ipv6_cidr_blocks[count.index].rule].to, var.not_known)
  protocol          = try(var.computed_ingress_with_ipv6_cidr_blocks[count.index].protocol, local.rules[var.computed_ingress_with_ipv6_cidr_blocks[count.index].rule].protocol, var.not_known)
}

resource "aws_security_group_rule" "ingress_with_source_security_group_id" {
  count = var.create ? length(var.ingress_with_source_security_group_id) : 0

  security_group_id = local.group
  type              = "ingress"
  from_port         = try(var.ingress_with_source_security_group_id[count.index].from_port, local.rules[var.ingress_with_source_security_group_id[count.index].rule].from, var.not_known)
  to_port           = try(var.ingress_with_source_security_group_id[count.index].to_port, local.rules[var.ingress_with_source_security_group_id[count.index].rule].to, var.not_known)
  protocol          = try(var.ingress_with_source_security_group_id[count.index].protocol, local.rules[var.ingress_with_source_security_group_id[count.index].rule].protocol, var.not_known)

  source_security_group_id = var.ingress_with_source_security_group_id[count.index].source_security_group_id
}

resource "aws_security_group_rule" "computed_ingress_with_source_security_group_id" {
  count = var.create ? var.number_of_computed_ingress_with_source_security_group_id : 0

  security_group_id = local.group
  type              = "ingress"
  from_port         = try(var.computed_ingress_with_source_security_group_id[count.index].from_port, local.rules[var.computed_ingress_with_source_security_group_id[count.index].rule].from, var.not_known)
  to_port           = try(var.computed_ingress_with_source_security_group_id[count.index].to_port, local.rules[var.computed_ingress_with_source_security_group_id[count.index].rule].to, var.not_known)
  protocol          = try(var.computed_ingress_with_source_security_group_id[count.index].protocol, local.rules[var.computed_ingress_with_source_security_group_id[count.index].rule].protocol, var.not_known)

  source_security_group_id = var.computed_ingress_with_source_security_group_id[count.index].source_security_group_id
}

resource "aws_security_group_rule" "ingress_with_self" {
  count = var.create ? length(var.ingress_with_self) : 0

  security_group_id = local.group
  type              = "ingress"
  self              = try(var.ingress_with_self[count.index].self, true)
  from_port         = try(var.ingress_with_self[count.index].from_port, local.rules[var.ingress_with_self[count.index].rule].from, var.not_known)
  to_port           = try(var.ingress_with_self[count.index].to_port, local.rules[var.ingress_with_self[count.index].rule].to, var.not_known)
  protocol          = try(var.ingress_with_self[count.index].protocol, local.rules[var.ingress_with_self[count.index].rule].protocol, var.not_known)
}

resource "aws_security_group_rule" "computed_ingress_with_self" {
  count = var.create ? var.number_of_computed_ingress_with_self : 0

  security_group_id = local.group
  type              = "ingress"
  self              = try(var.computed_ingress_with_self[count.index].self, true)
  from_port         = try(var.computed_ingress_with_self[count.index].from_port, local.rules[var.computed_ingress_with_self[count.index].rule].from, var.not_known)
  to_port           = try(var.computed_ingress_with_self[count.index].to_port, local.rules[var.computed_ingress_with_self[count.index].rule].to, var.not_known)
  protocol          = try(var.computed_ingress_with_self[count.index].protocol, local.rules[var.computed_ingress_with_self[count.index].rule].protocol, var.not_known)
}

resource "aws_security_group_rule" "egress_rules" {
  count = var.create ? length(var.egress_rules) : 0

  security_group_id = local.group
  type              = "egress"
  cidr_blocks       = var.egress_cidr_blocks
  ipv6_cidr_blocks  = var.egress_ipv6_cidr_blocks
  from_port         = try(local.rules[var.egress_rules[count.index]].from, var.not_known)
  to_port           = try(local.rules[var.egress_rules[count.index]].to, var.not_known)
  protocol          = try(local.rules[var.egress_rules[count.index]].protocol, var.not_known)
}

resource "aws_security_group_rule" "computed_egress_rules" {
  count = var.create ? var.number_of_computed_egress_rules : 0

  security_group_id = local.group
  type              = "egress"
  cidr_blocks       = var.egress_cidr_blocks
  ipv6_cidr_blocks  = var.egress_ipv6_cidr_blocks
  from_port         = try(local.rules[var.computed_egress_rules[count.index]].from, var.not_known)
  to_port           = try(local.rules[var.computed_egress_rules[count.index]].to, var.not_known)
  protocol          = try(local.rules[var.computed_egress_rules[count.index]].protocol, var.not_known)
}

resource "aws_security_group_rule" "egress_with_cidr_blocks" {
  count = var.create ? length(var.egress_with_cidr_blocks) : 0

  security_group_id = local.group
  type              = "egress"
  cidr_blocks       = compact(split(",", try(var.egress_with_cidr_blocks[count.index].cidr_blocks, join(",", var.egress_cidr_blocks))))
  from_port         = try(var.egress_with_cidr_blocks[count.index].from_port, local.rules[var.egress_with_cidr_blocks[count.index].rule].from, var.not_known)
  to_port           = try(var.egress_with_cidr_blocks[count.index].to_port, local.rules[var.egress_with_cidr_blocks[count.index].rule].to, var.not_known)
  protocol          = try(var.egress_with_cidr_blocks[count.index].protocol, local.rules[var.egress_with_cidr_blocks[count.index].rule].protocol, var.not_known)
}

resource "aws_security_group_rule" "computed_egress_with_cidr_blocks" {
  count = var.create ? var.number_of_computed_egress_with_cidr_blocks : 0

  security_group_id = local.group
  type              = "egress"
  cidr_blocks       = compact(split(",", try(var.computed_egress_with_cidr_blocks[count.index].cidr_blocks, join(",", var.egress_cidr_blocks))))
  from_port         = try(var.computed_egress_with_cidr_blocks[count.index].from_port, local.rules[var.computed_egress_with_cidr_blocks[count.index].rule].from, var.not_known)
  to_port           = try(var.computed_egress_with_cidr_blocks[count.index].to_port, local.rules[var.computed_egress_with_cidr_blocks[count.index].rule].to, var.not_known)
  protocol          = try(var.computed_egress_with_cidr_blocks[count.index].protocol, local.rules[var.computed_egress_with_cidr_blocks[count.index].rule].protocol, var.not_known)
}

resource "aws_security_group_rule" "egress_with_ipv6_cidr_blocks" {
  count = var.create ? length(var.egress_with_ipv6_cidr_blocks) : 0

  security_group_id = local.group
  type              = "egress"
  ipv6_cidr_blocks  = compact(split(",", try(var.egress_with_ipv6_cidr_blocks[count.index].ipv6_cidr_blocks, join(",", var.egress_ipv6_cidr_blocks))))
  from_port         = try(var.egress_with_ipv6_cidr_blocks[count.index].from_port, local.rules[var.egress_with_ipv6_cidr_blocks[count.index].rule].from, var.not_known)
  to_port           = try(var.egress_with_ipv6_cidr_blocks[count.index].to_port, local.rules[var.egress_with_ipv6_cidr_blocks[count.index].rule].to, var.not_known)
  protocol          = try(var.egress_with_ipv6_cidr_blocks[count.index].protocol, local.rules[var.egress_with_ipv6_cidr_blocks[count.index].rule].protocol, var.not_known)
}

resource "aws_security_group_rule" "computed_egress_with_ipv6_cidr_blocks" {
  count = var.create ? var.number_of_computed_egress_with_ipv6_cidr_blocks : 0

  security_group_id = local.group
  type              = "egress"
  ipv6_cidr_blocks  = compact(split(",", try(var.computed_egress_with_ipv6_cidr_blocks[count.index].ipv6_cidr_blocks, join(",", var.egress_ipv6_cidr_blocks))))
  from_port         = try(var.computed_egress_with_ipv6_cidr_blocks[count.index].from_port, local.rules[var.computed_egress_with_ipv6_cidr_blocks[count.index].rule].from, var.not_known)
  to_port           = try(var.computed_egress_with_ipv6_cidr_blocks[count.index].to_port, local.rules[var.computed_egress_with_ipv6_cidr_blocks[count.index].rule].to, var.not_known)
  protocol          = try(var.computed_egress_with_ipv6_cidr_blocks[count.index].protocol, local.rules[var.computed_egress_with_ipv6_cidr_blocks[count.index].rule].protocol, var.not_known)
}

resource "aws_security_group_rule" "egress_with_source_security_group_id" {
  count = var.create ? length(var.egress_with_source_security_group_id) : 0

  security_group_id = local.group
  type              = "egress"
  from_port         = try(var.egress_with_source_security_group_id[count.index].from_port, local.rules[var.egress_with_source_security_group_id[count.index].rule].from, var.not_known)
  to_port           = try(var.egress_with_source_security_group_id[count.index].to_port, local.rules[var.egress_with_source_security_group_id[count.index].rule].to, var.not_known)
  protocol          = try(var.egress_with_source_security_group_id[count.index].protocol, local.rules[var.egress_with_source_security_group_id[count.index].rule].protocol, var.not_known)

  source_security_group_id = var.egress_with_source_security_group_id[count.index].source_security_group_id
}

resource "aws_security_group_rule" "computed_egress_with_source_security_group_id" {
  count = var.create ? var.number_of_computed_egress_with_source_security_group_id : 0

  security_group_id = local.group
  type              = "egress"
  from_port         = try(var.computed_egress_with_source_security_group_id[count.index].from_port, local.rules[var.computed_egress_with_source_security_group_id[count.index].rule].from, var.not_known)
  to_port           = try(var.computed_egress_with_source_security_group_id[count.index].to_port, local.rules[var.computed_egress_with_source_security_group_id[count.index].rule].to, var.not_known)
  protocol          = try(var.computed_egress_with_source_security_group_id[count.index].protocol, local.rules[var.computed_egress_with_source_security_group_id[count.index].rule].protocol, var.not_known)

  source_security_group_id = var.computed_egress_with_source_security_group_id[count.index].source_security_group_id
}

resource "aws_security_group_rule" "egress_with_self" {
  count = var.create ? length(var.egress_with_self) : 0

  security_group_id = local.group
  type              = "egress"
  self              = try(var.egress_with_self[count.index].self, true)
  from_port         = try(var.egress_with_self[count.index].from_port, local.rules[var.egress_with_self[count.index].rule].from, var.not_known)
  to_port           = try(var.egress_with_self[count.index].to_port, local.rules[var.egress_with_self[count.index].rule].to, var.not_known)
  protocol          = try(var.egress_with_self[count.index].protocol, local.rules[var.egress_with_self[count.index].rule].protocol, var.not_known)
}

resource "aws_security_group_rule" "computed_egress_with_self" {
  count = var.create ? var.number_of_computed_egress_with_self : 0

  security_group_id = local.group
  type              = "egress"
  self              = try(var.computed_egress_with_self[count.index].self, true)
  from_port         = try(var.computed_egress_with_self[count.index].from_port, local.rules[var.computed_egress_with_self[count.index].rule].from, var.not_known)
  to_port           = try(var.computed_egress_with_self[count.index].to_port, local.rules[var.computed_egress_with_self[count.index].rule].to, var.not_known)
  protocol          = try(var.computed_egress_with_self[count.index].protocol, local.rules[var.computed_egress_with_self[count.index].rule].protocol, var.not_known)
}

output "security_group_arn" { value = try(aws_security_group.this[0].arn, aws_security_group.this_name_prefix[0].arn, "") }
output "security_group_id" { value = try(aws_security_group.this[0].id, aws_security_group.this_name_prefix[0].id, "") }
output "security_group_name" { value = try(aws_security_group.this[0].name, aws_security_group.this_name_prefix[0].name, "") }
output "security_group_vpc_id" { value = try(aws_security_group.this[0].vpc_id, aws_security_group.this_name_prefix[0].vpc_id, "") }
output "this_security_group_id" { value = try(aws_security_group.this[0].id, aws_security_group.this_name_prefix[0].id, "") }
