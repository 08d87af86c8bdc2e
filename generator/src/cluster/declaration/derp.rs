//! `derp`: the relays.

use serde::Serialize;

use crate::hujson::{Kind, Value};
use crate::source::Spanned;

use super::super::reading::{Object, Read, Reader, number};
use super::super::rules::{bad_value, wrong_type};
use super::super::words::{CertName, DerpImplementation, HostName, NodeName, Port, RegionId, RelayV4, RelayV6, Text};
use super::defaults;
use super::map::Map;

/// Relays of your own, and which public ones are used beside them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Derp {
    /// The regions, by id. 900 to 999 are reserved for private ones.
    pub regions: Map<RegionId, DerpRegion>,
    /// Which program relays in them.
    pub implementation: Spanned<DerpImplementation>,
    /// Whether only nodes of this tailnet are relayed for. The relay asks the control server, and refuses when it cannot.
    pub verify_clients: Spanned<bool>,
    /// Tailscale's public regions to use: `none`, `all`, or a list of ids. They are taken from `publicMap`, never from
    /// the network.
    pub public_regions: Spanned<PublicRegions>,
    /// A copy of <https://controlplane.tailscale.com/derpmap/default>, kept with the declaration.
    #[serde(serialize_with = "super::tree::serialize_optional")]
    #[cfg_attr(feature = "full", schemars(schema_with = "super::tree::object_schema"))]
    pub public_map: Option<Value>,
}

impl Default for Derp {
    fn default() -> Self {
        Self {
            regions: Map::default(),
            implementation: defaults::implementation(),
            verify_clients: defaults::yes(),
            public_regions: defaults::public_regions(),
            public_map: None,
        }
    }
}

/// Which public regions are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicRegions {
    /// None: nothing is relayed by others.
    None,
    /// All of the map.
    All,
    /// These.
    Only(Vec<Spanned<RegionId>>),
}

impl Serialize for PublicRegions {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_str("none"),
            Self::All => serializer.serialize_str("all"),
            Self::Only(ids) => serializer.collect_seq(ids.iter().map(|id| id.value.get())),
        }
    }
}

#[cfg(feature = "full")]
impl schemars::JsonSchema for PublicRegions {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PublicRegions".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "anyOf": [
            { "enum": ["none", "all"] },
            { "type": "array", "items": { "type": "integer", "minimum": 1, "maximum": 9_007_199_254_740_991_i64 } },
        ] })
    }
}

/// A region: relays between which a client does not choose.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DerpRegion {
    /// A short code, as `tailscale netcheck` shows it.
    pub code: Spanned<Text>,
    /// The name people read. If unset: the code.
    #[serde(default)]
    pub name: Option<Spanned<Text>>,
    /// Degrees north.
    #[serde(default)]
    pub latitude: Option<Spanned<f64>>,
    /// Degrees east.
    #[serde(default)]
    pub longitude: Option<Spanned<f64>>,
    /// Whether clients neither measure the region nor make it their home; it still relays to peers whose home it is.
    #[serde(default = "defaults::no")]
    pub no_measure_no_home: Spanned<bool>,
    /// The relays, by the node that runs them, in the order of their names. More than one needs a mesh between them.
    pub nodes: Map<NodeName, DerpNode>,
}

/// A relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DerpNode {
    /// The name that clients dial and that its certificate carries. It has to resolve while the tailnet is down.
    pub host_name: Spanned<HostName>,
    /// TCP port of the relay.
    #[serde(default = "defaults::https_port")]
    pub port: Spanned<Port>,
    /// UDP port of STUN; null: no STUN, and then no client makes the region its home as long as another answers.
    #[serde(default = "defaults::stun_port")]
    pub stun_port: Option<Spanned<Port>>,
    /// Whether it answers STUN and relays nothing.
    #[serde(default = "defaults::no")]
    pub stun_only: Spanned<bool>,
    /// Plain HTTP port of the relay, for ACME and captive-portal detection; null: none.
    #[serde(default)]
    pub http_port: Option<Spanned<Port>>,
    /// Its IPv4 address, so that clients need no DNS; `none`: not reachable over IPv4. If unset: the node's underlay
    /// address, or what DNS says.
    #[serde(default)]
    pub ipv4: Option<Spanned<RelayV4>>,
    /// Its IPv6 address; `none`: not reachable over IPv6. If unset: the node's underlay address, or what DNS says.
    #[serde(default)]
    pub ipv6: Option<Spanned<RelayV6>>,
    /// What its certificate has to be: a name other than `hostName`, or a pin. If unset: the pin in `keys`, or the host
    /// name.
    #[serde(default)]
    pub cert_name: Option<Spanned<CertName>>,
}

impl Read for Derp {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "derp", reader, |object| {
            let default = Self::default();
            Some(Self {
                regions: object.map("regions", "derp.regions"),
                implementation: object.or("implementation", default.implementation),
                verify_clients: object.or("verifyClients", default.verify_clients),
                public_regions: object.or("publicRegions", default.public_regions),
                public_map: object.optional::<PublicMap>("publicMap").map(|map| map.0),
            })
        })
    }
}

/// Any object: what it holds is judged with the relays.
struct PublicMap(Value);

impl Read for PublicMap {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        if matches!(value.kind, Kind::Object(_)) {
            return Some(Self(value.clone()));
        }
        reader.report(wrong_type::finding(value, "publicMap", "an object"));
        None
    }
}

impl Read for PublicRegions {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        match &value.kind {
            Kind::String(text) if matches!(&**text, "none" | "all") => {
                Some(if &**text == "none" { Self::None } else { Self::All })
            }
            Kind::String(text) => {
                let names = ["none", "all"];
                reader.report(bad_value::not_one_of(text, value.span, "a choice of regions", &names));
                None
            }
            Kind::Array(items) => {
                let ids = items.iter().filter_map(|item| {
                    let id = number(item, "a DERP region id", 1, RegionId::MAX, reader)?;
                    Some(Spanned::new(RegionId::new(id)?, item.span))
                });
                Some(Self::Only(ids.collect()))
            }
            _ => {
                let wanted = "\"none\", \"all\" or a list of region ids";
                reader.report(wrong_type::finding(value, "publicRegions", wanted));
                None
            }
        }
    }
}

impl Read for DerpRegion {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "a DERP region", reader, |object| {
            let code = object.required("code");
            let name = object.optional("name");
            let (latitude, longitude) = (object.optional("latitude"), object.optional("longitude"));
            let no_measure_no_home = object.or("noMeasureNoHome", defaults::no());
            let nodes = object.required_map("nodes", "a region's nodes");
            Some(Self {
                code: code?,
                name,
                latitude,
                longitude,
                no_measure_no_home,
                nodes: nodes?,
            })
        })
    }
}

impl Read for DerpNode {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "a relay", reader, |object| {
            let host_name = object.required("hostName");
            let (port, http_port) = (object.or("port", defaults::https_port()), object.optional("httpPort"));
            let stun_port = object.nullable("stunPort", defaults::stun_port());
            let stun_only = object.or("stunOnly", defaults::no());
            let (ipv4, ipv6) = (object.optional("ipv4"), object.optional("ipv6"));
            let cert_name = object.optional("certName");
            Some(Self {
                host_name: host_name?,
                port,
                stun_port,
                stun_only,
                http_port,
                ipv4,
                ipv6,
                cert_name,
            })
        })
    }
}
