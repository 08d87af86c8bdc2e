//! What lints look at.

use std::collections::{HashMap, HashSet};

use ipnet::IpNet;

use super::mentions::mentions;
use super::units::{Unit, units};
use crate::diagnostics::{Diagnostic, Edit, Fix, Page, Severity};
use crate::hujson::{Kind, Value, edit, fold_name};
use crate::input::{Inputs, Origin};
use crate::policy::document::Document;
use crate::policy::lower::Lowered;
use crate::policy::mentions::owners;
use crate::policy::permit::{Permit, Section};
use crate::policy::rules::places::{Reference, references};
use crate::policy::rules::wording::quote;
use crate::policy::tailnet::Tailnet;
use crate::policy::words::{Alias, Owner};
use crate::source::{SourceId, Span};

/// The networks that `hosts` names.
#[derive(Debug)]
pub(super) struct Hosts<'a>(HashMap<&'a str, IpNet>);

impl Hosts<'_> {
    /// The network that `alias` names, by itself or through `hosts`.
    pub(super) fn network(&self, alias: &Alias) -> Option<IpNet> {
        match alias {
            Alias::Prefix(prefix) => Some(prefix.network()),
            Alias::Host(host) => self.0.get(host.as_str()).copied(),
            _ => None,
        }
    }
}

/// How many entries of each section are the user's own; what is derived comes after them.
#[derive(Clone, Copy, Debug)]
pub struct Own {
    /// `groups`
    pub groups: usize,
    /// `hosts`
    pub hosts: usize,
    /// `tagOwners`
    pub tag_owners: usize,
    /// `acls`
    pub acls: usize,
    /// `grants`
    pub grants: usize,
    /// `nodeAttrs`
    pub node_attrs: usize,
    /// `autoApprovers.routes`
    pub routes: usize,
    /// `autoApprovers.exitNode`
    pub exit_node: usize,
    /// `ssh`
    pub ssh: usize,
    /// `tests`
    pub tests: usize,
    /// `sshTests`
    pub ssh_tests: usize,
}

impl Own {
    /// Everything: the policy is nothing but the user's.
    pub const ALL: Self = Self {
        groups: usize::MAX,
        hosts: usize::MAX,
        tag_owners: usize::MAX,
        acls: usize::MAX,
        grants: usize::MAX,
        node_attrs: usize::MAX,
        routes: usize::MAX,
        exit_node: usize::MAX,
        ssh: usize::MAX,
        tests: usize::MAX,
        ssh_tests: usize::MAX,
    };
}

/// A policy that is to be linted.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The policy.
    pub document: &'a Document,
    /// The texts it was read from.
    pub inputs: &'a Inputs,
    /// What of it is the user's own.
    pub own: Own,
    /// The tailnet it is judged by, if there is one.
    pub tailnet: Option<&'a Tailnet>,
    /// The policy in that tailnet; `None` also when there are errors.
    pub lowered: Option<&'a Lowered<'a>>,
}

/// How many fixes of one kind are worked out: each looks at the whole list that something is taken out of.
pub(super) const FIXES: usize = 16;

/// The subject, with what several lints ask for.
pub(super) struct Linted<'a> {
    /// The policy.
    pub(super) document: &'a Document,
    /// What of it is the user's own.
    pub(super) own: Own,
    /// The tailnet.
    pub(super) tailnet: Option<&'a Tailnet>,
    /// The policy in that tailnet.
    pub(super) lowered: Option<&'a Lowered<'a>>,
    /// All aliases, in the order written.
    pub(super) references: Vec<Reference<'a>>,
    /// The user's own rules of `grants` and `acls`, destination by destination, without those that an error touches.
    pub(super) units: Vec<Unit<'a>>,
    /// What names stand where something could not be read.
    mentioned: HashSet<String>,
    inputs: &'a Inputs,
    /// The places of everything found before, and of errors alone, in order.
    blamed: Vec<Span>,
    errors: Vec<Span>,
    pointed_at: HashSet<(SourceId, u32)>,
}

impl<'a> Linted<'a> {
    /// Looks at `subject`, of which `before` was found.
    pub(super) fn new(subject: &Subject<'a>, before: &[Diagnostic]) -> Self {
        let sorted = |errors_only: bool| {
            let mut spans: Vec<Span> = before
                .iter()
                .filter(|found| !errors_only || found.severity == Severity::Error)
                .filter_map(|found| found.span)
                .collect();
            spans.sort_unstable_by_key(|span| (span.source, span.start));
            spans
        };
        let errors = sorted(true);
        let mut linted = Self {
            document: subject.document,
            own: subject.own,
            tailnet: subject.tailnet,
            lowered: subject.lowered,
            references: references(subject.document),
            units: Vec::new(),
            mentioned: mentions(subject.inputs, &errors),
            inputs: subject.inputs,
            blamed: sorted(false),
            errors,
            pointed_at: before
                .iter()
                .flat_map(|found| &found.related)
                .map(|(span, _)| (span.source, span.start))
                .collect(),
        };
        let all = units(subject.document, subject.own);
        linted.units = all.into_iter().filter(|unit| !linted.is_wrong(unit.rule)).collect();
        linted
    }

    /// Whether an error lies inside `span`, or is about all of it.
    pub(super) fn is_wrong(&self, span: Span) -> bool {
        holds(&self.errors, span)
    }

    /// Whether anything was found inside `span`: a second finding about the same would say nothing new.
    pub(super) fn is_blamed(&self, span: Span) -> bool {
        holds(&self.blamed, span)
    }

    /// Whether something was found about exactly what is at `span`.
    pub(super) fn is_said(&self, span: Span) -> bool {
        self.blamed.contains(&span)
    }

    /// Whether anything was found about the name at `span`, or points at it: an unknown name was probably meant to be it.
    pub(super) fn is_spoken_of(&self, span: Span) -> bool {
        self.is_blamed(span) || self.pointed_at.contains(&(span.source, span.start))
    }

    /// Whether there are rules of any kind.
    pub(super) fn has_rules(&self) -> bool {
        let document = self.document;
        document.acls.is_some() || document.grants.is_some() || !document.ssh.is_empty()
    }

    /// Whether the policy's text has a member `acls` or `grants` that is not null, whatever could be made of it.
    pub(super) fn has_rules_key(&self) -> bool {
        let input = self.inputs.get(self.document.span.source);
        let members = match input.and_then(|input| input.tree.as_ref()).map(|tree| &tree.kind) {
            Some(Kind::Object(members)) => members.as_slice(),
            _ => &[],
        };
        let mut members = members.iter().filter(|member| !member.value.is_null());
        members.any(|member| ["acls", "grants"].contains(&fold_name(&member.name.value).as_ref()))
    }

    /// Whether there is any error at all.
    pub(super) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Whether `name`, with its prefix or without, stands in something that could not be read.
    pub(super) fn is_mentioned(&self, name: &str) -> bool {
        let short = name.split_once(':').map_or(name, |(_, short)| short);
        self.mentioned.contains(name) || self.mentioned.contains(short)
    }

    /// Whether an error lies in the member whose name is at `name`: its value is then not all that was written.
    pub(super) fn is_member_wrong(&self, name: Span) -> bool {
        let tree = self.inputs.get(name.source).and_then(|input| input.tree.as_ref());
        let Some((parent, index)) = tree.and_then(|tree| parent_of(tree, name)) else {
            return true;
        };
        match &parent.kind {
            Kind::Object(members) => members
                .get(index)
                .is_none_or(|member| self.is_wrong(name) || self.is_wrong(member.value.span)),
            _ => true,
        }
    }

    /// Whether `permit` is of one of the user's own rules.
    pub(super) fn is_own(&self, permit: &Permit) -> bool {
        let position = permit.rule as usize;
        match permit.section {
            Section::Absent => false,
            Section::Grants => position < self.own.grants,
            Section::Acls => position < self.own.acls,
        }
    }

    /// What `hosts` says.
    pub(super) fn hosts(&self) -> Hosts<'a> {
        let hosts = self.document.hosts.iter();
        let hosts = hosts.map(|host| (host.name.value.as_str(), host.prefix.value.network()));
        Hosts(hosts.collect())
    }

    /// The groups that something names: a rule, a test, an owner of a tag, an approver.
    pub(super) fn used_groups(&self) -> HashSet<&'a str> {
        let aliases = self.references.iter().filter_map(|reference| match reference.alias {
            Alias::Group(name) => Some(name.as_str()),
            _ => None,
        });
        let owners = owners(self.document).filter_map(|owner| match &owner.value {
            Owner::Group(name) => Some(name.as_str()),
            Owner::User(_) | Owner::Tag(_) => None,
        });
        aliases.chain(owners).collect()
    }

    /// Reports those of `names` that are not `used`; `help` says what to do.
    pub(super) fn unused(
        &self,
        page: &'static Page,
        names: impl Iterator<Item = (&'a str, Span)>,
        used: &HashSet<&str>,
        help: &str,
        found: &mut Vec<Diagnostic>,
    ) {
        let unused =
            names.filter(|(name, span)| !used.contains(name) && !self.is_mentioned(name) && !self.is_spoken_of(*span));
        for (count, (name, span)) in unused.enumerate() {
            let name = quote(name);
            let mut finding = Diagnostic::new(page, span, format!("nothing uses {name}")).help(help);
            let fix = (count < FIXES).then(|| self.removal(span, format!("take {name} out")));
            if let Some(fix) = fix.flatten() {
                finding = finding.fix(fix);
            }
            found.push(finding);
        }
    }

    /// Takes the member whose name, or the element that, is at `span` out of its text. Never done unasked: the text says
    /// less than before.
    pub(super) fn removal(&self, span: Span, title: impl Into<String>) -> Option<Fix> {
        let input = self.inputs.get(span.source)?;
        if input.origin != Origin::File {
            return None;
        }
        let (parent, index) = parent_of(input.tree.as_ref()?, span)?;
        let edits: Vec<Edit> = edit::remove(&input.text, input.flavour, parent, &[index])?;
        Some(Fix {
            title: title.into(),
            edits,
            safe: false,
        })
    }
}

/// Whether one of `places`, which are in order, lies in `span`.
fn holds(places: &[Span], span: Span) -> bool {
    let from = places.partition_point(|other| (other.source, other.start) < (span.source, span.start));
    let inside = places.iter().skip(from);
    inside
        .take_while(|other| other.source == span.source && other.start <= span.end)
        .any(|other| span.encloses(*other))
}

/// The list or object of which the element or the member's name at `span` is one, and its position.
fn parent_of(tree: &Value, span: Span) -> Option<(&Value, usize)> {
    let mut value = tree;
    loop {
        let (at, is_it, inside) = match &value.kind {
            Kind::Object(members) => {
                let after = members.partition_point(|member| member.name.span.start <= span.start);
                let at = after.checked_sub(1)?;
                let member = members.get(at)?;
                (at, member.name.span == span, &member.value)
            }
            Kind::Array(items) => {
                let after = items.partition_point(|item| item.span.start <= span.start);
                let at = after.checked_sub(1)?;
                let item = items.get(at)?;
                (at, item.span == span, item)
            }
            _ => return None,
        };
        if is_it {
            return Some((value, at));
        }
        value = inside;
    }
}

/// A rule as headscale counts it.
pub(super) fn path(section: Section, position: usize) -> String {
    match section {
        Section::Acls => format!("acls[{position}]"),
        Section::Grants | Section::Absent => format!("grants[{position}]"),
    }
}
