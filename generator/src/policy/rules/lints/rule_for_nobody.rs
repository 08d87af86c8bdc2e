//! TN900: a rule that can match nothing.

use std::collections::HashSet;

use super::subject::Linted;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::net::AddrSet;
use crate::net::known::is_exit_route;
use crate::policy::lower::Lowered;
use crate::policy::permit::Permit;
use crate::policy::rules::wording::quote;
use crate::policy::tailnet::AliasId;
use crate::policy::words::{Alias, Autogroup};
use crate::source::Span;

/// The page of TN900.
pub const PAGE: Page = Page {
    code: Code(900),
    severity: Severity::Warning,
    name: "rule-for-nobody",
    what: "A rule has no source, or no destination, that is anybody or anything.",
    why: "headscale takes the rule and sends nothing of it. In a known tailnet also: a tag that no node has, an address \
          that is no node's and behind no subnet router, the internet while no node is an exit node.",
    wrong: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:web": ["alice@"], "tag:build": ["alice@"] },
  "grants": [
    { "src": ["tag:build"], "dst": ["tag:web"], "ip": ["tcp:443"] },
//            ^^^^^^^^^^^ TN900: no node is a source of this rule: none has "tag:build"
  ],
}
"#,
        topology: Some(
            r#"{ "users": [{ "name": "alice" }], "nodes": { "web": { "tags": ["tag:web"], "ipv4": "100.64.0.2" } } }"#,
        ),
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:web": ["alice@"] },
  "grants": [
    { "src": ["alice@"], "dst": ["tag:web"], "ip": ["tcp:443"] },
  ],
}
"#,
        topology: Some(
            r#"{
  "users": [{ "name": "alice" }],
  "nodes": {
    "web": { "tags": ["tag:web"], "ipv4": "100.64.0.2" },
    "laptop": { "user": "alice", "ipv4": "100.64.0.3" },
  },
}"#,
        ),
        dialect: "0.29",
    },
};

/// Looks at every rule.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    empty_lists(linted, found);
    let Some(lowered) = linted.lowered.filter(|lowered| lowered.index().node_count() > 0) else {
        return;
    };
    let reachable = Reachable::of(lowered);
    let mut permits = lowered
        .permits()
        .values()
        .filter(|permit| linted.is_own(permit))
        .peekable();
    while let Some(first) = permits.next() {
        let mut all = vec![first];
        while let Some(next) = permits.next_if(|next| (next.section, next.rule) == (first.section, first.rule)) {
            all.push(next);
        }
        // What it names wrongly, or what is empty by itself, was said.
        if linted.is_blamed(first.span) || names_what_is_unknown(lowered, &all) {
            continue;
        }
        let sources = lowered.sources(first.sources);
        let some_source = sources.wildcard
            || sources.danger_all
            || !sources.nodes.is_empty()
            || sources.set.overlaps(&reachable.routes);
        if !some_source {
            let aliases = sources.aliases.iter().copied().zip(first.source_spans.iter().copied());
            found.extend(report("source", lowered, aliases));
            continue;
        }
        // `via` has rules of its own: TN913.
        if !first.via.is_empty() {
            continue;
        }
        let some_destination = all.iter().any(|permit| reachable.has_destination(lowered, permit));
        if !some_destination {
            let aliases = all.iter().flat_map(|permit| &permit.destinations);
            found.extend(report(
                "destination",
                lowered,
                aliases.map(|alias| (alias.value, alias.span)),
            ));
        }
    }
}

/// Rules with an empty list. What could not be read is no empty list.
fn empty_lists(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    let document = linted.document;
    let grants = document.grants.iter().flatten().take(linted.own.grants);
    let grants = grants.map(|grant| (grant.span, grant.src.is_empty(), grant.dst.is_empty()));
    let acls = document.acls.iter().flatten().take(linted.own.acls);
    let acls = acls.map(|acl| (acl.span, acl.src.is_empty(), acl.dst.is_empty()));
    let ssh = document.ssh.iter().take(linted.own.ssh);
    let ssh = ssh.map(|rule| (rule.span, rule.src.is_empty(), rule.dst.is_empty()));
    for (span, no_source, no_destination) in grants.chain(acls).chain(ssh) {
        let lacking = match (no_source, no_destination) {
            (true, _) => "source",
            (_, true) => "destination",
            _ => continue,
        };
        if !linted.is_blamed(span) {
            found.push(
                Diagnostic::new(&PAGE, span, format!("this rule has no {lacking}"))
                    .help("name who and whom it is for, or leave it out"),
            );
        }
    }
}

/// Whether some of the names of a rule mean nobody by themselves, or nobody yet: users that are unknown or have no device,
/// groups without members. People come and go.
fn names_what_is_unknown(lowered: &Lowered<'_>, permits: &[&Permit]) -> bool {
    let resolver = lowered.resolver();
    let unknown = |alias: AliasId| {
        let is_person = matches!(
            resolver.alias(alias),
            Alias::User(_) | Alias::Group(_) | Alias::Autogroup(Autogroup::Member)
        );
        let resolved = resolver.get(alias);
        (is_person && resolved.nodes.is_empty()) || !resolved.errors.is_empty()
    };
    permits.iter().any(|permit| {
        let sources = lowered.sources(permit.sources).aliases.iter().copied();
        sources
            .chain(permit.destinations.iter().map(|alias| alias.value))
            .any(unknown)
    })
}

/// What can be reached in a tailnet apart from its nodes.
struct Reachable {
    /// Networks that nodes announce, approved or not: approving is another matter.
    routes: AddrSet,
    /// Whether some node offers to be an exit node.
    internet: bool,
}

impl Reachable {
    fn of(lowered: &Lowered<'_>) -> Self {
        let nodes = &lowered.index().tailnet().nodes;
        let announced = nodes.iter().flat_map(|node| &node.announced).copied();
        Self {
            internet: announced.clone().any(is_exit_route),
            routes: announced.filter(|net| !is_exit_route(*net)).collect(),
        }
    }

    fn has_destination(&self, lowered: &Lowered<'_>, permit: &Permit) -> bool {
        let resolver = lowered.resolver();
        permit.own_devices.is_some()
            || permit.destinations.iter().any(|destination| {
                let resolved = resolver.get(destination.value);
                match resolver.alias(destination.value) {
                    Alias::Wildcard => true,
                    Alias::Autogroup(Autogroup::Internet) => self.internet,
                    // An address of the internet is reached through an exit node as well.
                    Alias::Prefix(_) | Alias::Host(_) => {
                        self.internet || !resolved.nodes.is_empty() || resolved.set.overlaps(&self.routes)
                    }
                    _ => !resolved.nodes.is_empty(),
                }
            })
    }
}

fn report(end: &str, lowered: &Lowered<'_>, aliases: impl Iterator<Item = (AliasId, Span)>) -> Option<Diagnostic> {
    let resolver = lowered.resolver();
    let aliases: Vec<(AliasId, Span)> = aliases.collect();
    let (_, span) = aliases.first()?;
    let mut seen = HashSet::new();
    let reasons: Vec<String> = aliases
        .iter()
        .filter(|(alias, _)| seen.insert(*alias))
        .take(3)
        .map(|(alias, _)| why(resolver.alias(*alias)))
        .collect();
    let more = if seen.len() > 3 { ", ..." } else { "" };
    let message = format!("no node is a {end} of this rule: {}{more}", reasons.join(", "));
    let mut finding = Diagnostic::new(&PAGE, *span, message);
    let is = |wanted: fn(&Alias) -> bool| aliases.iter().any(|(alias, _)| wanted(resolver.alias(*alias)));
    if is(|alias| matches!(alias, Alias::Tag(_))) {
        finding = finding.help("give the tag to a node, or leave the rule out");
    }
    Some(finding)
}

/// Why `alias` is nobody.
fn why(alias: &Alias) -> String {
    let name = quote(&alias.to_string());
    match alias {
        Alias::Tag(_) => format!("none has {name}"),
        Alias::Host(_) | Alias::Prefix(_) => format!("{name} is no node's address and behind no router"),
        Alias::Autogroup(Autogroup::Internet) => "none is an exit node".to_owned(),
        Alias::Autogroup(Autogroup::Tagged) => "none is tagged".to_owned(),
        _ => "none is a person's".to_owned(),
    }
}
