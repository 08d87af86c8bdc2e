//! `nodeAttrs` (headscale's `NodeAttrGrant`).

use crate::hujson::Value;
use crate::policy::document::NodeAttr;
use crate::policy::rules;
use crate::source::Spanned;

use super::shape::Shape;
use super::{Place, Reader};

/// The fields of an entry of nodeAttrs.
pub(crate) const NODE_ATTR: Shape = Shape {
    go: "v2.NodeAttrGrant",
    what: "an entry of nodeAttrs",
    fields: &["target", "attr", "ipPool"],
    ..Shape::EMPTY
};

impl Reader<'_> {
    pub(super) fn node_attrs(&mut self, value: &Value) -> Vec<NodeAttr> {
        let items = self.items(value, "[]v2.NodeAttrGrant", "nodeAttrs is a list of entries");
        items.iter().map(|item| self.node_attr(item)).collect()
    }

    fn node_attr(&mut self, value: &Value) -> NodeAttr {
        let fields = self.fields(value, &NODE_ATTR);
        let attr = match fields.get("attr") {
            Some(value) => self.texts(value, "[]tailcfg.NodeCapability", "tailcfg.NodeCapability"),
            None => Vec::new(),
        };
        if let Some(member) = fields.member("ipPool") {
            let items = self.items(&member.value, "[]netip.Prefix", "a list of ranges is expected here");
            if !items.is_empty() {
                self.report(rules::ip_pool::finding(member, items));
            }
        }
        NodeAttr {
            span: value.span,
            target: self.aliases(fields.get("target"), Place::Target),
            attr,
        }
    }

    /// A list of strings that are taken as they are.
    pub(super) fn texts(&mut self, value: &Value, go_list: &str, go: &str) -> Vec<Spanned<Box<str>>> {
        let items = self.items(value, go_list, "a list of strings is expected here");
        items
            .iter()
            .filter_map(|item| {
                let text = self.string(item, go)?;
                Some(Spanned::new(text.into(), item.span))
            })
            .collect()
    }
}
