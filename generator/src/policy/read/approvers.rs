//! `autoApprovers` (headscale's `AutoApproverPolicy`).

use std::collections::{HashMap, HashSet};

use crate::hujson::{Member, Value};
use crate::input::rules::duplicate_name;
use crate::policy::document::{AutoApprovers, Document};
use crate::policy::rules;
use crate::policy::words::{Owner, Prefix};
use crate::source::{Span, Spanned};

use super::shape::Shape;
use super::{Place, Reader};

/// The fields of autoApprovers.
pub(crate) const AUTO_APPROVERS: Shape = Shape {
    go: "v2.AutoApproverPolicy",
    what: "autoApprovers",
    fields: &["routes", "exitNode"],
    ..Shape::EMPTY
};

impl Reader<'_> {
    /// `defined` has the groups and tags of the policy.
    pub(super) fn auto_approvers(&mut self, value: &Value, defined: &Document) -> AutoApprovers {
        let fields = self.fields(value, &AUTO_APPROVERS);
        AutoApprovers {
            routes: fields
                .get("routes")
                .map(|value| self.routes(value, defined))
                .unwrap_or_default(),
            exit_node: fields
                .get("exitNode")
                .map(|value| self.owners(value, Place::AutoApprover))
                .unwrap_or_default(),
        }
    }

    fn routes(&mut self, value: &Value, defined: &Document) -> Vec<(Spanned<Prefix>, Vec<Spanned<Owner>>)> {
        let entries = self.entries(
            value,
            "map[netip.Prefix]v2.AutoApprovers",
            "routes is an object: a list of approvers for each route",
        );
        let mut seen = HashMap::new();
        entries
            .iter()
            .filter_map(|entry| self.route(entry, defined, &mut seen))
            .collect()
    }

    fn route(
        &mut self,
        entry: &Member,
        defined: &Document,
        seen: &mut HashMap<Prefix, Span>,
    ) -> Option<(Spanned<Prefix>, Vec<Spanned<Owner>>)> {
        let (text, span) = (&*entry.name.value, entry.name.span);
        let owners = self.owners(&entry.value, Place::AutoApprover);
        // Go reads the empty text as no prefix at all, which no route ever matches; the names are looked up all the same.
        if text.is_empty() {
            let undefined = first_undefined(&owners, defined);
            self.report(rules::approver_route::empty(span, undefined, self.dialect));
            return None;
        }
        match Prefix::parse_cidr(text) {
            Ok(prefix) => {
                // Two ways to write one prefix are one name to headscale.
                if let Some(first) = seen.insert(prefix, span) {
                    self.report(duplicate_name::finding(text, span, first));
                    return None;
                }
                Some((Spanned::new(prefix, span), owners))
            }
            Err(error) => {
                self.report(rules::approver_route::finding(text, span, &error));
                None
            }
        }
    }
}

/// The first group or tag that `document` does not define; users are nowhere defined.
fn first_undefined<'o>(owners: &'o [Spanned<Owner>], document: &Document) -> Option<&'o Spanned<Owner>> {
    let groups = document.groups.iter().map(|group| group.name.value.as_str());
    let tags = document.tag_owners.iter().map(|owner| owner.tag.value.as_str());
    let defined: HashSet<&str> = groups.chain(tags).collect();
    owners
        .iter()
        .find(|owner| !matches!(owner.value, Owner::User(_)) && !defined.contains(owner.value.as_str()))
}
