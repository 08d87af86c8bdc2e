//! Users: listed, or derived from the nodes that name them.

use crate::hujson::{Kind, Member, Value};
use crate::policy::rules::{topology_contradiction, topology_shape};
use crate::source::Span;

use super::fields::{member, value};
use super::{Reader, User};

/// What we read of a user, in either spelling.
const OURS: &[&str] = &["id", "name", "email", "provider_id"];

/// What headscale prints besides, which no policy asks for.
const HEADSCALES: &[&str] = &[
    "providerId",
    "provider",
    "display_name",
    "displayName",
    "created_at",
    "createdAt",
    "profile_pic_url",
    "profilePicUrl",
];

impl Reader {
    /// An entry of `users`.
    pub(super) fn listed_user(&mut self, entry: &Value) {
        let Kind::Object(members) = &entry.kind else {
            self.findings
                .push(topology_shape::wrong_type(entry, "a user: an object"));
            return;
        };
        let Some(mut user) = self.user(entry.span, members) else {
            return;
        };
        if member(members, &["id"]).is_none() {
            // Nobody counts ids by hand: the place in the list will do, since only their order matters.
            user.id = self.last_user_id.saturating_add(1);
        }
        if let Some(first) = self.users_by_id.get(&user.id) {
            let first = self.topology.user_spans.get(*first).copied().flatten();
            self.findings
                .push(topology_contradiction::duplicate_user(user.id, entry.span, first));
            return;
        }
        self.add_user(user, entry.span);
    }

    fn user(&mut self, span: Span, members: &[Member]) -> Option<User> {
        self.unknown_keys(members, OURS, HEADSCALES);
        let sound = self.findings.len();
        let id = self.id(members, &["id"]).unwrap_or(0);
        let name = self.text(members, &["name"]).unwrap_or_default().to_owned();
        let email = self.text(members, &["email"]).unwrap_or_default().to_owned();
        let provider_id = self
            .text(members, &["provider_id", "providerId"])
            .unwrap_or_default()
            .to_owned();
        if name.is_empty() && email.is_empty() && provider_id.is_empty() {
            // Unless it was said already why there is none.
            if self.findings.len() == sound {
                self.findings.push(topology_shape::missing(span, "a user", "name"));
            }
            return None;
        }
        Some(User {
            id,
            name,
            email,
            provider_id,
        })
    }

    /// Whose node it is: `user` as a name (with `user_id` where names are not unique) or as headscale's object.
    pub(super) fn owner(&mut self, node: &str, span: Span, members: &[Member]) -> Option<usize> {
        let Some(entry) = value(members, &["user"]) else {
            self.findings.push(topology_contradiction::ownerless(node, span));
            return None;
        };
        match &entry.kind {
            Kind::String(name) => {
                let id = self.id(members, &["user_id"]);
                self.owner_by_name(name, id, entry.span)
            }
            Kind::Object(members) => {
                let user = self.user(entry.span, members)?;
                self.owner_by_entry(user, entry.span)
            }
            _ => {
                self.findings
                    .push(topology_shape::wrong_type(entry, "a user: its name, or an object"));
                None
            }
        }
    }

    fn owner_by_name(&mut self, name: &str, id: Option<u64>, span: Span) -> Option<usize> {
        let found = match id {
            Some(id) => self.users_by_id.get(&id).map(std::slice::from_ref),
            None => self.users_by_name.get(name).map(Vec::as_slice),
        };
        match found {
            Some([one]) => return Some(*one),
            Some(several @ [first, ..]) => {
                let first = self.topology.user_spans.get(*first).copied().flatten();
                self.findings.push(topology_contradiction::ambiguous_owner(
                    name,
                    several.len(),
                    span,
                    first,
                ));
                return None;
            }
            Some([]) | None => {}
        }
        if self.topology.users_listed {
            self.findings.push(topology_contradiction::unknown_owner(name, span));
            return None;
        }
        let id = id.unwrap_or_else(|| self.last_user_id.saturating_add(1));
        let name = name.to_owned();
        Some(self.add_user(
            User {
                id,
                name,
                ..User::default()
            },
            span,
        ))
    }

    fn owner_by_entry(&mut self, user: User, span: Span) -> Option<usize> {
        if let Some(known) = self.users_by_id.get(&user.id) {
            return Some(*known);
        }
        if self.topology.users_listed {
            self.findings
                .push(topology_contradiction::unknown_owner(&user.name, span));
            return None;
        }
        Some(self.add_user(user, span))
    }
}
