//! Tables of attributes, from the documentation of the providers.

use iac_hcl::Type;

/// An attribute whose value is that of another one.
pub(super) struct Alias {
    pub(super) kinds: &'static [&'static str],
    pub(super) attribute: &'static str,
    pub(super) of: &'static str,
}

/// Attributes that repeat another one.
pub(super) const ALIASES: &[Alias] = &[
    Alias {
        kinds: &[
            "aws_autoscaling_group",
            "aws_cloudwatch_log_group",
            "aws_dynamodb_table",
            "aws_ecr_repository",
            "aws_eks_cluster",
            "aws_iam_group",
            "aws_iam_instance_profile",
            "aws_iam_role",
            "aws_iam_user",
            "aws_kms_alias",
            "aws_launch_configuration",
            "aws_ssm_parameter",
            "helm_release",
        ],
        attribute: "id",
        of: "name",
    },
    Alias {
        kinds: &[
            "aws_ecs_cluster",
            "aws_iam_openid_connect_provider",
            "aws_iam_policy",
            "aws_iam_saml_provider",
            "aws_lb",
            "aws_secretsmanager_secret",
            "aws_sns_topic",
        ],
        attribute: "id",
        of: "arn",
    },
    Alias { kinds: &["aws_s3_bucket"], attribute: "id", of: "bucket" },
    Alias { kinds: &["aws_kms_key"], attribute: "id", of: "key_id" },
    Alias { kinds: &["aws_lambda_function"], attribute: "id", of: "function_name" },
    Alias { kinds: &["aws_sqs_queue"], attribute: "id", of: "url" },
    Alias { kinds: &["random_pet"], attribute: "id", of: "id" },
    Alias { kinds: &["random_password", "random_string"], attribute: "id", of: "result" },
];

/// Attributes that are another one behind some text: type, attribute, text, the other one.
pub(super) const PREFIXED: &[(&str, &str, &str, &str)] =
    &[("google_service_account", "member", "serviceAccount:", "email")];

/// Attributes that providers mark as sensitive and other resources read.
pub(super) const SECRETS: &[(&str, &str)] = &[
    ("aws_iam_access_key", "secret"),
    ("aws_iam_access_key", "ses_smtp_password_v4"),
    ("azuread_application_password", "value"),
    ("azuread_service_principal_password", "value"),
    ("azurerm_kubernetes_cluster", "kube_admin_config_raw"),
    ("azurerm_kubernetes_cluster", "kube_config_raw"),
    ("azurerm_storage_account", "primary_access_key"),
    ("azurerm_storage_account", "primary_connection_string"),
    ("azurerm_storage_account", "secondary_access_key"),
    ("google_service_account_key", "private_key"),
    ("random_bytes", "base64"),
    ("random_bytes", "hex"),
    ("random_password", "bcrypt_hash"),
    ("random_password", "result"),
    ("tls_private_key", "private_key_openssh"),
    ("tls_private_key", "private_key_pem"),
    ("tls_private_key", "private_key_pem_pkcs8"),
];

/// Attributes that only providers set and whose name says that they are strings, whatever the resource.
pub(super) const STRINGS: &[&str] = &[
    "account_id",
    "arn",
    "bucket_domain_name",
    "dns_name",
    "dns_suffix",
    "email",
    "fqdn",
    "function_name",
    "id",
    "issuer",
    "json",
    "key_id",
    "kube_config_raw",
    "name",
    "oidc_issuer_url",
    "partition",
    "principal_id",
    "private_ip",
    "project_id",
    "public_ip",
    "region",
    "rendered",
    "self_link",
    "token",
    "unique_id",
    "url",
];

/// Ends of names that say the same.
pub(super) const STRING_ENDS: &[&str] = &["_arn", "_email", "_id", "_name", "_url"];

/// Resource type, attribute, type.
pub(super) type Typed = (&'static str, &'static str, fn() -> Type);

/// What an attribute is whose name alone does not tell.
pub(super) const TYPES: &[Typed] = &[
    ("aws_availability_zones", "names", strings),
    ("aws_availability_zones", "zone_ids", strings),
    ("aws_eks_cluster", "endpoint", || Type::String),
    ("aws_subnets", "ids", strings),
    ("azurerm_kubernetes_cluster", "host", || Type::String),
    ("google_compute_zones", "names", strings),
    ("google_container_cluster", "endpoint", || Type::String),
    ("random_id", "b64_std", || Type::String),
    ("random_id", "b64_url", || Type::String),
    ("random_id", "dec", || Type::String),
    ("random_id", "hex", || Type::String),
    ("random_integer", "result", || Type::Number),
    ("random_password", "bcrypt_hash", || Type::String),
    ("random_password", "result", || Type::String),
    ("random_shuffle", "result", strings),
    ("random_string", "result", || Type::String),
    ("random_uuid", "result", || Type::String),
    ("tls_private_key", "private_key_openssh", || Type::String),
    ("tls_private_key", "private_key_pem", || Type::String),
    ("tls_private_key", "public_key_openssh", || Type::String),
    ("tls_private_key", "public_key_pem", || Type::String),
];

fn strings() -> Type {
    Type::list(Type::String)
}
