//! `dns`: names.

use serde::Serialize;

use crate::source::Spanned;

use super::super::words::{Address, DomainName, RecordType, Resolver};
use super::defaults;
use super::map::Map;

/// What clients resolve, and through whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Dns {
    /// Whether nodes get names under the base domain.
    pub magic_dns: Spanned<bool>,
    /// Whether clients ask `nameservers` for every name instead of what their network gave them. Needs nameservers.
    pub override_local_dns: Spanned<bool>,
    /// Resolvers for names outside the tailnet: addresses, or URLs of DNS-over-HTTPS resolvers.
    pub nameservers: Vec<Spanned<Resolver>>,
    /// Resolvers for single domains (split DNS).
    pub split: Map<DomainName, Vec<Spanned<Resolver>>>,
    /// Domains that are appended to short names, after the base domain.
    pub search_domains: Vec<Spanned<DomainName>>,
    /// Names that MagicDNS answers beside the nodes' own.
    pub extra_records: Vec<ExtraRecord>,
}

impl Default for Dns {
    fn default() -> Self {
        Self {
            magic_dns: defaults::yes(),
            override_local_dns: defaults::no(),
            nameservers: Vec::new(),
            split: Map::default(),
            search_domains: Vec::new(),
            extra_records: Vec::new(),
        }
    }
}

/// A record that MagicDNS answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExtraRecord {
    /// The full name.
    pub name: Spanned<DomainName>,
    /// Its type. Clients honour A and AAAA only.
    pub r#type: Spanned<RecordType>,
    /// The address.
    pub value: Spanned<Address>,
}
