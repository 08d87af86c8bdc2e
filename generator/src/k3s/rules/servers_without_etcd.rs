//! TN408: several servers with nothing in common.

use crate::cluster::declaration::Declaration;
use crate::cluster::listeners;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN408.
pub const PAGE: Page = Page {
    code: Code(408),
    severity: Severity::Error,
    name: "servers-without-etcd",
    what: "There are several k3s servers, and the embedded etcd is off.",
    why: "Without it every server keeps its state in a file of its own, and a second one cannot join: `cannot \
          join with sqlite`.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: {
    primer: { tags: ["tag:primer"], k3s: "server" },
    second: { tags: ["tag:primer"], k3s: "server" },
    third: { tags: ["tag:primer"], k3s: "server" },
  },
  k3s: { embeddedEtcd: false },
//                     ^^^^^ TN408
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

/// Judges the datastore.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let Some(etcd) = declaration.k3s.embedded_etcd.as_ref().filter(|etcd| !etcd.value) else {
        return;
    };
    let servers = listeners::servers(declaration).count();
    if servers > 1 {
        findings.push(
            Diagnostic::new(
                &PAGE,
                etcd.span,
                format!("{servers} servers need the embedded etcd to share their state"),
            )
            .help("leave `embeddedEtcd` out"),
        );
    }
}
