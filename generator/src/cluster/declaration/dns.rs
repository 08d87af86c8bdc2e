//! `dns`: names.

use serde::Serialize;

use crate::hujson::Value;
use crate::source::Spanned;

use super::super::reading::{Object, Read, Reader};
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

impl Read for Dns {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "dns", reader, |object| {
            let default = Self::default();
            Some(Self {
                magic_dns: object.or("magicDns", default.magic_dns),
                override_local_dns: object.or("overrideLocalDns", default.override_local_dns),
                nameservers: object.list("nameservers"),
                split: object.map("split", "dns.split"),
                search_domains: object.list("searchDomains"),
                extra_records: object.list("extraRecords"),
            })
        })
    }
}

impl Read for ExtraRecord {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "an extra record", reader, |object| {
            let name = object.required("name");
            let r#type = object.required("type");
            let value = object.required("value");
            Some(Self {
                name: name?,
                r#type: r#type?,
                value: value?,
            })
        })
    }
}
