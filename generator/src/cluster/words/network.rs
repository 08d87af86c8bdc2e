//! Addresses, CIDRs, URLs, listeners, resolvers.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::IpNet;

use super::{BadWord, DomainName, Word, shown_word, text_word};

/// An IP address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(pub IpAddr);

/// A CIDR without host bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cidr(pub IpNet);

/// An address and port to listen on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Listen(pub SocketAddr);

/// A relay's IPv4 address; `None`, written `none`: it is not reached over IPv4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RelayV4(pub Option<Ipv4Addr>);

/// A relay's IPv6 address; `None`, written `none`: it is not reached over IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RelayV6(pub Option<Ipv6Addr>);

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for RelayV4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(address) => address.fmt(f),
            None => f.write_str("none"),
        }
    }
}
impl fmt::Display for RelayV6 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(address) => address.fmt(f),
            None => f.write_str("none"),
        }
    }
}

shown_word!(RelayV4, pattern: r"^(none|[0-9.]+)$", example: "203.0.113.10");
shown_word!(RelayV6, pattern: r"^(none|[0-9a-fA-F:.]+)$", example: "2001:db8::10");
shown_word!(Address, pattern: r"^([0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)$", example: "203.0.113.10");
shown_word!(Cidr, pattern: r"^([0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)/[0-9]{1,3}$", example: "10.42.0.0/16");
shown_word!(Listen, pattern: r"^([0-9.]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}$", example: "127.0.0.1:8080");

text_word! {
    /// A `https://` or `http://` URL.
    Url, pattern: r"^https?://[A-Za-z0-9._\[\]:-]+(/[^\s]*)?$", example: "https://headscale.example.org"
}
text_word! {
    /// A DNS resolver: an address, or the URL of a DNS-over-HTTPS resolver.
    Resolver, pattern: r"^([0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*|https://[^\s]+)$", example: "9.9.9.9"
}

impl Word for Address {
    const WHAT: &'static str = "an IP address";
    fn parse(text: &str) -> Result<Self, BadWord> {
        match text.parse() {
            Ok(address) => Ok(Self(address)),
            Err(_) => Err(match text.split_once('/') {
                Some((address, _)) if address.parse::<IpAddr>().is_ok() => {
                    BadWord::new("it has a prefix length").meant(address)
                }
                _ => BadWord::new("it is neither IPv4 (192.0.2.1) nor IPv6 (2001:db8::1)"),
            }),
        }
    }
}

impl Word for Cidr {
    const WHAT: &'static str = "a CIDR";
    fn parse(text: &str) -> Result<Self, BadWord> {
        match text.parse::<IpNet>() {
            Ok(net) if net.trunc() != net => {
                Err(BadWord::new("it has bits set beyond the prefix length").meant(net.trunc().to_string()))
            }
            Ok(net) => Ok(Self(net)),
            Err(_) => Err(match text.parse::<IpAddr>() {
                Ok(address) => BadWord::new("it lacks the prefix length").meant(IpNet::from(address).to_string()),
                Err(_) => BadWord::new("it is no address with a prefix length, such as 10.42.0.0/16"),
            }),
        }
    }
}

impl Word for Listen {
    const WHAT: &'static str = "an address to listen on";
    fn parse(text: &str) -> Result<Self, BadWord> {
        if let Ok(listen) = text.parse::<SocketAddr>() {
            return if listen.port() == 0 {
                Err(BadWord::new("port 0 would be another one at every start"))
            } else {
                Ok(Self(listen))
            };
        }
        let bad = BadWord::new("it is no address with a port, such as 127.0.0.1:8080 or [::1]:8080");
        Err(match text.strip_prefix(':') {
            Some(port) if port.parse::<u16>().is_ok() => bad.meant(format!("0.0.0.0:{port}")),
            _ => bad,
        })
    }
}

impl Word for RelayV4 {
    const WHAT: &'static str = "an IPv4 address or none";
    fn parse(text: &str) -> Result<Self, BadWord> {
        match text {
            "none" => Ok(Self(None)),
            _ => text
                .parse()
                .map(|address| Self(Some(address)))
                .map_err(|_| BadWord::new("it is neither")),
        }
    }
}

impl Word for RelayV6 {
    const WHAT: &'static str = "an IPv6 address or none";
    fn parse(text: &str) -> Result<Self, BadWord> {
        match text {
            "none" => Ok(Self(None)),
            _ => text
                .parse()
                .map(|address| Self(Some(address)))
                .map_err(|_| BadWord::new("it is neither")),
        }
    }
}

impl Url {
    /// What stands in where none was written.
    pub(crate) fn stand_in() -> Self {
        Self("https://control.invalid".into())
    }

    /// Whether it is `https`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.as_str().starts_with("https://")
    }

    /// The host: a name in lower case, or an address without brackets.
    #[must_use]
    pub fn host(&self) -> String {
        split_url(self.as_str()).map_or_else(String::new, |(host, _)| host.to_ascii_lowercase())
    }

    /// The port, written or the scheme's own.
    #[must_use]
    pub fn port(&self) -> u16 {
        let own = if self.is_https() { 443 } else { 80 };
        split_url(self.as_str())
            .and_then(|(_, port)| port)
            .and_then(|port| port.parse().ok())
            .unwrap_or(own)
    }

    /// Whether the port is written out.
    #[must_use]
    pub fn has_port(&self) -> bool {
        split_url(self.as_str()).is_some_and(|(_, port)| port.is_some())
    }
}

/// Host (without brackets) and port of a URL, as written.
fn split_url(text: &str) -> Option<(&str, Option<&str>)> {
    let (_, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    if let Some(v6) = authority.strip_prefix('[') {
        let (host, after) = v6.split_once(']')?;
        return match after {
            "" => Some((host, None)),
            _ => Some((host, Some(after.strip_prefix(':')?))),
        };
    }
    Some(match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    })
}

impl Word for Url {
    const WHAT: &'static str = "a URL";
    fn parse(text: &str) -> Result<Self, BadWord> {
        if !text.starts_with("https://") && !text.starts_with("http://") {
            let bad = BadWord::new("it must start with https:// or http://");
            let guess = format!("https://{text}");
            return Err(if !text.contains("://") && Self::parse(&guess).is_ok() {
                bad.meant(guess)
            } else {
                bad
            });
        }
        let why = |why: &str| Err(BadWord::new(why));
        if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return why("it contains a space");
        }
        let Some((host, port)) = split_url(text) else {
            return why("its brackets do not match");
        };
        if host.contains('@') {
            return why("it names a login, and credentials do not belong into a declaration");
        }
        let v6 = text.contains("://[");
        let host_ok = if v6 {
            host.parse::<Ipv6Addr>().is_ok()
        } else {
            host.parse::<Ipv4Addr>().is_ok() || DomainName::parse(&host.to_ascii_lowercase()).is_ok()
        };
        if !host_ok {
            return why("its host is neither a domain name nor an address");
        }
        match port {
            Some(port) if !port.parse::<u16>().is_ok_and(|port| port != 0) => why("its port is not within 1-65535"),
            _ => Ok(Self(text.into())),
        }
    }
}

impl Word for Resolver {
    const WHAT: &'static str = "a DNS resolver";
    fn parse(text: &str) -> Result<Self, BadWord> {
        if text.parse::<IpAddr>().is_ok() || (text.starts_with("https://") && Url::parse(text).is_ok()) {
            return Ok(Self(text.into()));
        }
        Err(BadWord::new(
            "it is neither an address nor the https:// URL of a DNS-over-HTTPS resolver",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cidrs_have_no_host_bits() {
        assert_eq!(Cidr::parse("10.42.0.0/16").unwrap().to_string(), "10.42.0.0/16");
        assert_eq!(
            Cidr::parse("10.42.0.1/16").unwrap_err().meant.as_deref(),
            Some("10.42.0.0/16")
        );
        assert_eq!(
            Cidr::parse("10.42.0.1").unwrap_err().meant.as_deref(),
            Some("10.42.0.1/32")
        );
        for bad in ["", "10/8", "10.0.0.0/33", "fd00::/129", "x/8", "10.0.0.0/ 8"] {
            assert!(Cidr::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn urls_give_host_and_port() {
        let url = Url::parse("https://Headscale.example.org:8443/x").unwrap();
        assert_eq!(
            (url.host().as_str(), url.port(), url.has_port()),
            ("headscale.example.org", 8443, true)
        );
        let url = Url::parse("http://[2001:db8::1]").unwrap();
        assert_eq!(
            (url.host().as_str(), url.port(), url.is_https()),
            ("2001:db8::1", 80, false)
        );
        assert_eq!(
            Url::parse("headscale.example.org").unwrap_err().meant.as_deref(),
            Some("https://headscale.example.org")
        );
        for bad in [
            "",
            "https://",
            "https://a b",
            "https://x:0",
            "https://x:99999",
            "https://user:pw@x",
            "https://[::1",
            "https://[x]",
            "ftp://x",
        ] {
            assert!(Url::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn listeners_need_an_address_and_a_port() {
        assert_eq!(Listen::parse("[::]:443").unwrap().0.port(), 443);
        assert_eq!(Listen::parse(":443").unwrap_err().meant.as_deref(), Some("0.0.0.0:443"));
        for bad in ["", "127.0.0.1", "127.0.0.1:0", "localhost:80", "443"] {
            assert!(Listen::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn resolvers_are_addresses_or_https() {
        for good in ["9.9.9.9", "2620:fe::fe", "https://dns.example.org/dns-query"] {
            assert!(Resolver::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "dns.example.org", "http://dns.example.org", "9.9.9.9:53"] {
            assert!(Resolver::parse(bad).is_err(), "{bad}");
        }
    }
}
