//! Members of an entry, whichever of its names it goes by.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use crate::hujson::{Kind, Member, Value};
use crate::policy::rules::topology_shape;

use super::{Prefixes, Reader};

/// The first member that goes by one of `names`.
pub(super) fn member<'a>(members: &'a [Member], names: &[&str]) -> Option<&'a Member> {
    members.iter().find(|member| names.contains(&&*member.name.value))
}

/// The value of that member, unless it is `null`.
pub(super) fn value<'a>(members: &'a [Member], names: &[&str]) -> Option<&'a Value> {
    member(members, names)
        .map(|member| &member.value)
        .filter(|value| value.kind != Kind::Null)
}

/// A node's addresses.
#[derive(Default)]
pub(super) struct Addresses {
    pub(super) v4: Option<Ipv4Addr>,
    pub(super) v6: Option<Ipv6Addr>,
}

impl Reader {
    /// A text; absent, `null` and of another type (which is reported): `None`.
    pub(super) fn text<'a>(&mut self, members: &'a [Member], names: &[&str]) -> Option<&'a str> {
        let value = value(members, names)?;
        if let Kind::String(text) = &value.kind {
            return Some(text);
        }
        self.findings.push(topology_shape::wrong_type(value, "a string"));
        None
    }

    /// An id: a number (headscale to 0.29), or digits in a string (0.30).
    pub(super) fn id(&mut self, members: &[Member], names: &[&str]) -> Option<u64> {
        let value = value(members, names)?;
        let id = match &value.kind {
            Kind::Number(digits) | Kind::String(digits) => digits.parse().ok(),
            _ => None,
        };
        if id.is_none() {
            self.findings
                .push(topology_shape::wrong_type(value, "an id: a whole number"));
        }
        id
    }

    /// The strings of an array, each with its value.
    fn texts<'a>(&mut self, members: &'a [Member], names: &[&str]) -> Vec<(&'a str, &'a Value)> {
        let Some(list) = value(members, names) else {
            return Vec::new();
        };
        let Kind::Array(items) = &list.kind else {
            self.findings
                .push(topology_shape::wrong_type(list, "an array of strings"));
            return Vec::new();
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match &item.kind {
                Kind::String(text) => texts.push((&**text, item)),
                _ => self.findings.push(topology_shape::wrong_type(item, "a string")),
            }
        }
        texts
    }

    /// Tags, as written.
    pub(super) fn tags(&mut self, members: &[Member]) -> Vec<String> {
        let mut tags = Vec::new();
        for (text, value) in self.texts(members, &["tags"]) {
            if text.starts_with("tag:") {
                tags.push(text.to_owned());
            } else {
                self.findings.push(topology_shape::not_a_tag(value, text));
            }
        }
        tags
    }

    /// Routes in CIDR notation.
    pub(super) fn routes(&mut self, members: &[Member], names: &[&str]) -> Vec<IpNet> {
        let mut routes = Vec::new();
        for (text, value) in self.texts(members, names) {
            match text.parse() {
                Ok(route) => routes.push(route),
                Err(_) => self.findings.push(topology_shape::not_a_route(value, text)),
            }
        }
        routes
    }

    /// Where addresses come from: one CIDR a family.
    pub(super) fn prefixes(&mut self, entry: &Value) -> Option<Prefixes> {
        let Kind::Object(members) = &entry.kind else {
            self.findings.push(topology_shape::wrong_type(
                entry,
                "prefixes: an object with \"v4\" and \"v6\"",
            ));
            return None;
        };
        self.unknown_keys(members, &["v4", "v6"], &[]);
        Some(Prefixes {
            v4: self.prefix(members, "v4"),
            v6: self.prefix(members, "v6"),
        })
    }

    /// A CIDR of the family that its name says.
    fn prefix<T: std::str::FromStr>(&mut self, members: &[Member], name: &str) -> Option<T> {
        let entry = value(members, &[name])?;
        let text = self.text(members, &[name])?;
        let prefix = text.parse().ok();
        if prefix.is_none() {
            self.findings.push(topology_shape::not_a_prefix(entry, text, name));
        }
        prefix
    }

    /// The node's addresses: `ipv4` and `ipv6`, or one list of both.
    pub(super) fn addresses(&mut self, members: &[Member]) -> Addresses {
        let mut addresses = Addresses::default();
        for name in ["ipv4", "ipv6"] {
            if let Some(entry) = value(members, &[name])
                && let Some(text) = self.text(members, &[name])
                && !text.is_empty()
            {
                self.address(&mut addresses, text, entry);
            }
        }
        for (text, entry) in self.texts(members, &["addresses", "ip_addresses", "ipAddresses"]) {
            self.address(&mut addresses, text, entry);
        }
        addresses
    }

    fn address(&mut self, addresses: &mut Addresses, text: &str, entry: &Value) {
        let second = match text.parse() {
            Ok(IpAddr::V4(v4)) => addresses.v4.replace(v4).is_some_and(|first| first != v4),
            Ok(IpAddr::V6(v6)) => addresses.v6.replace(v6).is_some_and(|first| first != v6),
            Err(_) => {
                self.findings.push(topology_shape::not_an_address(entry, text));
                false
            }
        };
        if second {
            self.findings.push(topology_shape::second_address(entry, text));
        }
    }
}
