//! TN407: a quorum that an even number does not help.

use crate::cluster::declaration::Declaration;
use crate::cluster::listeners;
use crate::cluster::sample::sample;
use crate::cluster::words::K3sRole;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Spanned;

/// The page of TN407.
pub const PAGE: Page = Page {
    code: Code(407),
    severity: Severity::Error,
    name: "even-number-of-etcd-servers",
    what: "An even number of k3s servers keeps its state in etcd.",
    why: "etcd works while more than half of its members are there: four survive the loss of one, as three do, \
          and two survive none, so that either being down stops the cluster.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: {
    primer: { tags: ["tag:primer"], k3s: "server" },
    second: { tags: ["tag:primer"], k3s: "server" },
//                                       ^^^^^^^^ TN407
  },
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: {
    primer: { tags: ["tag:primer"], k3s: "server" },
    second: { tags: ["tag:primer"], k3s: "server" },
    third: { tags: ["tag:primer"], k3s: "server" },
  },
}
"#
    )),
};

/// Judges the number of servers.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let servers: Vec<&Spanned<K3sRole>> = declaration
        .nodes
        .values()
        .filter_map(|node| node.k3s.as_ref())
        .filter(|role| role.value == K3sRole::Server)
        .collect();
    if listeners::has_etcd(declaration)
        && servers.len().is_multiple_of(2)
        && let Some(last) = servers.last()
    {
        findings.push(
            Diagnostic::new(
                &PAGE,
                last.span,
                format!(
                    "{} servers with etcd survive the loss of no more than {} do",
                    servers.len(),
                    servers.len() - 1
                ),
            )
            .help("have one server more, or one less"),
        );
    }
}
