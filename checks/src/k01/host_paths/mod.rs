//! Directories of the node inside pods: one ladder, of which the first matching rung reports.

mod ladder;
mod rules;

use crate::prelude::*;
pub(super) use ladder::Rung;

pub(super) static TABLE: Table = Table { rules: &rules::RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads() {
        for volume in workload.volumes() {
            match volume.clean_host_path() {
                Attr::Known(path, at) => report(out, workload, volume, &path, at),
                Attr::Unknown(symbol, at) => {
                    out.possible(Rung::HostPath.rule(), workload, at, symbol);
                }
                Attr::Absent(_) => {}
            }
        }
    }
}

fn report(out: &mut Findings<'_>, workload: Workload<'_>, volume: Volume<'_>, path: &str, at: OriginId) {
    // Static pods of the control plane are what these files are for.
    let own_files = workload.namespace() == Some("kube-system")
        && workload.kind() == "Pod"
        && ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"]
            .iter()
            .any(|component| workload.name().starts_with(component));
    let Some(rung) = Rung::of(path, volume.is_writable()) else { return };
    if own_files && rung != Rung::Root {
        return;
    }
    let mounted: Vec<&str> = volume.mounts().map(|mount| mount.container().name()).collect();
    let by = if mounted.is_empty() { String::new() } else { format!(" into {}", mounted.join(", ")) };
    let finding = out.report(rung.rule(), workload, at, "a directory of the node");
    finding.message(format!("{} mounts {path} of its node{by}", workload.address()));
    if let Some(mount) = volume.writable_mount() {
        finding.related(mount.value().origin, format!("writable in container {}", mount.container().name()));
    } else if volume.is_writable().is_no()
        && let Some(mount) = volume.mounts().next()
    {
        finding.related(mount.value().origin, "mounted read-only");
    }
}
