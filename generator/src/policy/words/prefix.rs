//! Addresses and CIDRs, by the rules of Go's `net/netip`.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use super::number::atoi;
use super::quote::Quoted;

/// An address or CIDR as written: host bits are kept here and masked where sets are made.
///
/// IPv4-mapped IPv6 addresses (`::ffff:10.0.0.1`) are IPv6, as in Go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Prefix {
    addr: IpAddr,
    bits: u8,
    slash: bool,
}

/// Why a text is no address or CIDR. The words are those of Go's `netip.ParsePrefix` and `netip.ParseAddr`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrefixError {
    /// Not an address.
    #[error("ParseAddr({}): unable to parse IP", Quoted(.0))]
    Address(Box<str>),
    /// What stands before the `/` is not an address.
    #[error("netip.ParsePrefix({}): ParseAddr({}): unable to parse IP", Quoted(.0), Quoted(.1))]
    PrefixAddress(Box<str>, Box<str>),
    /// A CIDR without `/`.
    #[error("netip.ParsePrefix({}): no '/'", Quoted(.0))]
    NoSlash(Box<str>),
    /// A CIDR with an IPv6 zone.
    #[error("netip.ParsePrefix({}): IPv6 zones cannot be present in a prefix", Quoted(.0))]
    Zone(Box<str>),
    /// No number after the `/`, or one with a sign or a leading zero.
    #[error("netip.ParsePrefix({}): bad bits after slash: {}", Quoted(.0), Quoted(.1))]
    Bits(Box<str>, Box<str>),
    /// More bits than the family has.
    #[error("netip.ParsePrefix({}): prefix length out of range", Quoted(.0))]
    Length(Box<str>),
}

impl Prefix {
    /// What stands in a document for an address that could not be read.
    pub(crate) const STAND_IN: Self = Self::single(IpAddr::V4(Ipv4Addr::UNSPECIFIED));

    /// The CIDR `addr/bits`; `None` if the family has fewer bits.
    #[must_use]
    pub const fn new(addr: IpAddr, bits: u8) -> Option<Self> {
        if bits > address_bits(addr) {
            return None;
        }
        Some(Self {
            addr,
            bits,
            slash: true,
        })
    }

    /// The single address `addr`, written without a `/`.
    #[must_use]
    pub const fn single(addr: IpAddr) -> Self {
        Self {
            addr,
            bits: address_bits(addr),
            slash: false,
        }
    }

    /// Reads an address or a CIDR (headscale's `Prefix.parseString`): what has a `/` is a CIDR.
    ///
    /// Leading zeros are refused in octets and in the length. A zone is dropped from a bare address and refused in a
    /// CIDR:
    ///
    /// ```
    /// use tailnet_generator::policy::words::Prefix;
    /// assert_eq!(Prefix::parse("fe80::1%eth0").unwrap().to_string(), "fe80::1");
    /// assert_eq!(Prefix::parse("10.1.2.3/8").unwrap().to_string(), "10.1.2.3/8");
    /// assert!(Prefix::parse("fe80::1%eth0/64").is_err());
    /// assert!(Prefix::parse("010.0.0.1").is_err());
    /// assert!(Prefix::parse("10.0.0.0/08").is_err());
    /// ```
    ///
    /// # Errors
    /// Go's reason.
    pub fn parse(text: &str) -> Result<Self, PrefixError> {
        if text.contains('/') {
            return Self::parse_cidr(text);
        }
        let (addr, _zone) = parse_address(text).ok_or_else(|| PrefixError::Address(text.into()))?;
        Ok(Self::single(addr))
    }

    /// [`Prefix::parse`] for those who only want to know whether it is one: most words that are tried are none, and
    /// saying why would cost more than looking.
    pub(super) fn read(text: &str) -> Option<Self> {
        // What begins like no address and has no `:` is none.
        if !text.starts_with(|c: char| c.is_ascii_hexdigit() || c == ':') || !text.contains(['.', ':']) {
            return None;
        }
        Self::parse(text).ok()
    }

    /// Reads a CIDR (Go's `netip.ParsePrefix`): the `/` is required.
    ///
    /// # Errors
    /// Go's reason.
    pub fn parse_cidr(text: &str) -> Result<Self, PrefixError> {
        let (address, length) = text.rsplit_once('/').ok_or_else(|| PrefixError::NoSlash(text.into()))?;
        let (addr, zone) =
            parse_address(address).ok_or_else(|| PrefixError::PrefixAddress(text.into(), address.into()))?;
        if zone {
            return Err(PrefixError::Zone(text.into()));
        }
        let bad = || PrefixError::Bits(text.into(), length.into());
        if length.len() > 1 && !length.starts_with(|c: char| matches!(c, '1'..='9')) {
            return Err(bad());
        }
        let bits = atoi(length).ok_or_else(bad)?;
        u8::try_from(bits)
            .ok()
            .and_then(|bits| Self::new(addr, bits))
            .ok_or_else(|| PrefixError::Length(text.into()))
    }

    /// The address, host bits included.
    #[must_use]
    pub const fn addr(self) -> IpAddr {
        self.addr
    }

    /// The prefix length, at most 32 or 128.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.bits
    }

    /// Whether it was written with a `/`: `tests` refuse even a `/32`.
    #[must_use]
    pub const fn has_slash(self) -> bool {
        self.slash
    }

    /// Whether it holds one address only.
    #[must_use]
    pub const fn is_single(self) -> bool {
        self.bits == address_bits(self.addr)
    }

    /// The network: host bits masked.
    #[must_use]
    pub fn network(self) -> IpNet {
        match self.addr {
            IpAddr::V4(addr) => ipnet::Ipv4Net::new(addr, self.bits).map(|net| IpNet::V4(net.trunc())),
            IpAddr::V6(addr) => ipnet::Ipv6Net::new(addr, self.bits).map(|net| IpNet::V6(net.trunc())),
        }
        .unwrap_or_else(|_| IpNet::from(self.addr))
    }
}

/// 32 or 128.
const fn address_bits(addr: IpAddr) -> u8 {
    match addr {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

/// Go's `netip.ParseAddr`: the address, and whether a zone followed it. The first of `.`, `:` and `%` decides the
/// family, so a zone may hold anything.
fn parse_address(text: &str) -> Option<(IpAddr, bool)> {
    match text.chars().find(|c| matches!(c, '.' | ':' | '%'))? {
        '.' => text.parse::<Ipv4Addr>().ok().map(|addr| (IpAddr::V4(addr), false)),
        ':' => {
            let (address, zone) = match text.split_once('%') {
                Some((_, "")) => return None,
                Some((address, _)) => (address, true),
                None => (text, false),
            };
            address.parse::<Ipv6Addr>().ok().map(|addr| (IpAddr::V6(addr), zone))
        }
        _ => None,
    }
}

/// Whether `text` is an IPv6 address, with or without a zone: what square brackets may hold.
pub(super) fn is_ipv6(text: &str) -> bool {
    matches!(parse_address(text), Some((IpAddr::V6(_), _)))
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.slash {
            write!(f, "{}/{}", self.addr, self.bits)
        } else {
            write!(f, "{}", self.addr)
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_netip_reads() {
        for (text, shown, bits) in [
            ("100.64.0.1", "100.64.0.1", 32),
            ("100.64.0.1/32", "100.64.0.1/32", 32),
            ("0.0.0.0/0", "0.0.0.0/0", 0),
            ("fd7a:115c:a1e0::/48", "fd7a:115c:a1e0::/48", 48),
            ("FD7A::1", "fd7a::1", 128),
            ("::ffff:10.0.0.1", "::ffff:10.0.0.1", 128),
            ("::ffff:a00:1/104", "::ffff:10.0.0.1/104", 104),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0", 128),
            ("fe80::1%a@b/c".split('/').next().unwrap(), "fe80::1", 128),
        ] {
            let prefix = Prefix::parse(text).unwrap();
            assert_eq!((prefix.to_string().as_str(), prefix.bits()), (shown, bits), "{text}");
        }
        for text in [
            "",
            "10",
            "10.0",
            "10.0.0",
            "10.0.0.256",
            "10.0.0.01",
            "1.2.3.4.5",
            " 10.0.0.1",
            "10.0.0.1 ",
            "::1%",
            "1.2.3.4%eth0",
            "%::1",
            "1::2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7:8::",
            "12345::",
            ":::",
            "::1.2.3.04",
            "10.0.0.0/",
            "10.0.0.0/33",
            "10.0.0.0/+8",
            "10.0.0.0/-1",
            "10.0.0.0/8/8",
            "::/129",
            "[::1]",
            "/8",
        ] {
            assert!(Prefix::parse(text).is_err(), "{text:?} passes");
        }
    }

    #[test]
    fn the_words_of_netip() {
        for (text, words) in [
            ("10.0.0.1", r#"netip.ParsePrefix("10.0.0.1"): no '/'"#),
            (
                "10.0.0.0/08",
                r#"netip.ParsePrefix("10.0.0.0/08"): bad bits after slash: "08""#,
            ),
            (
                "10.0.0.0/33",
                r#"netip.ParsePrefix("10.0.0.0/33"): prefix length out of range"#,
            ),
            (
                "fe80::%e/64",
                r#"netip.ParsePrefix("fe80::%e/64"): IPv6 zones cannot be present in a prefix"#,
            ),
            ("x/8", r#"netip.ParsePrefix("x/8"): ParseAddr("x"): unable to parse IP"#),
        ] {
            assert_eq!(Prefix::parse_cidr(text).unwrap_err().to_string(), words);
        }
    }

    #[test]
    fn networks_lose_their_host_bits() {
        assert_eq!(Prefix::parse("10.1.2.3/8").unwrap().network().to_string(), "10.0.0.0/8");
        assert_eq!(Prefix::parse("fd7a::5").unwrap().network().to_string(), "fd7a::5/128");
    }

    pub(crate) fn prefixes() -> impl Strategy<Value = Prefix> {
        (any::<IpAddr>(), any::<u8>(), any::<bool>()).prop_map(|(addr, bits, slash)| {
            if slash {
                Prefix::new(addr, bits % (address_bits(addr) + 1)).unwrap()
            } else {
                Prefix::single(addr)
            }
        })
    }

    proptest! {
        #[test]
        fn a_quick_look_sees_the_same(text in super::super::alias::tests::texts()) {
            prop_assert_eq!(Prefix::read(&text), Prefix::parse(&text).ok());
        }

        #[test]
        fn printed_prefixes_read_back(prefix in prefixes()) {
            prop_assert_eq!(Prefix::parse(&prefix.to_string()), Ok(prefix));
        }
    }
}
