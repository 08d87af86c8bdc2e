//! `dns.json`: headscale's `dns` settings, in its own names (`hscontrol/types/config.go`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::cluster::declaration::Declaration;
use crate::cluster::words::Resolver;
use crate::source::Spanned;

/// The `dns` section of headscale's configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
pub struct Settings {
    /// Nodes get names under `base_domain`.
    pub magic_dns: bool,
    /// The domain of those names.
    pub base_domain: String,
    /// Nodes ask `nameservers.global` for everything instead of what their network says.
    pub override_local_dns: bool,
    /// Who is asked.
    pub nameservers: Nameservers,
    /// Domains tried for names without a dot, after `base_domain`.
    pub search_domains: Vec<String>,
    /// Names of our own.
    pub extra_records: Vec<Record>,
}

/// The servers that names are asked from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
pub struct Nameservers {
    /// For everything else: addresses or DNS-over-HTTPS URLs.
    pub global: Vec<String>,
    /// For one domain each. Stands here and not in `dns.split`, which headscale does not read.
    pub split: BTreeMap<String, Vec<String>>,
}

/// A name of our own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
pub struct Record {
    /// The full name.
    pub name: String,
    /// `A` or `AAAA`: clients honour no other.
    #[serde(rename = "type")]
    pub kind: String,
    /// The address.
    pub value: String,
}

impl Settings {
    /// What `declaration` says of names. Extra records come in the order of their names, as the file that headscale
    /// watches should have them.
    #[must_use]
    pub fn of(declaration: &Declaration) -> Self {
        let dns = &declaration.dns;
        let resolvers = |list: &[Spanned<Resolver>]| list.iter().map(|resolver| resolver.value.to_string()).collect();
        let mut extra_records: Vec<Record> = dns
            .extra_records
            .iter()
            .map(|record| Record {
                name: record.name.value.to_string(),
                kind: record.r#type.value.to_string(),
                value: record.value.value.to_string(),
            })
            .collect();
        extra_records.sort();
        extra_records.dedup();
        Self {
            magic_dns: dns.magic_dns.value,
            base_domain: declaration.base_domain.value.to_string(),
            override_local_dns: dns.override_local_dns.value,
            nameservers: Nameservers {
                global: resolvers(&dns.nameservers),
                split: dns
                    .split
                    .iter()
                    .map(|(domain, list)| (domain.value.to_string(), resolvers(list)))
                    .collect(),
            },
            search_domains: dns
                .search_domains
                .iter()
                .map(|domain| domain.value.to_string())
                .collect(),
            extra_records,
        }
    }
}
