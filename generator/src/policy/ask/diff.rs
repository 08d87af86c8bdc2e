//! What a change changes: not of the text, but of who reaches what. Nodes are the same when their names are.

use std::collections::BTreeMap;

use super::classes::{Classes, Part, parts};
use super::opens::{Atlas, End, Opens};
use crate::policy::permit::PermitId;
use crate::policy::tailnet::NodeId;

/// Between whom something changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Nodes that neither the old nor the new rules tell apart, by name.
    pub from: Vec<String>,
    /// Where to.
    pub to: Where,
    /// What becomes reachable.
    pub opened: Opens,
    /// What no longer is.
    pub closed: Opens,
    /// The rules of the new policy that open it.
    pub opened_by: Vec<PermitId>,
    /// The rules of the old policy that had opened it.
    pub closed_by: Vec<PermitId>,
}

/// A destination of a [`Change`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    /// Nodes, by name.
    Nodes(Vec<String>),
    /// A part of a routed network.
    Behind(Part),
}

/// All changes, sources in the order of names.
#[must_use]
pub fn diff(old: &Atlas<'_, '_>, new: &Atlas<'_, '_>) -> Vec<Change> {
    let groups = groups(old, new);
    let parts = parts(&[old, new]);
    let mut changes = Vec::new();
    for from in &groups {
        let Some(sender) = from.first() else { continue };
        for to in &groups {
            let Some(receiver) = to.iter().find(|member| member.name != sender.name) else {
                continue;
            };
            let pair = Pair {
                old: ends(old, sender.old, receiver.old),
                new: ends(new, sender.new, receiver.new),
            };
            pair.push(old, new, &mut changes, || (names(from), Where::Nodes(names(to))));
        }
        for part in &parts {
            let pair = Pair {
                old: sender.old.map(|node| (End::node(old.lowered(), node), part.end())),
                new: sender.new.map(|node| (End::node(new.lowered(), node), part.end())),
            };
            pair.push(old, new, &mut changes, || (names(from), Where::Behind(part.clone())));
        }
    }
    changes
}

/// A node in both tailnets, or in one.
struct Member {
    name: String,
    old: Option<NodeId>,
    new: Option<NodeId>,
}

fn ends(atlas: &Atlas<'_, '_>, from: Option<NodeId>, to: Option<NodeId>) -> Option<(End, End)> {
    let lowered = atlas.lowered();
    Some((End::node(lowered, from?), End::node(lowered, to?)))
}

fn names(members: &[Member]) -> Vec<String> {
    members.iter().map(|member| member.name.clone()).collect()
}

/// The same question to both sides; `None` where one of the ends is not there.
struct Pair {
    old: Option<(End, End)>,
    new: Option<(End, End)>,
}

impl Pair {
    fn push(
        &self,
        old: &Atlas<'_, '_>,
        new: &Atlas<'_, '_>,
        changes: &mut Vec<Change>,
        names: impl FnOnce() -> (Vec<String>, Where),
    ) {
        let ask = |atlas: &Atlas<'_, '_>, ends: &Option<(End, End)>| {
            ends.as_ref()
                .map_or_else(Opens::default, |(from, to)| atlas.opens(from, to))
        };
        let (before, after) = (ask(old, &self.old), ask(new, &self.new));
        let (opened, closed) = (after.difference(&before), before.difference(&after));
        if opened.is_empty() && closed.is_empty() {
            return;
        }
        let (from, to) = names();
        changes.push(Change {
            opened_by: rules(new, &self.new, &opened),
            closed_by: rules(old, &self.old, &closed),
            from,
            to,
            opened,
            closed,
        });
    }
}

/// The rules that let any of `what` pass.
fn rules(atlas: &Atlas<'_, '_>, ends: &Option<(End, End)>, what: &Opens) -> Vec<PermitId> {
    let Some((from, to)) = ends else { return Vec::new() };
    let permits = atlas.lowered().permits();
    let lets = |&permit: &PermitId| !atlas.by(permit, from, to).intersection(what).is_empty();
    permits.ids().filter(lets).collect()
}

/// Nodes by name, divided so that neither side tells those of one group apart.
fn groups(old: &Atlas<'_, '_>, new: &Atlas<'_, '_>) -> Vec<Vec<Member>> {
    let mut members: BTreeMap<&str, Sides> = BTreeMap::new();
    for (class, node, name) in classed(old) {
        members.entry(name).or_default().0 = Some((class, node));
    }
    for (class, node, name) in classed(new) {
        members.entry(name).or_default().1 = Some((class, node));
    }
    let mut groups: Vec<Vec<Member>> = Vec::new();
    let mut known: BTreeMap<(Option<usize>, Option<usize>), usize> = BTreeMap::new();
    for (name, (old, new)) in members {
        let key = (old.map(|side| side.0), new.map(|side| side.0));
        let member = Member {
            name: name.to_owned(),
            old: old.map(|side| side.1),
            new: new.map(|side| side.1),
        };
        let group = *known.entry(key).or_insert(groups.len());
        match groups.get_mut(group) {
            Some(group) => group.push(member),
            None => groups.push(vec![member]),
        }
    }
    groups
}

/// Every node with its class and its name.
fn classed<'a>(atlas: &Atlas<'_, 'a>) -> Vec<(usize, NodeId, &'a str)> {
    let index = atlas.lowered().index();
    let classes = Classes::new(atlas).list.into_iter().enumerate();
    let each = classes.flat_map(|(class, nodes)| nodes.into_iter().map(move |node| (class, node)));
    each.map(|(class, node)| (class, node, index.node(node).name.as_str()))
        .collect()
}

/// Class and node, in the old and in the new tailnet.
type Sides = (Option<(usize, NodeId)>, Option<(usize, NodeId)>);
