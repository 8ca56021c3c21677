//! Data sources of AWS that only look at names: partitions, regions, ARNs.

use iac_hcl::{Fields, Value};

use super::DataSource;

/// A partition: its name, the domain of its services, and how its regions begin.
struct Partition {
    name: &'static str,
    suffix: &'static str,
    regions: &'static str,
}

/// AWS: endpoints metadata. The commercial partition is last since its regions begin with anything.
const PARTITIONS: [Partition; 4] = [
    Partition { name: "aws-cn", suffix: "amazonaws.com.cn", regions: "cn-" },
    Partition { name: "aws-us-gov", suffix: "amazonaws.com", regions: "us-gov-" },
    Partition { name: "aws-iso", suffix: "c2s.ic.gov", regions: "us-iso-" },
    Partition { name: "aws", suffix: "amazonaws.com", regions: "" },
];

/// The partition of a region; of a region that is not known the commercial one, which is almost everybody's.
fn partition_of(region: Option<&str>) -> &'static Partition {
    let region = region.unwrap_or_default();
    let found = PARTITIONS.iter().find(|partition| region.starts_with(partition.regions));
    found.unwrap_or(&PARTITIONS[PARTITIONS.len() - 1])
}

/// `aws_partition`
pub(super) fn partition(source: &DataSource<'_>) -> Fields {
    let region = source.scope.provider_argument(source.block, "aws", "region");
    let partition = partition_of(region.as_ref().and_then(Value::as_str));
    let store = source.scope.run.store;
    let origin = match &region {
        Some(region) => store.origins.computed(source.block.header, [region.origin]),
        None => store.origins.implied("aws-partition", source.origin),
    };
    let reverse: Vec<&str> = partition.suffix.rsplit('.').collect();
    let texts = [
        ("dns_suffix", partition.suffix),
        ("id", partition.name),
        ("partition", partition.name),
        ("reverse_dns_prefix", &reverse.join(".")),
    ];
    source.texts(texts, origin)
}

/// `aws_caller_identity`: the account of an aliased provider that names it.
pub(super) fn caller_identity(source: &DataSource<'_>) -> Fields {
    let mut fields = Fields::new();
    if let Some(account) = source.scope.provider_account(source.block) {
        fields.insert("account_id", source.origin, account.clone());
        fields.insert("id", source.origin, account);
    }
    fields
}

/// `aws_region`: that of the provider unless one is named.
pub(super) fn region(source: &DataSource<'_>) -> Fields {
    let named = source.argument("region").or_else(|| source.argument("name")).cloned();
    let Some(region) = named.or_else(|| source.scope.provider_argument(source.block, "aws", "region")) else {
        return Fields::new();
    };
    let mut fields = Fields::new();
    for name in ["id", "name", "region"] {
        fields.insert(name, source.origin, region.clone());
    }
    fields
}

/// `aws_arn`: the parts of an ARN that is known.
pub(super) fn arn(source: &DataSource<'_>) -> Fields {
    let Some(arn) = source.text("arn") else { return Fields::new() };
    let mut parts = arn.splitn(6, ':');
    let mut part = || parts.next().unwrap_or_default();
    if part() != "arn" {
        return Fields::new();
    }
    let origin = source.argument("arn").map_or(source.origin, |arn| arn.origin);
    let texts = ["partition", "service", "region", "account", "resource"].map(|name| (name, part()));
    source.texts(texts, origin)
}

/// `aws_service_principal`: the name by which a service is trusted.
pub(super) fn service_principal(source: &DataSource<'_>) -> Fields {
    let Some(service) = source.text("service_name") else { return Fields::new() };
    let region = source.argument("region").cloned();
    let region = region.or_else(|| source.scope.provider_argument(source.block, "aws", "region"));
    let partition = partition_of(region.as_ref().and_then(Value::as_str));
    // terraform-provider-aws: names.SuffixForService. Outside the commercial partition a few services differ; those
    // are not trusted by anything that runs in a cluster.
    let name = format!("{service}.amazonaws.com");
    let origin = source.argument("service_name").map_or(source.origin, |service| service.origin);
    let mut fields = source.texts([("name", name.as_str()), ("suffix", "amazonaws.com")], origin);
    if let Some(region) = region.as_ref().and_then(Value::as_str) {
        let id = format!("{service}.{region}.{}", partition.suffix);
        fields.insert("id", source.origin, Value::string(id, origin));
    }
    fields
}
