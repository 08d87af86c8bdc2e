//! `prefixes`: the tailnet's own ranges.

use serde::Serialize;

use crate::hujson::Value;
use crate::source::Spanned;

use super::super::reading::{Object, Read, Reader};
use super::super::words::{Allocation, Cidr};
use super::defaults;

/// The ranges that headscale hands out addresses from. At least one of the two; tailscale clients are made for ranges
/// inside 100.64.0.0/10 and fd7a:115c:a1e0::/48.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Prefixes {
    /// The IPv4 range; null: nodes get no IPv4 address.
    pub v4: Option<Spanned<Cidr>>,
    /// The IPv6 range; null: nodes get no IPv6 address.
    pub v6: Option<Spanned<Cidr>>,
    /// Whether a new node gets the next free address or any. No node can be given a certain one.
    pub allocation: Spanned<Allocation>,
}

impl Default for Prefixes {
    fn default() -> Self {
        Self {
            v4: defaults::prefix_v4(),
            v6: defaults::prefix_v6(),
            allocation: defaults::allocation(),
        }
    }
}

impl Read for Prefixes {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "prefixes", reader, |object| {
            let default = Self::default();
            Some(Self {
                v4: object.nullable("v4", default.v4),
                v6: object.nullable("v6", default.v6),
                allocation: object.or("allocation", default.allocation),
            })
        })
    }
}
