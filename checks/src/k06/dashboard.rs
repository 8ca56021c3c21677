//! The Kubernetes Dashboard.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// The dashboard lets people in without a token.
        ///
        /// ## Why it matters
        /// Whoever reaches the page acts with the rights of the dashboard's own ServiceAccount.
        ///
        /// ## How to fix
        /// Remove the flag, and let people log in with their own tokens.
        ///
        /// ## References
        /// - Kubernetes Dashboard, Arguments
        id: "dashboard-auth-disabled",
        owasp: K06,
        also: [K09],
        severity: Critical,
        title: "the dashboard asks nobody who they are",
        tags: ["external/cwe/cwe-306"],
    },
    rule_row! {
        /// The Kubernetes Dashboard is archived: it gets no fixes.
        ///
        /// ## Why it matters
        /// It shows and changes what its ServiceAccount may, and holes in it stay open.
        ///
        /// ## How to fix
        /// Use a maintained interface, such as Headlamp, or none in the cluster at all.
        ///
        /// ## References
        /// - kubernetes/dashboard, notice in the repository
        id: "dashboard-deployed",
        owasp: K06,
        also: [K07],
        severity: Low,
        title: "the archived Kubernetes Dashboard is deployed",
    },
];

/// No other program has these flags, so they tell what a mirrored image is.
const FLAGS: [&str; 3] = ["--disable-settings-authorizer", "--enable-insecure-login", "--enable-skip-login"];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [unguarded, deployed] = &RULES;
    for container in scan.graph.containers() {
        if let Attr::Known(image, at) = container.image()
            && matches!(image.repository(), Attr::Known(repository, _)
                if repository.starts_with("kubernetesui/dashboard") || repository.contains("kubernetes-dashboard"))
        {
            out.report(deployed, container, at, "archived");
        }
        for word in container.command_line() {
            let Attr::Known(word, at) = word else { continue };
            let (flag, value) = word.split_once('=').unwrap_or((word, "true"));
            if FLAGS.contains(&flag) && value != "false" {
                out.report(unguarded, container, at, "no login is needed");
            }
        }
    }
}
