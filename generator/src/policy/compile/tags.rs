//! `canTag`: the tags that a user-owned node may advertise (`NodeCanHaveTag` in `hscontrol/policy/v2/policy.go`).
//!
//! Whoever owns a tag owns the tags that name it as an owner, and so on; a circle of tags adds nothing (`flattenTags`).
//! So what a user may give is all that can be walked to from what they own outright, against the direction of
//! ownership. Users share their answer among their nodes.

use std::collections::HashMap;

use crate::policy::document::Document;
use crate::policy::tailnet::id::id;
use crate::policy::tailnet::{Index, NodeId, Resolver, Table, UserId};
use crate::policy::words::Owner;

use super::text::{push_list, push_string};

id! {
    /// A tag of `tagOwners`: its index there.
    TagId
}

/// Who may give which tags.
#[derive(Clone, Debug)]
pub struct Tags {
    names: Table<TagId, Box<str>>,
    /// What each user owns by name or group, ascending.
    outright: Table<UserId, Vec<TagId>>,
    /// What each user owns at all, ascending; only of users with nodes.
    owned: Table<UserId, Vec<TagId>>,
}

impl Tags {
    /// The tags of `document` in the tailnet of `resolver`.
    #[must_use]
    pub fn new(document: &Document, resolver: &Resolver<'_>) -> Self {
        let index = resolver.index();
        let users = index.tailnet().users.len();
        let names: Table<TagId, Box<str>> = document
            .tag_owners
            .iter()
            .map(|entry| entry.tag.value.as_str().into())
            .collect();
        let ids: HashMap<&str, TagId> = names.iter().map(|(id, name)| (&**name, id)).collect();
        let mut outright: Table<UserId, Vec<TagId>> = Table::filled(users, Vec::new());
        let mut gives: Table<TagId, Vec<TagId>> = Table::filled(names.len(), Vec::new());
        for (tag, entry) in names.ids().zip(&document.tag_owners) {
            for owner in &entry.owners {
                match &owner.value {
                    Owner::Tag(owner) => {
                        if let Some(&owner) = ids.get(owner.as_str()) {
                            gives[owner].push(tag);
                        }
                    }
                    Owner::User(name) => {
                        if let Ok(user) = resolver.user(name) {
                            outright[user].push(tag);
                        }
                    }
                    Owner::Group(name) => {
                        let members = resolver.group(name.as_str()).unwrap_or_default();
                        for user in members.iter().filter_map(|name| resolver.user(name).ok()) {
                            outright[user].push(tag);
                        }
                    }
                }
            }
        }
        outright.values_mut().for_each(Vec::dedup);
        // One mark a tag, the user who reached it last: so that users cost what they own, not what there is.
        let mut reached: Table<TagId, Option<UserId>> = Table::filled(names.len(), None);
        let owned = outright
            .iter()
            .map(|(user, own)| {
                let mut found = Vec::new();
                if index.nodes_of(user).is_empty() {
                    return found;
                }
                let mut open = own.clone();
                while let Some(tag) = open.pop() {
                    if reached[tag].replace(user) != Some(user) {
                        found.push(tag);
                        open.extend_from_slice(&gives[tag]);
                    }
                }
                found.sort_unstable();
                found
            })
            .collect();
        Self { names, outright, owned }
    }

    /// The tags that `node` may advertise, in the order of `tagOwners`.
    pub fn of(&self, index: &Index<'_>, node: NodeId) -> impl Iterator<Item = &str> {
        let tags = index.owner(node).map_or(&[][..], |user| {
            // headscale looks for the node's addresses among those of the owners' nodes; where it has none, only at
            // who is an owner by name or group.
            if index.node(node).addresses().next().is_some() {
                &self.owned[user]
            } else {
                &self.outright[user]
            }
        });
        tags.iter().map(|&tag| &*self.names[tag])
    }

    /// Appends them as JSON.
    pub fn write(&self, out: &mut Vec<u8>, index: &Index<'_>, node: NodeId) {
        push_list(out, self.of(index, node), push_string);
    }
}
