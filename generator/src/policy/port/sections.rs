//! Everything in a policy but its rules: groups, owners, approvers, attributes, tests, and sections that only Tailscale's
//! service has.

use std::collections::HashSet;

use crate::hujson::{Member, Value, edit, same_name};
use crate::policy::dialect::Feature;

use super::alias::Place;
use super::change::{Change, Effect};
use super::fragments;
use super::tree::{field, items, member, whole};
use super::{Outcome, Porter};

/// More members are not written in place of one group.
const MOST_MEMBERS: usize = 1_000;

/// The sections that headscale reads.
const KNOWN: [&str; 11] = [
    "groups",
    "hosts",
    "tagOwners",
    "acls",
    "grants",
    "nodeAttrs",
    "autoApprovers",
    "ssh",
    "tests",
    "sshTests",
    "randomizeClientPort",
];

impl<'a> Porter<'a> {
    /// Brings all sections but the rules.
    pub(super) fn sections(&mut self) {
        let root = self.root;
        for section in root.as_object().unwrap_or_default() {
            let name = &*section.name.value;
            if !KNOWN.iter().any(|known| same_name(known, name)) {
                self.service_section(section);
            }
        }
        self.groups();
        for owners in members(field(root, "tagOwners")) {
            for owner in items(Some(&owners.value)) {
                self.word(owner, Place::Owner);
            }
        }
        if let Some(approvers) = field(root, "autoApprovers") {
            let routes = members(field(approvers, "routes")).iter().map(|route| &route.value);
            for list in routes.chain(field(approvers, "exitNode")) {
                for approver in items(Some(list)) {
                    self.word(approver, Place::Approver);
                }
            }
        }
        if self.dialect.knows(Feature::NodeAttrs) {
            self.node_attrs();
        }
        self.tests();
    }

    /// A section that headscale does not have.
    fn service_section(&mut self, section: &'a Member) {
        let name = &*section.name.value;
        let is = |other: &str| same_name(name, other);
        let (effect, why) = if is("derpMap") {
            self.fragments.extend(fragments::derp(&section.value));
            (
                Effect::Same,
                "headscale reads its relays from a file of its own: they belong to the declaration's derp",
            )
        } else if is("extraDNSRecords") {
            self.fragments.extend(fragments::records(&section.value));
            (
                Effect::Same,
                "headscale reads them from its own configuration: they belong to the declaration's dns.extraRecords",
            )
        } else if is("disableIPv4") {
            self.disable_ipv4(section);
            return;
        } else if is("postures") || is("defaultSrcPosture") {
            (
                Effect::LeftOut,
                "headscale does not know the state of devices; rules that ask for it are left out whole",
            )
        } else if is("ipsets") {
            (
                Effect::Same,
                "headscale has no ipsets; where they could be, they were written out",
            )
        } else if is("services") {
            (
                Effect::LeftOut,
                "headscale has no services: what was reached through them is not any more",
            )
        } else if is("OneCGNATRoute") {
            (
                Effect::LeftOut,
                "headscale leaves it to the clients how many routes they make of the tailnet's addresses",
            )
        } else if is_note(name) {
            (
                Effect::Same,
                "headscale takes no members of one's own, a comment does as well",
            )
        } else {
            (Effect::LeftOut, "headscale has no such section")
        };
        self.plan.leave_out_member(section, effect, why);
    }

    /// `disableIPv4` is an attribute of all nodes.
    fn disable_ipv4(&mut self, section: &'a Member) {
        if section.value.as_bool() != Some(true) {
            let why = "headscale has no such section, and it said nothing";
            self.plan.leave_out_member(section, Effect::Same, why);
            return;
        }
        if !self.dialect.knows(Feature::NodeAttrs) {
            let why = "headscale 0.28 gives every node the addresses that its configuration asks for";
            self.plan.leave_out_member(section, Effect::LeftOut, why);
            return;
        }
        let entry = "{ \"target\": [\"*\"], \"attr\": [\"disable-ipv4\"] }";
        match field(self.root, "nodeAttrs").filter(|attrs| attrs.as_array().is_some()) {
            Some(attrs) => {
                let why = "headscale has it as an attribute of nodes, in nodeAttrs";
                self.plan.leave_out_member(section, Effect::Same, why);
                let change = Change {
                    span: span_at(attrs),
                    was: String::new(),
                    now: Some(entry.to_owned()),
                    effect: Effect::Same,
                    why: "what disableIPv4 said".to_owned(),
                };
                self.plan.put_in(attrs, vec![entry.to_owned()], Some(change));
            }
            None => {
                let new = format!("\"nodeAttrs\": [{entry}]");
                let why = "headscale has it as an attribute of nodes";
                self.plan.replace(whole(section), new, Effect::Same, why);
            }
        }
    }

    /// `groups`: users need an `@`, groups cannot hold groups.
    fn groups(&mut self) {
        let groups = members(field(self.root, "groups"));
        for group in groups {
            let name = &*group.name.value;
            if !name.starts_with("group:") && !name.contains(':') {
                let new = format!("group:{name}");
                if !groups.iter().any(|other| *other.name.value == *new) {
                    let why = "headscale wants the prefix in the name of a group";
                    self.plan.replace(group.name.span, edit::quote(&new), Effect::Same, why);
                }
            }
            for item in items(Some(&group.value)) {
                self.group_member(groups, item);
            }
        }
    }

    fn group_member(&mut self, groups: &'a [Member], item: &'a Value) {
        let Some(text) = item.as_str() else { return };
        if text.starts_with("group:") && !text.contains('@') {
            if let Some(users) = expand(groups, text) {
                let why = "headscale takes no groups inside of groups: these are its members".to_owned();
                self.carry(item, Outcome::Become(users, Effect::Same, why));
            }
            return;
        }
        // Only users may stand here.
        if self.names.is_bare_user(text, Place::Owner) {
            self.word(item, Place::Owner);
        }
    }

    fn node_attrs(&mut self) {
        for entry in items(field(self.root, "nodeAttrs")) {
            for target in items(field(entry, "target")) {
                self.word(target, Place::Source);
            }
            for attr in items(field(entry, "attr")) {
                if attr.as_str() == Some("funnel") {
                    let why = "headscale has no Funnel: nothing is published to the internet any more";
                    self.plan.leave_out(attr.span, Effect::LeftOut, why);
                }
            }
            if let Some(pool) = member(entry, "ipPool") {
                let why = "headscale hands out addresses as it likes, from the ranges of its configuration";
                self.plan.leave_out_member(pool, Effect::LeftOut, why);
            }
            if let Some(app) = member(entry, "app") {
                let why = "headscale has no app connectors: announce the routes on a subnet router instead";
                self.plan.leave_out_member(app, Effect::LeftOut, why);
            }
            self.notes(entry);
        }
    }

    fn tests(&mut self) {
        for (section, lists) in [("tests", ["accept", "deny", "allow"]), ("sshTests", ["dst", "", ""])] {
            for test in items(field(self.root, section)) {
                self.test(test, section == "tests", &lists);
            }
        }
    }

    fn test(&mut self, test: &'a Value, with_ports: bool, lists: &[&str]) {
        for (old, new) in [("user", "src"), ("allow", "accept")] {
            self.old_name(test, old, new);
        }
        if member(test, "srcPostureAttrs").is_some() {
            let why = "headscale does not know the state of devices, which this test assumes";
            self.plan.leave_out(test.span, Effect::LeftOut, why);
            return;
        }
        self.notes(test);
        let src = field(test, "src").or_else(|| field(test, "user"));
        if let Some((src, text)) = src.and_then(|src| Some((src, src.as_str()?))) {
            match super::translate(text, Place::Test, &mut self.names, self.dialect) {
                Outcome::LeaveOut(why) => {
                    self.plan.leave_out(test.span, Effect::LeftOut, why);
                    return;
                }
                // A test has one source.
                Outcome::Become(words, ..) if words.len() != 1 => {
                    let why = "headscale has more than one word for its source";
                    self.plan.leave_out(test.span, Effect::LeftOut, why);
                    return;
                }
                outcome => self.carry(src, outcome),
            }
        }
        for list in lists.iter().filter(|list| !list.is_empty()) {
            for dst in items(field(test, list)) {
                match with_ports {
                    true => self.destination(dst, Place::Test),
                    false => self.word(dst, Place::Test),
                }
            }
        }
    }

    /// Gives the member `old` of an object the name that it has today; where both are there, only today's counts.
    pub(super) fn old_name(&mut self, object: &'a Value, old: &str, new: &str) {
        let Some(written) = member(object, old) else { return };
        if member(object, new).is_some() {
            let why = format!("the old name of {new}, which is there too");
            self.plan.leave_out_member(written, Effect::Narrower, why);
        } else {
            let why = format!("the name of before 2022 for {new}");
            self.plan
                .replace(written.name.span, edit::quote(new), Effect::Same, why);
        }
    }

    /// Makes comments of members that only people read.
    pub(super) fn notes(&mut self, object: &'a Value) {
        for member in object.as_object().unwrap_or_default() {
            if is_note(&member.name.value) {
                let why = "headscale takes no members of one's own, a comment does as well";
                self.plan.leave_out_member(member, Effect::Same, why);
            }
        }
    }

    /// Defines the groups that stand for people headscale does not know.
    pub(super) fn fill_in_groups(&mut self) {
        // Where all that would name a group is gone, nobody needs it.
        let plan = &self.plan;
        self.names.made.retain(|group, _| {
            let group = edit::quote(group);
            // A destination has ports behind it.
            plan.writes(&group) || plan.writes(&format!("{}:", group.trim_end_matches('"')))
        });
        if self.names.made.is_empty() {
            return;
        }
        let new: Vec<String> = self
            .names
            .made
            .keys()
            .map(|group| format!("{}: []", edit::quote(group)))
            .collect();
        let stand_for: Vec<String> = self
            .names
            .made
            .iter()
            .map(|(group, word)| format!("{group} (was {word})"))
            .collect();
        let why = format!(
            "empty groups, which let nobody in, for people headscale does not know; fill them: {}",
            stand_for.join(", ")
        );
        let change = |span, now: &str| Change {
            span,
            was: String::new(),
            now: Some(now.to_owned()),
            effect: Effect::Narrower,
            why,
        };
        match field(self.root, "groups").filter(|groups| groups.as_object().is_some()) {
            Some(groups) => {
                let change = change(span_at(groups), &new.join(", "));
                self.plan.put_in(groups, new, Some(change));
            }
            None => {
                // Of the wrong type: the one that is put in takes its place.
                if let Some(groups) = member(self.root, "groups") {
                    let why = "groups is an object: a list of users for each group";
                    self.plan.leave_out_member(groups, Effect::Narrower, why);
                }
                let section = format!("\"groups\": {{\n  {},\n}}", new.join(",\n  "));
                let change = change(span_at(self.root), &new.join(", "));
                self.plan.put_in(self.root, vec![section], Some(change));
            }
        }
    }
}

/// The members of the group `name` and of all groups in it. `None` where one of them is not defined, or holds what is
/// no user.
fn expand(groups: &[Member], name: &str) -> Option<Vec<String>> {
    let mut users: Vec<String> = Vec::new();
    let (mut known, mut seen) = (HashSet::new(), HashSet::from([name]));
    let mut open = vec![name];
    while let Some(name) = open.pop() {
        let group = groups.iter().find(|group| *group.name.value == *name)?;
        for member in super::tree::strings(&group.value) {
            if member.contains('@') {
                if known.insert(member) {
                    users.push(member.to_owned());
                }
            } else if member.starts_with("group:") {
                if seen.insert(member) {
                    open.push(member);
                }
            } else if member.contains(':') {
                return None;
            } else if known.insert(member) {
                users.push(format!("{member}@"));
            }
        }
    }
    (!users.is_empty() && users.len() <= MOST_MEMBERS).then_some(users)
}

/// The members of an object.
fn members(value: Option<&Value>) -> &[Member] {
    value.and_then(Value::as_object).unwrap_or_default()
}

/// The place of what is put in after a value's opening bracket.
fn span_at(value: &Value) -> crate::source::Span {
    crate::source::Span {
        end: value.span.start,
        ..value.span
    }
}

/// Names of members that people put into rules for themselves.
pub(super) fn is_note(name: &str) -> bool {
    name.starts_with(['#', '_', '/', '$'])
        || ["comment", "comments", "note", "notes", "description", "name", "title"]
            .iter()
            .any(|note| same_name(note, name))
}
