//! Ports, services' ports, region ids, lifetimes.

use std::fmt;

use super::{BadWord, Word, shown_word, text_word};

/// A TCP or UDP port: 1 to 65535. A JSON number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Port(u16);

impl Port {
    /// `port`; `None` for 0.
    #[must_use]
    pub const fn new(port: u16) -> Option<Self> {
        if port == 0 { None } else { Some(Self(port)) }
    }

    /// The port, for the constants of this crate: 0 becomes 1.
    pub(crate) const fn known(port: u16) -> Self {
        Self(if port == 0 { 1 } else { port })
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl serde::Serialize for Port {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(self.0)
    }
}

#[cfg(feature = "full")]
impl schemars::JsonSchema for Port {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Port".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "integer", "minimum": 1, "maximum": 65535 })
    }
}

/// A transport that has ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Transport {
    /// TCP
    Tcp,
    /// UDP
    Udp,
    /// SCTP
    Sctp,
}

impl Transport {
    /// As a grant's `ip` writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Sctp => "sctp",
        }
    }

    /// The IANA number.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Tcp => 6,
            Self::Udp => 17,
            Self::Sctp => 132,
        }
    }
}

/// Where a service listens: `tcp:3000`, `udp:5000-5010`. The same text is an entry of a grant's `ip`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ServicePorts {
    /// The transport.
    pub transport: Transport,
    /// First port.
    pub first: Port,
    /// Last port, not below `first`.
    pub last: Port,
}

impl ServicePorts {
    /// One port.
    #[must_use]
    pub const fn one(transport: Transport, port: Port) -> Self {
        Self {
            transport,
            first: port,
            last: port,
        }
    }

    /// The ports without the transport: `3000`, `5000-5010`.
    #[must_use]
    pub fn ports(&self) -> String {
        if self.first == self.last {
            self.first.to_string()
        } else {
            format!("{}-{}", self.first, self.last)
        }
    }
}

impl fmt::Display for ServicePorts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.transport.as_str(), self.ports())
    }
}

shown_word!(ServicePorts, pattern: "^(tcp|udp|sctp):[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?$", example: "tcp:3000");

impl Word for ServicePorts {
    const WHAT: &'static str = "a protocol and port";
    fn parse(text: &str) -> Result<Self, BadWord> {
        let Some((transport, ports)) = text.split_once(':') else {
            let bad = BadWord::new("it is written with the protocol, as in tcp:443");
            return Err(if text.parse::<u16>().is_ok_and(|port| port != 0) {
                bad.meant(format!("tcp:{text}"))
            } else {
                bad
            });
        };
        let transport = match transport {
            "tcp" => Transport::Tcp,
            "udp" => Transport::Udp,
            "sctp" => Transport::Sctp,
            _ => return Err(BadWord::new("the protocol is tcp, udp or sctp")),
        };
        let port = |text: &str| {
            // No sign and no leading zero: what headscale reads otherwise than people do.
            let plain = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
            let port = text.parse().ok().filter(|_| plain).and_then(Port::new);
            port.ok_or_else(|| BadWord::new("a port is a number within 1-65535"))
        };
        let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
        let (first, last) = (port(first)?, port(last)?);
        if first > last {
            return Err(BadWord::new("its first port is greater than its last")
                .meant(format!("{}:{last}-{first}", transport.as_str())));
        }
        Ok(Self { transport, first, last })
    }
}

/// The id of a DERP region: 1 to 2^53-1. 900 to 999 are reserved for private regions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RegionId(u64);

impl RegionId {
    /// The largest id: JSON numbers are exact up to here.
    pub const MAX: u64 = (1 << 53) - 1;

    /// `id`; `None` outside 1 to [`RegionId::MAX`].
    #[must_use]
    pub const fn new(id: u64) -> Option<Self> {
        if id == 0 || id > Self::MAX {
            None
        } else {
            Some(Self(id))
        }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for RegionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

shown_word!(RegionId, pattern: "^[1-9][0-9]{0,15}$", example: "900");

impl Word for RegionId {
    const WHAT: &'static str = "a DERP region id";
    fn parse(text: &str) -> Result<Self, BadWord> {
        let plain = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
        let id = text.parse().ok().filter(|_| plain).and_then(Self::new);
        id.ok_or_else(|| BadWord::new("it is a number from 1, and 900-999 is the range for private regions"))
    }
}

text_word! {
    /// How long something lives, in the syntax of headscale's own settings and flags: `30m`, `12h`, `90d`.
    Lifetime, pattern: "^([0-9]+(ms|y|w|d|h|m|s))+$", example: "1h"
}

impl Lifetime {
    /// Seconds, rounded down; years have 365 days, as in Prometheus' durations.
    #[must_use]
    pub fn seconds(&self) -> u64 {
        seconds(self.as_str()).unwrap_or(u64::MAX)
    }
}

/// Reads a Prometheus duration: units each at most once, the largest first.
fn seconds(text: &str) -> Option<u64> {
    const UNITS: [(&str, u64); 7] = [
        ("y", 365 * 86_400_000),
        ("w", 7 * 86_400_000),
        ("d", 86_400_000),
        ("h", 3_600_000),
        ("m", 60_000),
        ("s", 1_000),
        ("ms", 1),
    ];
    let mut rest = text;
    let mut next = 0;
    let mut total = 0_u64;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at_checked(digits)?;
        let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, after) = after.split_at_checked(letters)?;
        let at = UNITS.iter().position(|(name, _)| *name == unit)?;
        let (_, milliseconds) = UNITS.get(at).filter(|_| at >= next)?;
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(*milliseconds)?)?;
        next = at + 1;
        rest = after;
    }
    (!text.is_empty()).then_some(total / 1_000)
}

impl Word for Lifetime {
    const WHAT: &'static str = "a duration";
    fn parse(text: &str) -> Result<Self, BadWord> {
        match seconds(text) {
            Some(0) => Err(BadWord::new("it is shorter than a second")),
            Some(_) => Ok(Self(text.into())),
            None => Err(BadWord::new(
                "durations are numbers with y, w, d, h, m, s, the largest first, as in 12h or 1d6h",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn service_ports_round_trip() {
        for good in ["tcp:22", "udp:5000-5010", "sctp:1"] {
            assert_eq!(ServicePorts::parse(good).unwrap().to_string(), good);
        }
        assert_eq!(
            ServicePorts::parse("443").unwrap_err().meant.as_deref(),
            Some("tcp:443")
        );
        assert_eq!(
            ServicePorts::parse("tcp:9-3").unwrap_err().meant.as_deref(),
            Some("tcp:3-9")
        );
        for bad in [
            "",
            "tcp",
            "tcp:",
            "tcp:0",
            "tcp:+1",
            "tcp:01",
            "icmp:*",
            "TCP:1",
            "tcp:1-",
            "tcp:65536",
        ] {
            assert!(ServicePorts::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn region_ids() {
        assert_eq!(RegionId::parse("900").unwrap().get(), 900);
        for bad in ["", "0", "0900", "-1", "9007199254740992", "x"] {
            assert!(RegionId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn lifetimes_are_prometheus_durations() {
        assert_eq!(Lifetime::parse("1d6h").unwrap().seconds(), 30 * 3_600);
        assert_eq!(Lifetime::parse("90m").unwrap().seconds(), 5_400);
        for bad in [
            "",
            "1",
            "h",
            "6h1d",
            "1h1h",
            "0s",
            "500ms",
            "1.5h",
            "99999999999999999999y",
        ] {
            assert!(Lifetime::parse(bad).is_err(), "{bad}");
        }
    }
}
