//! `dns.json`: headscale's `dns` settings, in its own names (`hscontrol/types/config.go`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

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
