//! `tagOwners` (headscale's `TagOwners`, with `Tag.UnmarshalJSON` for the names).

use crate::hujson::Value;
use crate::policy::dialect::Dialect;
use crate::policy::document::TagOwner;
use crate::policy::rules;
use crate::policy::words::TagName;
use crate::source::Spanned;

use super::{Place, Reader};

impl Reader<'_> {
    pub(super) fn tag_owners(&mut self, value: &Value) -> Vec<TagOwner> {
        let entries = self.entries(
            value,
            "v2.TagOwners",
            "tagOwners is an object: a list of owners for each tag",
        );
        entries
            .iter()
            .filter_map(|entry| {
                // Names are taken as written, escapes and all.
                let text = self.raw_name(entry);
                let parsed = match self.dialect {
                    Dialect::V0_28 => TagName::parse(&text),
                    _ => TagName::parse_strict(&text),
                };
                let tag = parsed.or_else(|error| {
                    self.report(rules::tag_name::finding(
                        &text,
                        &entry.name.value,
                        entry.name.span,
                        &error,
                        self.dialect,
                    ));
                    // Go on as if it were right: the rules that name the tag are.
                    TagName::parse(&text).or_else(|_| TagName::parse(&format!("tag:{text}")))
                });
                let owners = self.owners(&entry.value, Place::TagOwner);
                Some(TagOwner {
                    tag: Spanned::new(tag.ok()?, entry.name.span),
                    owners,
                })
            })
            .collect()
    }
}
