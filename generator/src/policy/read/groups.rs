//! `groups` (headscale's `Groups.UnmarshalJSON`).

use crate::hujson::{Kind, Member, Value};
use crate::policy::document::Group;
use crate::policy::rules;
use crate::policy::words::{GroupName, UserName};
use crate::source::Spanned;

use super::Reader;

impl Reader<'_> {
    pub(super) fn groups(&mut self, value: &Value) -> Vec<Group> {
        let entries = self.entries(
            value,
            "map[string]interface {}",
            "groups is an object: a list of users for each group",
        );
        entries.iter().filter_map(|entry| self.group(entry)).collect()
    }

    fn group(&mut self, entry: &Member) -> Option<Group> {
        let text = &*entry.name.value;
        let name = GroupName::parse(text).or_else(|error| {
            self.report(rules::group_name::finding(text, entry.name.span, &error, self.dialect));
            // Go on as if the prefix stood there: the rules that name the group are right.
            GroupName::parse(&format!("group:{text}"))
        });
        let members = self.members(text, &entry.value);
        Some(Group {
            name: Spanned::new(name.ok()?, entry.name.span),
            members,
        })
    }

    fn members(&mut self, group: &str, value: &Value) -> Vec<Spanned<UserName>> {
        let Kind::Array(items) = &value.kind else {
            self.report(rules::group_value::not_a_list(group, value, self.dialect));
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| {
                let Kind::String(text) = &item.kind else {
                    self.report(rules::group_value::not_a_string(group, item, self.dialect));
                    return None;
                };
                // headscale looks for groups first, even with an `@` in their name.
                if text.starts_with("group:") && (self.refuses_groups_with_at() || !text.contains('@')) {
                    self.report(rules::nested_group::finding(group, text, item.span, self.dialect));
                    return None;
                }
                match UserName::parse(text) {
                    Ok(user) => Some(Spanned::new(user, item.span)),
                    Err(error) => {
                        self.report(rules::user_without_at::finding(text, item.span, &error, self.dialect));
                        None
                    }
                }
            })
            .collect()
    }

    /// 0.28 looks for an `@` first, so `group:a@b` is a user to it.
    fn refuses_groups_with_at(&self) -> bool {
        self.dialect > crate::policy::dialect::Dialect::V0_28
    }
}
