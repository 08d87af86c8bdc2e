//! `derp.publicMap`: a copy of somebody else's map, read with its places.
//!
//! It is in the clients' form. Names are compared without regard to case, as Go's `encoding/json` does, and names that
//! nobody here knows are passed over, as headscale passes them over.

use super::{Map, Node, Region};
use crate::cluster::declaration::{Derp, PublicRegions};
use crate::diagnostics::Diagnostic;
use crate::hujson::{Kind, Value};
use crate::source::{Span, Spanned};

/// A region of the copy.
pub(crate) struct PublicRegion {
    /// Its key. Only keys that are numbers get here.
    pub(crate) key: Spanned<u64>,
    /// Its own `RegionID`.
    pub(crate) own_id: Option<Spanned<u64>>,
    /// Its relays.
    pub(crate) nodes: Vec<PublicNode>,
    /// What is written out: `region_id` is the key, `nodes` is empty.
    region: Region,
}

/// A relay of the copy.
pub(crate) struct PublicNode {
    /// All of it.
    pub(crate) span: Span,
    /// `Name`
    pub(crate) name: Option<Spanned<String>>,
    /// `RegionID`
    pub(crate) own_id: Option<Spanned<u64>>,
    /// `HostName`
    pub(crate) host_name: Option<Spanned<String>>,
    /// `CertName`
    pub(crate) cert_name: Option<Spanned<String>>,
    /// `IPv4`
    pub(crate) ipv4: Option<Spanned<String>>,
    /// `IPv6`
    pub(crate) ipv6: Option<Spanned<String>>,
    /// `STUNPort`
    pub(crate) stun_port: Option<Spanned<i64>>,
    /// `DERPPort`
    pub(crate) derp_port: Option<Spanned<i64>>,
    /// `InsecureForTests`
    pub(crate) insecure: Option<Spanned<bool>>,
    /// `STUNOnly`
    pub(crate) stun_only: bool,
    /// `CanPort80`
    can_port80: bool,
}

/// The regions of the copy that are used, in the order of their ids; none when there is no copy or none is used.
/// What has the wrong shape goes to `findings` and is left out.
pub(crate) fn used(derp: &Derp, findings: &mut Vec<Diagnostic>) -> Vec<PublicRegion> {
    let Some(map) = &derp.public_map else {
        return Vec::new();
    };
    let wanted = |id: u64| match &derp.public_regions.value {
        PublicRegions::None => false,
        PublicRegions::All => true,
        PublicRegions::Only(ids) => ids.iter().any(|wanted| wanted.value.get() == id),
    };
    if derp.public_regions.value == PublicRegions::None {
        return Vec::new();
    }
    let mut regions = read(map, findings);
    regions.retain(|region| wanted(region.key.value));
    regions.sort_by_key(|region| region.key.value);
    regions
}

/// The ids of all regions of the copy.
pub(crate) fn ids(map: &Value) -> Vec<u64> {
    read(map, &mut Vec::new())
        .iter()
        .map(|region| region.key.value)
        .collect()
}

/// Adds `regions` to `map`. What is there already stays.
pub(crate) fn add(regions: Vec<PublicRegion>, map: &mut Map) {
    for region in regions {
        let id = region.key.value;
        let mut written = region.region;
        written.nodes = region.nodes.into_iter().map(|node| node.written(id)).collect();
        map.regions.entry(id).or_insert(written);
    }
}

impl PublicNode {
    /// The relay as it is written into the map of region `id`.
    fn written(self, id: u64) -> Node {
        let text = |text: Option<Spanned<String>>| text.map(|text| text.value).unwrap_or_default();
        Node {
            name: text(self.name),
            region_id: id,
            host_name: text(self.host_name),
            cert_name: text(self.cert_name),
            ipv4: text(self.ipv4),
            ipv6: text(self.ipv6),
            stun_port: self
                .stun_port
                .and_then(|port| i32::try_from(port.value).ok())
                .unwrap_or(0),
            stun_only: self.stun_only,
            derp_port: self
                .derp_port
                .and_then(|port| u16::try_from(port.value).ok())
                .unwrap_or(0),
            insecure_for_tests: false,
            stun_test_ip: String::new(),
            can_port80: self.can_port80,
        }
    }
}

/// Reads the copy.
fn read(map: &Value, findings: &mut Vec<Diagnostic>) -> Vec<PublicRegion> {
    let mut reader = Reader { findings };
    let Some(regions) = field(map, "Regions") else {
        reader.wrong(map.span, "a DERP map needs \"Regions\"");
        return Vec::new();
    };
    let Some(members) = regions.as_object() else {
        reader.wrong(
            regions.span,
            format!("\"Regions\" is an object, found {}", regions.kind.name()),
        );
        return Vec::new();
    };
    let mut read = Vec::new();
    for member in members {
        let key = member.name.value.parse::<u64>().ok().filter(|id| *id > 0);
        let Some(key) = key.map(|id| Spanned::new(id, member.name.span)) else {
            reader.wrong(
                member.name.span,
                format!(
                    "a region's key is its id, a number from 1, found {:?}",
                    short(&member.name.value)
                ),
            );
            continue;
        };
        if member.value.kind == Kind::Null {
            reader.wrong(
                member.value.span,
                format!(
                    "region {} is null, which removes a region in headscale up to 0.29 only",
                    key.value
                ),
            );
            continue;
        }
        if let Some(region) = reader.region(key, &member.value) {
            read.push(region);
        }
    }
    read
}

/// Reads values of known types; what is of another one becomes a finding and counts as absent.
struct Reader<'a> {
    findings: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn wrong(&mut self, span: Span, message: impl Into<String>) {
        self.findings.push(super::rules::map_shape::finding(span, message));
    }

    fn region(&mut self, key: Spanned<u64>, value: &Value) -> Option<PublicRegion> {
        if value.as_object().is_none() {
            self.wrong(
                value.span,
                format!("a region is an object, found {}", value.kind.name()),
            );
            return None;
        }
        let text = |text: Option<Spanned<String>>| text.map(|text| text.value).unwrap_or_default();
        let flag = |flag: Option<Spanned<bool>>| flag.is_some_and(|flag| flag.value);
        let own_id = self.own_id(value, key.value);
        let region = Region {
            region_id: key.value,
            region_code: text(self.text(value, "RegionCode")),
            region_name: text(self.text(value, "RegionName")),
            latitude: self.float(value, "Latitude"),
            longitude: self.float(value, "Longitude"),
            avoid: flag(self.flag(value, "Avoid")),
            no_measure_no_home: flag(self.flag(value, "NoMeasureNoHome")),
            nodes: Vec::new(),
        };
        let nodes = match field(value, "Nodes") {
            None => Vec::new(),
            Some(nodes) => match nodes.as_array() {
                Some(nodes) => nodes.iter().filter_map(|node| self.node(node, key.value)).collect(),
                None => {
                    self.wrong(nodes.span, format!("\"Nodes\" is a list, found {}", nodes.kind.name()));
                    Vec::new()
                }
            },
        };
        Some(PublicRegion {
            key,
            own_id,
            nodes,
            region,
        })
    }

    fn node(&mut self, value: &Value, key: u64) -> Option<PublicNode> {
        if value.as_object().is_none() {
            self.wrong(value.span, format!("a relay is an object, found {}", value.kind.name()));
            return None;
        }
        Some(PublicNode {
            span: value.span,
            name: self.text(value, "Name"),
            own_id: self.own_id(value, key),
            host_name: self.text(value, "HostName"),
            cert_name: self.text(value, "CertName"),
            ipv4: self.text(value, "IPv4"),
            ipv6: self.text(value, "IPv6"),
            stun_port: self.number(value, "STUNPort"),
            derp_port: self.number(value, "DERPPort"),
            insecure: self.flag(value, "InsecureForTests"),
            stun_only: self.flag(value, "STUNOnly").is_some_and(|flag| flag.value),
            can_port80: self.flag(value, "CanPort80").is_some_and(|flag| flag.value),
        })
    }

    /// `RegionID`, in the region `key`. What is no id was reported and counts as the right one.
    fn own_id(&mut self, value: &Value, key: u64) -> Option<Spanned<u64>> {
        let span = present(value, "RegionID")?.span;
        let id = self
            .number(value, "RegionID")
            .and_then(|number| u64::try_from(number.value).ok());
        Some(Spanned::new(id.unwrap_or(key), span))
    }

    fn text(&mut self, value: &Value, name: &str) -> Option<Spanned<String>> {
        let value = present(value, name)?;
        let text = value.as_spanned_str().map(|text| text.map(str::to_owned));
        self.or_wrong(text, value, name, "a string")
    }

    fn number(&mut self, value: &Value, name: &str) -> Option<Spanned<i64>> {
        let value = present(value, name)?;
        let number = value.as_number().and_then(|number| number.parse().ok());
        self.or_wrong(
            number.map(|number| Spanned::new(number, value.span)),
            value,
            name,
            "a whole number",
        )
    }

    fn float(&mut self, value: &Value, name: &str) -> Option<f64> {
        let value = present(value, name)?;
        let number = value
            .as_number()
            .and_then(|number| number.parse().ok())
            .filter(|number: &f64| number.is_finite());
        self.or_wrong(number, value, name, "a number")
    }

    fn flag(&mut self, value: &Value, name: &str) -> Option<Spanned<bool>> {
        let value = present(value, name)?;
        let flag = match value.kind {
            Kind::Bool(flag) => Some(Spanned::new(flag, value.span)),
            _ => None,
        };
        self.or_wrong(flag, value, name, "true or false")
    }

    fn or_wrong<T>(&mut self, read: Option<T>, value: &Value, name: &str, wanted: &str) -> Option<T> {
        if read.is_none() {
            let found = match &value.kind {
                Kind::Number(number) => short(number).to_owned(),
                other => other.name().to_owned(),
            };
            self.wrong(value.span, format!("{name:?} is {wanted}, found {found}"));
        }
        read
    }
}

/// The first characters of `text`: enough to recognise it in a message.
fn short(text: &str) -> &str {
    text.char_indices()
        .nth(40)
        .and_then(|(end, _)| text.get(..end))
        .unwrap_or(text)
}

/// The member of `value` that Go would read into the field `name`.
fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let members = value.as_object()?;
    members
        .iter()
        .find(|member| member.name.value.eq_ignore_ascii_case(name))
        .map(|member| &member.value)
}

/// The same; null counts as absent.
fn present<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    field(value, name).filter(|value| value.kind != Kind::Null)
}
