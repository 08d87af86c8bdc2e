//! How nodes are named in rules: by tags, since no address is known.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::cluster::declaration::Declaration;
use crate::cluster::words::Tag;
use crate::source::Spanned;

/// Tags that together name some nodes.
#[derive(Debug, Default)]
pub(crate) struct Naming<'a> {
    /// The tags, in the order of the nodes that made them necessary.
    pub tags: Vec<&'a Spanned<Tag>>,
    /// Tags that name others beside those that are meant, with these others.
    pub beyond: Vec<(&'a Spanned<Tag>, Vec<usize>)>,
    /// Nodes that have no tag, so that no rule can name them alone.
    pub untagged: Vec<usize>,
}

/// Names `nodes` (positions in the declaration's nodes) by as few tags as possible that reach as few others as possible:
/// for each node that no chosen tag names yet, the tag that the fewest others and then the most of `nodes` carry.
pub(crate) fn name<'a>(declaration: &'a Declaration, nodes: &[usize]) -> Naming<'a> {
    let mut holders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, node) in declaration.nodes.values().enumerate() {
        for tag in &node.tags {
            let holders = holders.entry(tag.value.as_str()).or_default();
            if holders.last() != Some(&position) {
                holders.push(position);
            }
        }
    }
    let meant: BTreeSet<usize> = nodes.iter().copied().collect();
    // For each tag: how many others it names, and how many of those that are meant.
    let worth: BTreeMap<&str, (usize, Reverse<usize>)> = holders
        .iter()
        .map(|(tag, holders)| {
            let inside = holders.iter().filter(|holder| meant.contains(holder)).count();
            (*tag, (holders.len() - inside, Reverse(inside)))
        })
        .collect();
    let all: Vec<_> = declaration.nodes.values().collect();
    let mut naming = Naming::default();
    let mut chosen: BTreeSet<&str> = BTreeSet::new();
    for &position in nodes {
        let Some(node) = all.get(position) else { continue };
        if node.tags.iter().any(|tag| chosen.contains(tag.value.as_str())) {
            continue;
        }
        let best = node
            .tags
            .iter()
            .min_by_key(|tag| (worth.get(tag.value.as_str()), &tag.value));
        let Some(tag) = best else {
            naming.untagged.push(position);
            continue;
        };
        chosen.insert(tag.value.as_str());
        naming.tags.push(tag);
        let others = holders.get(tag.value.as_str()).into_iter().flatten().copied();
        let others: Vec<usize> = others.filter(|other| !meant.contains(other)).collect();
        if !others.is_empty() {
            naming.beyond.push((tag, others));
        }
    }
    naming
}

/// Every tag that a node has, once, where it is first written in the order of nodes.
pub(super) fn of_nodes(declaration: &Declaration) -> Vec<Spanned<Tag>> {
    let mut tags: BTreeMap<&Tag, &Spanned<Tag>> = BTreeMap::new();
    for tag in declaration.nodes.values().flat_map(|node| &node.tags) {
        tags.entry(&tag.value).or_insert(tag);
    }
    tags.into_values().cloned().collect()
}
