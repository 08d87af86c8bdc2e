//! `monitoring`: who scrapes metrics, and which.

use serde::Serialize;

use crate::hujson::Value;
use crate::source::Spanned;

use super::super::reading::{Object, Read, Reader};
use super::super::words::{Port, Selector};
use super::defaults;

/// Scraping over the tailnet. Ports are those on the nodes' tailnet addresses; null: not scraped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Monitoring {
    /// Who scrapes: the tag of the machine that Prometheus runs on. Empty: nobody, and nothing below has an effect.
    pub from: Vec<Spanned<Selector>>,
    /// The node exporter, on every tagged node.
    pub node_exporter: Option<Spanned<Port>>,
    /// The kubelet, on every k3s node.
    pub kubelet: Option<Spanned<Port>>,
    /// headscale's metrics, on the control server's node. They stand beside debug pages that show the whole policy.
    pub headscale: Option<Spanned<Port>>,
    /// derper's metrics, on relay nodes.
    pub derper: Option<Spanned<Port>>,
    /// tailscaled's own metrics, on every tagged node.
    pub tailscaled: Option<Spanned<Port>>,
}

impl Default for Monitoring {
    fn default() -> Self {
        Self {
            from: Vec::new(),
            node_exporter: defaults::node_exporter(),
            kubelet: defaults::kubelet(),
            headscale: None,
            derper: None,
            tailscaled: None,
        }
    }
}

impl Read for Monitoring {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "monitoring", reader, |object| {
            let default = Self::default();
            Some(Self {
                from: object.list("from"),
                node_exporter: object.nullable("nodeExporter", default.node_exporter),
                kubelet: object.nullable("kubelet", default.kubelet),
                headscale: object.optional("headscale"),
                derper: object.optional("derper"),
                tailscaled: object.optional("tailscaled"),
            })
        })
    }
}
