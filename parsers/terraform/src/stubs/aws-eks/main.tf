# The cluster of terraform-aws-modules/eks/aws, versions 18 to 21. Version 21 dropped the prefix of most inputs.

variable "version" {}
variable "not_known" {}

variable "create" {
  default  = true
  nullable = false
}
variable "cluster_name" { default = null }
variable "name" { default = null }
variable "cluster_version" { default = null }
variable "kubernetes_version" { default = null }
variable "cluster_enabled_log_types" {
  default  = ["audit", "api", "authenticator"]
  nullable = false
}
variable "enabled_log_types" {
  default  = ["audit", "api", "authenticator"]
  nullable = false
}
variable "cluster_endpoint_private_access" { default = null }
variable "cluster_endpoint_public_access" { default = null }
variable "endpoint_private_access" {
  default  = true
  nullable = false
}
variable "endpoint_public_access" {
  default  = false
  nullable = false
}
variable "cluster_endpoint_public_access_cidrs" {
  default  = ["0.0.0.0/0"]
  nullable = false
}
variable "endpoint_public_access_cidrs" {
  default  = ["0.0.0.0/0"]
  nullable = false
}
variable "cluster_encryption_config" { default = null }
variable "encryption_config" { default = {} }
variable "create_kms_key" { default = null }
variable "created_kms_key_arn" {}
variable "authentication_mode" {
  default  = "API_AND_CONFIG_MAP"
  nullable = false
}
variable "access_entries" {
  default  = {}
  nullable = false
}
variable "enable_irsa" { default = null }
variable "create_iam_role" {
  default  = true
  nullable = false
}
variable "iam_role_arn" { default = null }
variable "iam_role_name" { default = null }
variable "iam_role_use_name_prefix" {
  default  = true
  nullable = false
}
variable "iam_role_additional_policies" {
  default  = {}
  nullable = false
}
variable "subnet_ids" { default = [] }
variable "cluster_ip_family" { default = "ipv4" }
variable "ip_family" { default = "ipv4" }
variable "cluster_addons" { default = null }
variable "addons" { default = null }
variable "eks_managed_node_groups" {
  default  = {}
  nullable = false
}
variable "eks_managed_node_group_defaults" {
  default  = {}
  nullable = false
}
variable "self_managed_node_groups" {
  default  = {}
  nullable = false
}
variable "self_managed_node_group_defaults" {
  default  = {}
  nullable = false
}
variable "fargate_profiles" {
  default  = {}
  nullable = false
}
variable "fargate_profile_defaults" {
  default  = {}
  nullable = false
}
variable "manage_aws_auth_configmap" {
  default  = false
  nullable = false
}
variable "create_aws_auth_configmap" {
  default  = false
  nullable = false
}
variable "aws_auth_roles" {
  default  = []
  nullable = false
}
variable "aws_auth_users" {
  default  = []
  nullable = false
}
variable "aws_auth_accounts" {
  default  = []
  nullable = false
}

data "aws_partition" "current" {}

locals {
  arns   = "arn:${data.aws_partition.current.partition}:iam::aws:policy"
  name   = var.version >= 21 ? var.name : var.cluster_name
  family = var.version >= 21 ? var.ip_family : var.cluster_ip_family

  # Until 18 the endpoint was public and not private; since 19 it is the other way round.
  private_endpoint = var.version >= 21 ? var.endpoint_private_access : (var.cluster_endpoint_private_access == null ? var.version >= 19 : var.cluster_endpoint_private_access)
  public_endpoint  = var.version >= 21 ? var.endpoint_public_access : (var.cluster_endpoint_public_access == null ? var.version < 19 : var.cluster_endpoint_public_access)
  public_cidrs     = var.version >= 21 ? var.endpoint_public_access_cidrs : var.cluster_endpoint_public_access_cidrs
  log_types        = var.version >= 21 ? var.enabled_log_types : var.cluster_enabled_log_types

  # A list in 18, one object since 19. Nothing turns it off: an empty one until 20, null in 21.
  encryption_given = var.version >= 21 ? var.encryption_config : var.cluster_encryption_config
  encrypts         = local.encryption_given == null ? contains([19, 20], var.version) : (var.version >= 21 ? true : length(local.encryption_given) > 0)
  creates_key      = var.create_kms_key == null ? var.version >= 19 : var.create_kms_key
  given_key        = var.version >= 19 ? try(local.encryption_given.provider_key_arn, null) : try(local.encryption_given[0].provider_key_arn, null)

  # 18 turned it on in one of its releases.
  irsa = var.enable_irsa == null ? (var.version >= 19 ? true : var.not_known) : var.enable_irsa
  role = var.create_iam_role ? try(aws_iam_role.this[0].arn, null) : var.iam_role_arn

  addons_given = var.version >= 21 ? var.addons : var.cluster_addons
  addons       = local.addons_given == null ? {} : local.addons_given
}

resource "aws_iam_role" "this" {
  count = var.create && var.create_iam_role ? 1 : 0

  name        = var.iam_role_use_name_prefix ? null : coalesce(var.iam_role_name, "${local.name}-cluster")
  name_prefix = var.iam_role_use_name_prefix ? "${coalesce(var.iam_role_name, "${local.name}-cluster")}-" : null
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "eks.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = {
    for name in concat(["AmazonEKSClusterPolicy"], var.version < 21 ? ["AmazonEKSVPCResourceController"] : []) :
    (var.version >= 19 ? name : "${local.arns}/${name}") => "${local.arns}/${name}" if var.create && var.create_iam_role
  }

  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

resource "aws_iam_role_policy_attachment" "additional" {
  for_each = { for key, arn in var.iam_role_additional_policies : key => arn if var.create && var.create_iam_role && var.version >= 19 }

  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

resource "aws_eks_cluster" "this" {
  count = var.create ? 1 : 0

  name                      = local.name
  role_arn                  = local.role
  version                   = var.version >= 21 ? var.kubernetes_version : var.cluster_version
  enabled_cluster_log_types = local.log_types

  dynamic "access_config" {
    for_each = var.version >= 20 ? [1] : []
    content {
      authentication_mode                         = var.authentication_mode
      bootstrap_cluster_creator_admin_permissions = false
    }
  }

  vpc_config {
    subnet_ids              = var.subnet_ids
    endpoint_private_access = local.private_endpoint
    endpoint_public_access  = local.public_endpoint
    public_access_cidrs     = local.public_cidrs
  }

  dynamic "encryption_config" {
    for_each = local.encrypts ? [1] : []
    content {
      resources = ["secrets"]
      provider {
        key_arn = local.creates_key ? var.created_kms_key_arn : local.given_key
      }
    }
  }
}

resource "aws_iam_openid_connect_provider" "oidc_provider" {
  count = var.create && local.irsa ? 1 : 0

  client_id_list = ["sts.amazonaws.com"]
  url            = aws_eks_cluster.this[0].identity[0].oidc[0].issuer
}

resource "aws_eks_access_entry" "this" {
  for_each = { for key, entry in var.access_entries : key => entry if var.create && var.version >= 20 }

  cluster_name      = aws_eks_cluster.this[0].name
  principal_arn     = each.value.principal_arn
  kubernetes_groups = try(each.value.kubernetes_groups, null)
  type              = try(each.value.type, "STANDARD")
  user_name         = try(each.value.user_name, null)
}

locals {
  associations = merge([
    for entry_key, entry in var.access_entries : {
      for key, association in try(entry.policy_associations, {}) :
      "${entry_key}_${key}" => { principal = entry.principal_arn, association = association }
    }
  ]...)
}

resource "aws_eks_access_policy_association" "this" {
  for_each = { for key, pair in local.associations : key => pair if var.create && var.version >= 20 }

  cluster_name  = aws_eks_cluster.this[0].name
  principal_arn = each.value.principal
  policy_arn    = each.value.association.policy_arn
  access_scope {
    namespaces = try(each.value.association.access_scope.namespaces, null)
    type       = each.value.association.access_scope.type
  }
}

resource "aws_eks_addon" "this" {
  for_each = { for key, addon in local.addons : key => addon if var.create && !try(addon.before_compute, false) }

  cluster_name             = aws_eks_cluster.this[0].name
  addon_name               = try(each.value.name, each.key)
  configuration_values     = try(each.value.configuration_values, null)
  service_account_role_arn = try(each.value.service_account_role_arn, null)

  dynamic "pod_identity_association" {
    for_each = try(each.value.pod_identity_association, [])
    content {
      role_arn        = pod_identity_association.value.role_arn
      service_account = pod_identity_association.value.service_account
    }
  }
}

resource "aws_eks_addon" "before_compute" {
  for_each = { for key, addon in local.addons : key => addon if var.create && try(addon.before_compute, false) }

  cluster_name             = aws_eks_cluster.this[0].name
  addon_name               = try(each.value.name, each.key)
  configuration_values     = try(each.value.configuration_values, null)
  service_account_role_arn = try(each.value.service_account_role_arn, null)
}

module "eks_managed_node_group" {
  source   = "./modules/eks-managed-node-group"
  for_each = { for key, group in var.eks_managed_node_groups : key => group if var.create }

  create                     = try(each.value.create, true)
  cluster_name               = aws_eks_cluster.this[0].name
  cluster_ip_family          = local.family
  name                       = try(each.value.name, each.key)
  use_name_prefix            = try(each.value.use_name_prefix, var.eks_managed_node_group_defaults.use_name_prefix, true)
  subnet_ids                 = try(each.value.subnet_ids, var.eks_managed_node_group_defaults.subnet_ids, var.subnet_ids)
  ami_type                   = try(each.value.ami_type, var.eks_managed_node_group_defaults.ami_type, null)
  labels                     = try(each.value.labels, var.eks_managed_node_group_defaults.labels, null)
  taints                     = try(each.value.taints, var.eks_managed_node_group_defaults.taints, null)
  remote_access              = try(each.value.remote_access, var.eks_managed_node_group_defaults.remote_access, null)
  create_launch_template     = try(each.value.create_launch_template, var.eks_managed_node_group_defaults.create_launch_template, true)
  use_custom_launch_template = try(each.value.use_custom_launch_template, var.eks_managed_node_group_defaults.use_custom_launch_template, null)
  launch_template_id         = try(each.value.launch_template_id, var.eks_managed_node_group_defaults.launch_template_id, "")
  launch_template_name       = try(each.value.launch_template_name, var.eks_managed_node_group_defaults.launch_template_name, "")
  metadata_options           = try(each.value.metadata_options, var.eks_managed_node_group_defaults.metadata_options, null)
  network_interfaces         = try(each.value.network_interfaces, var.eks_managed_node_group_defaults.network_interfaces, [])
  create_iam_role            = try(each.value.create_iam_role, var.eks_managed_node_group_defaults.create_iam_role, true)
  iam_role_arn               = try(each.value.iam_role_arn, var.eks_managed_node_group_defaults.iam_role_arn, null)
  iam_role_name              = try(each.value.iam_role_name, var.eks_managed_node_group_defaults.iam_role_name, null)
  iam_role_use_name_prefix   = try(each.value.iam_role_use_name_prefix, var.eks_managed_node_group_defaults.iam_role_use_name_prefix, true)
  iam_role_attach_cni_policy = try(each.value.iam_role_attach_cni_policy, var.eks_managed_node_group_defaults.iam_role_attach_cni_policy, true)

  iam_role_additional_policies = try(each.value.iam_role_additional_policies, var.eks_managed_node_group_defaults.iam_role_additional_policies, null)
}

module "self_managed_node_group" {
  source   = "./modules/self-managed-node-group"
  for_each = { for key, group in var.self_managed_node_groups : key => group if var.create }

  create                      = try(each.value.create, true)
  cluster_name                = aws_eks_cluster.this[0].name
  cluster_ip_family           = local.family
  name                        = try(each.value.name, each.key)
  metadata_options            = try(each.value.metadata_options, var.self_managed_node_group_defaults.metadata_options, null)
  network_interfaces          = try(each.value.network_interfaces, var.self_managed_node_group_defaults.network_interfaces, [])
  create_launch_template      = try(each.value.create_launch_template, var.self_managed_node_group_defaults.create_launch_template, true)
  launch_template_id          = try(each.value.launch_template_id, var.self_managed_node_group_defaults.launch_template_id, "")
  platform                    = try(each.value.platform, var.self_managed_node_group_defaults.platform, null)
  ami_type                    = try(each.value.ami_type, var.self_managed_node_group_defaults.ami_type, null)
  iam_role_arn                = try(each.value.iam_role_arn, var.self_managed_node_group_defaults.iam_role_arn, null)
  create_access_entry         = try(each.value.create_access_entry, var.self_managed_node_group_defaults.create_access_entry, true)
  create_iam_instance_profile = try(each.value.create_iam_instance_profile, var.self_managed_node_group_defaults.create_iam_instance_profile, true)
  iam_instance_profile_arn    = try(each.value.iam_instance_profile_arn, var.self_managed_node_group_defaults.iam_instance_profile_arn, null)
  iam_role_name               = try(each.value.iam_role_name, var.self_managed_node_group_defaults.iam_role_name, null)
  iam_role_use_name_prefix    = try(each.value.iam_role_use_name_prefix, var.self_managed_node_group_defaults.iam_role_use_name_prefix, true)
  iam_role_attach_cni_policy  = try(each.value.iam_role_attach_cni_policy, var.self_managed_node_group_defaults.iam_role_attach_cni_policy, true)

  iam_role_additional_policies = try(each.value.iam_role_additional_policies, var.self_managed_node_group_defaults.iam_role_additional_policies, null)
}

module "fargate_profile" {
  source   = "./modules/fargate-profile"
  for_each = { for key, profile in var.fargate_profiles : key => profile if var.create }

  create            = try(each.value.create, true)
  cluster_name      = aws_eks_cluster.this[0].name
  cluster_ip_family = local.family
  name              = try(each.value.name, each.key)
  selectors         = try(each.value.selectors, var.fargate_profile_defaults.selectors, [])
  create_iam_role   = try(each.value.create_iam_role, var.fargate_profile_defaults.create_iam_role, true)
  iam_role_arn      = try(each.value.iam_role_arn, var.fargate_profile_defaults.iam_role_arn, null)

  iam_role_attach_cni_policy   = try(each.value.iam_role_attach_cni_policy, var.fargate_profile_defaults.iam_role_attach_cni_policy, true)
  iam_role_additional_policies = try(each.value.iam_role_additional_policies, var.fargate_profile_defaults.iam_role_additional_policies, null)
}

resource "kubernetes_config_map" "aws_auth" {
  count = var.create && var.version < 20 && var.create_aws_auth_configmap ? 1 : 0

  metadata {
    name      = "aws-auth"
    namespace = "kube-system"
  }
  data = local.aws_auth
}

resource "kubernetes_config_map_v1_data" "aws_auth" {
  count = var.create && var.version < 20 && var.manage_aws_auth_configmap ? 1 : 0

  force = true
  metadata {
    name      = "aws-auth"
    namespace = "kube-system"
  }
  data = local.aws_auth
}

locals {
  node_roles = concat(
    [for group in module.eks_managed_node_group : group.iam_role_arn],
    [for group in module.self_managed_node_group : group.iam_role_arn],
  )
  aws_auth = {
    mapRoles = yamlencode(concat(
      [for arn in local.node_roles : { rolearn = arn, username = "system:node:{{EC2PrivateDNSName}}", groups = ["system:bootstrappers", "system:nodes"] }],
      var.aws_auth_roles
    ))
    mapUsers    = yamlencode(var.aws_auth_users)
    mapAccounts = yamlencode(var.aws_auth_accounts)
  }
}

output "cluster_arn" { value = try(aws_eks_cluster.this[0].arn, null) }
output "cluster_certificate_authority_data" { value = try(aws_eks_cluster.this[0].certificate_authority[0].data, null) }
output "cluster_endpoint" { value = try(aws_eks_cluster.this[0].endpoint, null) }
output "cluster_id" { value = var.version >= 19 ? var.not_known : try(aws_eks_cluster.this[0].id, null) }
output "cluster_name" { value = try(aws_eks_cluster.this[0].name, "") }
output "cluster_oidc_issuer_url" { value = try(aws_eks_cluster.this[0].identity[0].oidc[0].issuer, null) }
output "cluster_version" { value = try(aws_eks_cluster.this[0].version, null) }
output "cluster_iam_role_arn" { value = try(aws_iam_role.this[0].arn, null) }
output "cluster_iam_role_name" { value = try(aws_iam_role.this[0].name, null) }
output "oidc_provider" { value = try(replace(aws_eks_cluster.this[0].identity[0].oidc[0].issuer, "https://", ""), null) }
output "oidc_provider_arn" { value = try(aws_iam_openid_connect_provider.oidc_provider[0].arn, null) }
output "eks_managed_node_groups" { value = module.eks_managed_node_group }
output "self_managed_node_groups" { value = module.self_managed_node_group }
output "fargate_profiles" { value = module.fargate_profile }
