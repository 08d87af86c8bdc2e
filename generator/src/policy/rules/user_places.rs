//! All users that a policy names, with their places.

use crate::policy::document::Document;
use crate::policy::words::{Alias, Owner, UserName};
use crate::source::Span;

use super::places::{Place, references};

/// The kind of place a user is named in, as far as headscale treats them differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A member of a group.
    Member,
    /// `tagOwners`, `autoApprovers`
    Owner,
    /// `acls`
    Acl,
    /// `grants`
    Grant,
    /// `ssh`
    Ssh,
    /// `nodeAttrs`
    Target,
    /// `tests`, `sshTests`
    Test,
}

/// A user and where it is named.
#[derive(Clone, Copy, Debug)]
pub(super) struct UserPlace<'a> {
    /// The kind of place.
    pub(super) kind: Kind,
    /// The name.
    pub(super) name: &'a UserName,
    /// The word.
    pub(super) span: Span,
}

/// All users that `document` names: groups, owners, approvers, then rules and tests.
pub(super) fn user_places(document: &Document) -> impl Iterator<Item = UserPlace<'_>> {
    let members = document
        .groups
        .iter()
        .flat_map(|group| &group.members)
        .map(|member| UserPlace {
            kind: Kind::Member,
            name: &member.value,
            span: member.span,
        });
    let approvers = &document.auto_approvers;
    let owners = document
        .tag_owners
        .iter()
        .flat_map(|entry| &entry.owners)
        .chain(approvers.routes.iter().flat_map(|(_, owners)| owners))
        .chain(&approvers.exit_node)
        .filter_map(|owner| match &owner.value {
            Owner::User(name) => Some(UserPlace {
                kind: Kind::Owner,
                name,
                span: owner.span,
            }),
            Owner::Group(_) | Owner::Tag(_) => None,
        });
    let aliases = references(document)
        .into_iter()
        .filter_map(|reference| match reference.alias {
            Alias::User(name) => Some(UserPlace {
                kind: kind(reference.place),
                name,
                span: reference.span,
            }),
            _ => None,
        });
    members.chain(owners).chain(aliases)
}

fn kind(place: Place) -> Kind {
    match place {
        Place::AclSource | Place::AclDestination => Kind::Acl,
        Place::GrantSource | Place::GrantDestination => Kind::Grant,
        Place::SshSource | Place::SshDestination => Kind::Ssh,
        Place::Target => Kind::Target,
        Place::TestSource | Place::TestAccept | Place::TestDeny | Place::SshTestSource | Place::SshTestDestination => {
            Kind::Test
        }
    }
}
