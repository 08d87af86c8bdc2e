//! `acls` (headscale's `ACL.UnmarshalJSON`, which reads each rule into `any` first).

use crate::hujson::{Kind, Value};
use crate::policy::dialect::{Dialect, Feature};
use crate::policy::document::Acl;
use crate::policy::rules;
use crate::policy::words::{Destination, PortRange, Protocol};
use crate::source::Spanned;

use super::json::{go_type, overflow, through_any};
use super::shape::{Fields, Shape};
use super::{Place, Reader};

/// The fields of an ACL.
pub(crate) const ACL: Shape = Shape {
    go: "map[string]interface {}",
    what: "an ACL",
    fields: &["action", "proto", "src", "dst"],
    old: &[("users", "src"), ("ports", "dst")],
    comments: true,
    ..Shape::EMPTY
};

impl Reader<'_> {
    pub(super) fn acls(&mut self, value: &Value) -> Option<Vec<Acl>> {
        if value.kind == Kind::Null {
            return None;
        }
        let items = self.items(value, "[]v2.ACL", "acls is a list of rules");
        Some(items.iter().map(|item| self.acl(item)).collect())
    }

    fn acl(&mut self, value: &Value) -> Acl {
        if let Some(number) = overflow(value) {
            self.report(rules::wrong_type::too_large(number));
        }
        let fields = self.fields(value, &ACL);
        match fields.member("action") {
            Some(action) => {
                let text = through_any(&action.value);
                if text != "accept" || !matches!(action.value.kind, Kind::String(_)) {
                    self.report(rules::acl_action::finding(&text, action, self.dialect));
                }
            }
            None if !self.dialect.knows(Feature::MissingAction) => {
                self.report(rules::not_in_dialect::missing_action(value.span, self.dialect));
            }
            None => {}
        }
        let proto = match fields.get("proto") {
            Some(value) => self.protocol(&through_any(value), value),
            None => Protocol::Any,
        };
        let dst = match fields.get("dst") {
            Some(value) => self.destinations(value),
            None => Vec::new(),
        };
        self.protocol_number(&fields, proto, &dst);
        Acl {
            span: value.span,
            proto,
            src: self.aliases(fields.get("src"), Place::Source),
            dst,
        }
    }

    /// `proto` of an ACL or a test.
    pub(super) fn protocol(&mut self, text: &str, value: &Value) -> Protocol {
        Protocol::parse(text, self.dialect).unwrap_or_else(|error| {
            self.report(rules::bad_protocol::finding(text, value.span, &error, self.dialect));
            Protocol::Any
        })
    }

    fn destinations(&mut self, value: &Value) -> Vec<Spanned<Destination>> {
        let items = self.items(value, "[]v2.AliasWithPorts", "a list of host:ports is expected here");
        items
            .iter()
            .filter_map(|item| {
                let Kind::String(text) = &item.kind else {
                    let words = match self.dialect {
                        Dialect::V0_28 => format!("type {} not supported", go_type(&item.kind)),
                        _ => format!("type not supported: {}", go_type(&item.kind)),
                    };
                    self.report(rules::wrong_type::in_words(item, &words, "host:ports is expected here"));
                    return None;
                };
                self.destination(text, item.span, PortRange::ALL, "")
            })
            .collect()
    }

    /// 0.28 does not turn the number of TCP, UDP or SCTP into its name, and lets only the names have ports.
    fn protocol_number(&mut self, fields: &Fields<'_>, proto: Protocol, dst: &[Spanned<Destination>]) {
        if self.dialect > Dialect::V0_28 || proto == Protocol::Any || !proto.has_ports() {
            return;
        }
        let Some(value) = fields.get("proto") else { return };
        let ports = dst.iter().any(|dst| dst.value.ports != [PortRange::ALL]);
        if ports && Protocol::names(self.dialect).all(|name| !through_any(value).eq_ignore_ascii_case(name)) {
            self.report(rules::not_in_dialect::protocol_number(value.span, proto, self.dialect));
        }
    }
}
