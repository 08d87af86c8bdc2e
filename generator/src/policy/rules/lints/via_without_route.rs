//! TN913: `via` where nothing can be led.

use super::subject::Linted;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::net::known::TAILNET;
use crate::policy::words::{Alias, Autogroup};

/// The page of TN913.
pub const PAGE: Page = Page {
    code: Code(913),
    severity: Severity::Warning,
    name: "via-without-route",
    what: "A grant with `via` has no destination behind a router, or opens nothing.",
    why: "`via` leads traffic for networks (or the internet) through the nodes with a tag, and a grant that has it does \
          nothing else (`compileViaGrant`, hscontrol/policy/v2): nodes are reached directly, `*` is the tailnet \
          and not what lies behind it, and capabilities are left out.",
    wrong: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:router": [], "tag:web": [] },
  "grants": [
    { "src": ["autogroup:member"], "dst": ["tag:web"], "ip": ["tcp:443"], "via": ["tag:router"] },
//                                         ^^^^^^^^^ TN913: nothing of this is behind a router
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:router": [] },
  "grants": [
    { "src": ["autogroup:member"], "dst": ["192.168.7.0/24"], "ip": ["tcp:443"], "via": ["tag:router"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Looks at every grant with `via`; in a known tailnet also whether a node with the tag leads there.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    let hosts = linted.hosts();
    let grants = linted.document.grants.iter().flatten().take(linted.own.grants);
    for grant in grants.filter(|grant| !grant.via.is_empty() && !linted.is_wrong(grant.span)) {
        let Some(first) = grant.via.first() else { continue };
        if grant.ip.is_empty() {
            found.push(
                Diagnostic::new(
                    &PAGE,
                    first.span,
                    "a grant with via gives no capabilities, so this does nothing",
                )
                .help("leave via out: capabilities are not led anywhere"),
            );
            continue;
        }
        let is_behind = |alias: &Alias| {
            *alias == Alias::Autogroup(Autogroup::Internet)
                || hosts.network(alias).is_some_and(|net| !TAILNET.contains_net(net))
        };
        let mut destinations = grant.dst.iter();
        let Some(destination) = destinations.clone().next() else {
            continue;
        };
        if !destinations.any(|alias| is_behind(&alias.value)) {
            found.push(
                Diagnostic::new(
                    &PAGE,
                    destination.span,
                    "nothing of this is behind a router, so via does nothing",
                )
                .help("name networks, hosts outside the tailnet or autogroup:internet, or leave via out"),
            );
            continue;
        }
        let Some(index) = linted.lowered.map(|lowered| lowered.index()) else {
            continue;
        };
        let mut routers = grant.via.iter().flat_map(|tag| index.nodes_tagged(tag.value.as_str()));
        let leads = routers.any(|&node| {
            let announced = &index.node(node).announced;
            grant.dst.iter().any(|alias| match &alias.value {
                Alias::Autogroup(Autogroup::Internet) => {
                    announced.iter().copied().any(crate::net::known::is_exit_route)
                }
                other => hosts.network(other).is_some_and(|net| {
                    announced
                        .iter()
                        .any(|route| route.contains(&net) || net.contains(route))
                }),
            })
        });
        if !leads {
            let message = format!(
                "no node with {:?} announces a route to any of this rule's destinations",
                first.value.as_str()
            );
            found.push(Diagnostic::new(&PAGE, first.span, message).help("name the tag of a node that announces it"));
        }
    }
}
