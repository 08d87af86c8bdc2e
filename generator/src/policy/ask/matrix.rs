//! Who reaches what: every pair of ends between which anything may be opened.

use super::classes::{Classes, Part, parts};
use super::opens::{Atlas, End, Opens};
use crate::policy::permit::PermitId;
use crate::policy::tailnet::NodeId;

/// A destination of a [`Row`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Nodes that no rule tells apart.
    Nodes(Vec<NodeId>),
    /// A part of a routed network, with the node that leads there.
    Behind(Part, NodeId),
}

/// What nodes may open at a destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Nodes that no rule tells apart.
    pub from: Vec<NodeId>,
    /// Where to.
    pub to: Target,
    /// What.
    pub opens: Opens,
    /// By which rules, in headscale's order.
    pub by: Vec<PermitId>,
}

/// All rows: sources in the order of nodes, for each the nodes it reaches, then what is behind them.
#[must_use]
pub fn matrix(atlas: &Atlas<'_, '_>) -> Vec<Row> {
    let lowered = atlas.lowered();
    let classes = Classes::new(atlas).list;
    let parts = parts(&[atlas]);
    let mut rows = Vec::new();
    for from in &classes {
        let Some(&sender) = from.first() else { continue };
        let sender = End::node(lowered, sender);
        for to in &classes {
            // Inside a class: the first to the second stands for all.
            let Some(&receiver) = to.iter().find(|&&node| Some(node) != sender.node) else {
                continue;
            };
            let receiver = End::node(lowered, receiver);
            push(&mut rows, atlas, from, &sender, &receiver, || Target::Nodes(to.clone()));
        }
        for part in &parts {
            let end = part.end();
            let Some(router) = atlas.receiver(&sender, &end) else {
                continue;
            };
            push(&mut rows, atlas, from, &sender, &end, || {
                Target::Behind(part.clone(), router)
            });
        }
    }
    rows
}

fn push(
    rows: &mut Vec<Row>,
    atlas: &Atlas<'_, '_>,
    from: &[NodeId],
    sender: &End,
    receiver: &End,
    target: impl FnOnce() -> Target,
) {
    let opens = atlas.opens(sender, receiver);
    if opens.is_empty() {
        return;
    }
    let by = deciding(atlas, sender, receiver);
    rows.push(Row {
        from: from.to_vec(),
        to: target(),
        opens,
        by,
    });
}

/// The rules that let anything pass.
#[must_use]
pub fn deciding(atlas: &Atlas<'_, '_>, from: &End, to: &End) -> Vec<PermitId> {
    let permits = atlas.lowered().permits();
    permits
        .ids()
        .filter(|&permit| !atlas.by(permit, from, to).is_empty())
        .collect()
}
