//! What is added to a policy: access that is declared by purpose, and what k3s, monitoring and announced routes need.
//!
//! Additions are drafted as texts with the places of the options that ask for them, then read by the policy's own
//! reader: a preset can say nothing that a policy could not, and a mistake in one is found as it would be in a policy,
//! at the preset's place.

mod access;
mod k3s;
mod monitoring;
mod routes;
pub(crate) mod tags;

use crate::cluster::declaration::Declaration;
use crate::cluster::words::{ServicePorts, Tag};
use crate::diagnostics::Diagnostic;
use crate::hujson::{Kind, Member, Value};
use crate::policy::dialect::{Dialect, Feature};
use crate::policy::document::Document;
use crate::source::{Span, Spanned};

/// Why something was added to the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// What for: a phrase.
    pub why: String,
    /// The option that asks for it.
    pub span: Span,
}

/// Who or what, in the policy's words.
pub(super) type Name = Spanned<Box<str>>;

/// One end of a rule.
#[derive(Clone, Debug)]
pub(super) struct Side {
    /// Who, in the policy's words.
    pub names: Vec<Name>,
    /// Which nodes are meant, where that is less than the names say. `None`: whom the names mean.
    pub nodes: Option<Vec<usize>>,
}

impl Side {
    /// Selectors of a preset.
    fn selectors(selectors: &[Spanned<crate::cluster::words::Selector>]) -> Self {
        Self {
            names: selectors
                .iter()
                .map(|selector| selector.clone().map(|s| s.as_str().into()))
                .collect(),
            nodes: None,
        }
    }
}

/// Who may reach what.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub from: Side,
    pub to: Side,
    pub ports: Vec<Spanned<ServicePorts>>,
    pub derived: Derived,
}

/// Who may log in through Tailscale SSH.
#[derive(Clone, Debug)]
pub(super) struct SshRule {
    pub from: Side,
    pub to: Side,
    pub logins: Vec<Name>,
    pub check: Option<Name>,
    pub accept_env: Vec<Name>,
    pub derived: Derived,
}

/// All that is added, in the order in which it is added.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub rules: Vec<Rule>,
    /// What is needed and not added: the policy has to give it itself.
    pub asked: Vec<Rule>,
    pub ssh: Vec<SshRule>,
    /// Tags that only pre-auth keys give.
    pub tags: Vec<Spanned<Tag>>,
    /// CIDR, approver.
    pub routes: Vec<(Name, Name)>,
    /// Approvers of exit nodes.
    pub exit_nodes: Vec<Name>,
}

/// Drafts what `declaration` adds to its policy. `own_tags`: whether the policy itself says who owns a tag.
pub(super) fn draft(declaration: &Declaration, own_tags: bool, findings: &mut Vec<Diagnostic>) -> Draft {
    let mut draft = Draft::default();
    access::ssh(declaration, &mut draft);
    access::kubectl(declaration, &mut draft, findings);
    access::services(declaration, &mut draft);
    if declaration.policy.derive.value {
        k3s::needs(declaration, &mut draft, findings);
        monitoring::needs(declaration, &mut draft, findings);
        routes::needs(declaration, &mut draft);
        if !own_tags {
            draft.tags = tags::of_nodes(declaration);
        }
    } else {
        let mut asked = Draft::default();
        // Nothing is named where nothing is added: how well it could be is nobody's concern.
        k3s::needs(declaration, &mut asked, &mut Vec::new());
        monitoring::needs(declaration, &mut asked, &mut Vec::new());
        draft.asked = asked.rules;
    }
    draft
}

impl Draft {
    /// Reads the draft. Its lists have as many entries, in the same order, as the document's.
    pub(super) fn read(&self, span: Span, dialect: Dialect, findings: &mut Vec<Diagnostic>) -> Document {
        let mut sections = Vec::new();
        let rules = self.rules.iter();
        if dialect.knows(Feature::Grants) {
            sections.push(("grants", rules.map(grant).collect()));
        } else {
            sections.push(("acls", rules.flat_map(acls).collect()));
        }
        sections.push(("ssh", self.ssh.iter().map(ssh).collect()));
        let mut members: Vec<Member> = sections
            .into_iter()
            .map(|(name, entries)| member(name, list(entries, span)))
            .collect();
        let tags = self.tags.iter().map(|tag| Member {
            name: tag.clone().map(|tag| tag.as_str().into()),
            value: list(Vec::new(), tag.span),
        });
        members.push(member("tagOwners", value(Kind::Object(tags.collect()), span)));
        members.push(member("autoApprovers", self.approvers(span)));
        crate::policy::read::read(&value(Kind::Object(members), span), None, dialect, findings)
    }

    fn approvers(&self, span: Span) -> Value {
        let mut routes: Vec<Member> = Vec::new();
        for (route, approver) in &self.routes {
            let approver = word(approver);
            let known = routes.iter_mut().find(|member| member.name.value == route.value);
            match known.map(|member| &mut member.value.kind) {
                Some(Kind::Array(approvers)) => {
                    if approvers.iter().all(|known| known.kind != approver.kind) {
                        approvers.push(approver);
                    }
                }
                _ => routes.push(Member {
                    name: route.clone(),
                    value: list(vec![approver], route.span),
                }),
            }
        }
        let exit_nodes = self.exit_nodes.iter().map(word).collect();
        let members = vec![
            member("routes", value(Kind::Object(routes), span)),
            member("exitNode", list(exit_nodes, span)),
        ];
        value(Kind::Object(members), span)
    }
}

/// `rule` as a grant.
fn grant(rule: &Rule) -> Value {
    let ports = rule
        .ports
        .iter()
        .map(|ports| string(&ports.value.to_string(), ports.span));
    object(
        rule.derived.span,
        [
            ("src", words(&rule.from.names, rule.derived.span)),
            ("dst", words(&rule.to.names, rule.derived.span)),
            ("ip", list(ports.collect(), rule.derived.span)),
        ],
    )
}

/// `rule` as ACLs, one for each transport: 0.28 knows no grants.
fn acls(rule: &Rule) -> Vec<Value> {
    let span = rule.derived.span;
    let acl = |(transport, ports): (&str, String)| {
        let dst = rule
            .to
            .names
            .iter()
            .map(|name| string(&format!("{}:{ports}", name.value), name.span));
        object(
            span,
            [
                ("action", string("accept", span)),
                ("proto", string(transport, span)),
                ("src", words(&rule.from.names, span)),
                ("dst", list(dst.collect(), span)),
            ],
        )
    };
    by_transport(&rule.ports).into_iter().map(acl).collect()
}

/// The ports of each transport, joined by commas, in the order of the first of each.
fn by_transport(ports: &[Spanned<ServicePorts>]) -> Vec<(&'static str, String)> {
    let mut found: Vec<(&str, String)> = Vec::new();
    for ports in ports {
        let transport = ports.value.transport.as_str();
        let shown = ports.value.ports();
        match found.iter_mut().find(|(name, _)| *name == transport) {
            Some((_, list)) => {
                list.push(',');
                list.push_str(&shown);
            }
            None => found.push((transport, shown)),
        }
    }
    found
}

/// How many entries of a policy's rule list a rule becomes.
pub(super) fn entries_of(rule: &Rule, dialect: Dialect) -> usize {
    if dialect.knows(Feature::Grants) {
        1
    } else {
        by_transport(&rule.ports).len()
    }
}

fn ssh(rule: &SshRule) -> Value {
    let span = rule.derived.span;
    let action = if rule.check.is_some() { "check" } else { "accept" };
    let mut members = vec![
        ("action", string(action, span)),
        ("src", words(&rule.from.names, span)),
        ("dst", words(&rule.to.names, span)),
        ("users", words(&rule.logins, span)),
    ];
    members.extend(rule.check.iter().map(|check| ("checkPeriod", word(check))));
    if !rule.accept_env.is_empty() {
        members.push(("acceptEnv", words(&rule.accept_env, span)));
    }
    object(span, members)
}

fn value(kind: Kind, span: Span) -> Value {
    Value { kind, span }
}
fn string(text: &str, span: Span) -> Value {
    value(Kind::String(text.into()), span)
}
fn word(word: &Name) -> Value {
    value(Kind::String(word.value.clone()), word.span)
}
fn words(words: &[Name], span: Span) -> Value {
    list(words.iter().map(word).collect(), span)
}
fn list(items: Vec<Value>, span: Span) -> Value {
    value(Kind::Array(items), span)
}
fn member(name: &str, value: Value) -> Member {
    Member {
        name: Spanned::new(name.into(), value.span),
        value,
    }
}
fn object(span: Span, members: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let members = members.into_iter().map(|(name, value)| member(name, value));
    value(Kind::Object(members.collect()), span)
}

/// How a policy names the user `name` who has no email: a name that has no `@` of its own gets one at the end.
pub(crate) fn user_token(name: &str) -> String {
    if name.contains('@') {
        name.to_owned()
    } else {
        format!("{name}@")
    }
}
