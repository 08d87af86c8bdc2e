//! `grants` (headscale's `Grant`).

use crate::hujson::{Kind, Value};
use crate::policy::document::{Capability, Grant, Traffic};
use crate::policy::rules;
use crate::policy::words::{PortRange, Protocol, TagName, capability};
use crate::source::Spanned;

use super::json::{compact, go_type};
use super::shape::Shape;
use super::{Place, Reader};

/// The fields of a grant.
pub(crate) const GRANT: Shape = Shape {
    go: "v2.Grant",
    what: "a grant",
    fields: &["src", "dst", "ip", "app", "via"],
    ..Shape::EMPTY
};

impl Reader<'_> {
    pub(super) fn grants(&mut self, value: &Value) -> Option<Vec<Grant>> {
        if value.kind == Kind::Null {
            return None;
        }
        let items = self.items(value, "[]v2.Grant", "grants is a list of rules");
        Some(items.iter().map(|item| self.grant(item)).collect())
    }

    fn grant(&mut self, value: &Value) -> Grant {
        let fields = self.fields(value, &GRANT);
        Grant {
            span: value.span,
            src: self.aliases(fields.get("src"), Place::Source),
            dst: self.aliases(fields.get("dst"), Place::GrantDestination),
            ip: fields.get("ip").map(|value| self.traffic(value)).unwrap_or_default(),
            app: fields.get("app").and_then(|value| self.app(value)),
            via: fields.get("via").map(|value| self.via(value)).unwrap_or_default(),
        }
    }

    fn traffic(&mut self, value: &Value) -> Vec<Spanned<Traffic>> {
        let items = self.items(value, "[]v2.ProtocolPort", "a list of ports is expected here");
        items
            .iter()
            .map(|item| {
                let parsed = match &item.kind {
                    Kind::String(text) => Traffic::parse(text, self.dialect)
                        .map_err(|error| rules::bad_traffic::finding(text, item.span, &error, self.dialect)),
                    kind => {
                        let words = format!("type not supported: {}", go_type(kind));
                        Err(rules::wrong_type::in_words(
                            item,
                            &words,
                            "ports in a string are expected here",
                        ))
                    }
                };
                let traffic = parsed.unwrap_or_else(|finding| {
                    self.report(finding);
                    Traffic {
                        protocol: Protocol::Any,
                        ports: vec![PortRange::ALL],
                    }
                });
                Spanned::new(traffic, item.span)
            })
            .collect()
    }

    fn app(&mut self, value: &Value) -> Option<Vec<Capability>> {
        let entries = self.entries(
            value,
            "tailcfg.PeerCapMap",
            "app is an object: a list of values for each capability",
        );
        let app: Vec<Capability> = entries
            .iter()
            .map(|entry| {
                let name = &*entry.name.value;
                if let Err(error) = capability::check(name, self.dialect) {
                    self.report(rules::capability_name::finding(
                        name,
                        entry.name.span,
                        error,
                        self.dialect,
                    ));
                }
                let values = self.items(
                    &entry.value,
                    "[]tailcfg.RawMessage",
                    "a list of values for the capability is expected here",
                );
                Capability {
                    name: entry.name.clone(),
                    values: values.iter().map(|value| compact(value).into()).collect(),
                }
            })
            .collect();
        // headscale counts the members; a map of none is as good as absent.
        (!app.is_empty()).then_some(app)
    }

    fn via(&mut self, value: &Value) -> Vec<Spanned<TagName>> {
        let items = self.items(value, "[]v2.Tag", "a list of tags is expected here");
        items
            .iter()
            .filter_map(|item| {
                let text = self.raw(item);
                match TagName::parse_strict(&text) {
                    Ok(tag) => Some(Spanned::new(tag, item.span)),
                    Err(_) => {
                        self.report(rules::via_not_a_tag::finding(&text, item.span));
                        None
                    }
                }
            })
            .collect()
    }
}
