//! Objects with fixed fields, and how their members find them.

use crate::hujson::{Kind, Member, Value, same_name};
use crate::input::rules::duplicate_name;
use crate::policy::dialect::Feature;
use crate::policy::rules;

use super::Reader;

/// What a struct of headscale's holds.
pub(crate) struct Shape {
    /// Its type in Go, as headscale's messages name it.
    pub(crate) go: &'static str,
    /// What it is, for people.
    pub(crate) what: &'static str,
    /// Its fields.
    pub(crate) fields: &'static [&'static str],
    /// Those that not every dialect knows.
    pub(crate) features: &'static [(&'static str, Feature)],
    /// Names that fields had in Tailscale's earlier syntax, and their names today.
    pub(crate) old: &'static [(&'static str, &'static str)],
    /// Whether members whose name begins with `#` are dropped: ACLs only, for what headscale-admin keeps there.
    pub(crate) comments: bool,
}

impl Shape {
    /// To fill up from.
    pub(crate) const EMPTY: Self = Self {
        go: "",
        what: "",
        fields: &[],
        features: &[],
        old: &[],
        comments: false,
    };

    /// The field that `name` means to headscale: the same but for case, `-` and `_`.
    pub(crate) fn field(&self, name: &str) -> Option<&'static str> {
        self.fields.iter().copied().find(|field| same_name(field, name))
    }
}

/// The members of an object, by the fields that they are.
#[derive(Debug, Default)]
pub(super) struct Fields<'t> {
    found: Vec<(&'static str, &'t Member)>,
}

impl<'t> Fields<'t> {
    /// The value of the field `name`.
    pub(super) fn get(&self, name: &str) -> Option<&'t Value> {
        self.member(name).map(|member| &member.value)
    }

    /// The member that is the field `name`.
    pub(super) fn member(&self, name: &str) -> Option<&'t Member> {
        self.found
            .iter()
            .find(|(field, _)| *field == name)
            .map(|(_, member)| *member)
    }
}

impl Reader<'_> {
    /// Matches the members of `value` to the fields of `shape`. `null` has none of them, as for headscale.
    pub(super) fn fields<'t>(&mut self, value: &'t Value, shape: &Shape) -> Fields<'t> {
        let mut fields = Fields::default();
        let members = match &value.kind {
            Kind::Null => return fields,
            Kind::Object(members) => members,
            _ => {
                self.report(rules::wrong_type::finding(
                    value,
                    shape.go,
                    &format!("{} is an object", shape.what),
                ));
                return fields;
            }
        };
        let mut old = Vec::new();
        for member in members {
            let name = &*member.name.value;
            if shape.comments && name.starts_with('#') {
                continue;
            }
            let Some(field) = shape.field(name) else {
                match shape.old.iter().find(|(was, _)| same_name(was, name)) {
                    Some((_, is)) => old.push((*is, member)),
                    None => self.unknown_field(member, shape),
                }
                continue;
            };
            if let Some(first) = fields.member(field) {
                self.report(duplicate_name::finding(name, member.name.span, first.name.span));
                continue;
            }
            match shape.features.iter().find(|(name, _)| *name == field) {
                Some((_, feature)) if !self.dialect.knows(*feature) => {
                    self.report(rules::not_in_dialect::field(&member.name, *feature, self.dialect));
                }
                _ => fields.found.push((field, member)),
            }
        }
        for (field, member) in old {
            let taken = fields.member(field).is_some();
            self.report(rules::old_field::finding(&member.name, field, taken, self.dialect));
            // Read on as if it had today's name, so that what else is wrong is found too.
            if !taken {
                fields.found.push((field, member));
            }
        }
        fields
    }

    fn unknown_field(&mut self, member: &Member, shape: &Shape) {
        let finding = match rules::service_field::finding(member, shape, self.dialect) {
            Some(finding) => finding,
            None => rules::unknown_field::finding(&member.name, shape, self.dialect),
        };
        self.report(finding);
    }
}
