//! What roles of Google Cloud on a whole project are worth in the hands of a pod.

use iac_graph::cloud::google::{Gain, GoogleBinding, GoogleEscalation, is_administrator};

/// What a role on a project or more gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Power {
    /// In words: "can do everything in the project".
    pub(super) what: &'static str,
    /// What kind.
    pub(super) kind: PowerKind,
}

/// What kind of power a role gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PowerKind {
    /// Owner, editor and those who can give themselves either.
    Administrator,
    /// Data of every application.
    Data,
    /// A way to other rights.
    Escalation,
    /// The identity of every service account.
    Impersonation,
}

/// What a role on a project or more gives; `None` if it gives nothing that matters.
pub(super) fn power(binding: &GoogleBinding) -> Option<Power> {
    let give = |kind, what| Some(Power { what, kind });
    if binding.role_name.as_known().is_some_and(|name| is_administrator(&name)) {
        return give(PowerKind::Administrator, "can do everything in the project");
    }
    let has = |row: &GoogleEscalation| row.permissions.iter().all(|one| binding.role.has(one).is_yes());
    let gains = |gain: Gain| GoogleEscalation::all().iter().any(|row| row.gain == gain && has(row));
    if gains(Gain::Policy) {
        return give(PowerKind::Escalation, "can give itself every role");
    }
    if gains(Gain::Limits) {
        return give(PowerKind::Escalation, "can rewrite roles and limits");
    }
    // `actAs` alone is half of a way that a second role completes.
    let acts = binding.role.has("iam.serviceAccounts.actAs").is_yes();
    if gains(Gain::ServiceAccount) || acts {
        return give(PowerKind::Impersonation, "can act as every service account of the project");
    }
    if gains(Gain::Instance) {
        return give(PowerKind::Escalation, "can run commands on every machine of the project");
    }
    if gains(Gain::Cluster) {
        return give(PowerKind::Escalation, "is an administrator of every cluster of the project");
    }
    let data = GoogleEscalation::all().iter().filter(|row| row.gain == Gain::Data && has(row));
    data.filter_map(|row| DATA.iter().find(|(id, _)| *id == row.id))
        .map(|(_, what)| Power { what, kind: PowerKind::Data })
        .next()
}

/// Rows of the table that give data of every application.
const DATA: [(&str, &str); 4] = [
    ("gcp-read-cluster-secrets", "reads the Secrets of every cluster of the project"),
    ("gcp-decrypt", "decrypts with every key of the project"),
    ("gcp-write-objects", "writes to every bucket of the project"),
    ("gcp-access-secrets", "reads every secret of the project"),
];
