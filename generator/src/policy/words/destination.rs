//! `host:ports`, as ACLs and tests write destinations (headscale's `AliasWithPorts` and `splitDestinationAndPort`).

use std::borrow::Cow;
use std::fmt;

use super::alias::{Alias, AliasError, NameError, TagName};
use super::port::{PortError, PortList, PortRange};
use super::prefix::is_ipv6;
use super::quote::Quoted;

/// `host:ports` of an ACL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// Who.
    pub alias: Alias,
    /// The ports, in the order written.
    pub ports: Vec<PortRange>,
}

/// Why a text is no destination. The words are headscale's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DestinationError {
    /// No port.
    #[error("hostport must contain a colon")]
    NoColon,
    /// Nothing before the last colon.
    #[error("input cannot start with a colon character")]
    ColonFirst,
    /// Nothing after the last colon.
    #[error("input cannot end with a colon character")]
    ColonLast,
    /// A bracket that is never closed.
    #[error("square brackets are only valid around IPv6 addresses")]
    OpenBracket,
    /// Brackets around something else than an IPv6 address, or followed by neither `:` nor `/`.
    #[error("square brackets are only valid around IPv6 addresses: {}", Quoted(.0))]
    Brackets(Box<str>),
    /// The ports are wrong.
    #[error("dst={}: port range {}: {error}", Quoted(.text), Quoted(.ports))]
    Ports {
        /// The whole text.
        text: Box<str>,
        /// What stands after the last colon.
        ports: Box<str>,
        /// Why.
        error: PortError,
    },
    /// What stands before the last colon is no alias.
    #[error(transparent)]
    Alias(#[from] AliasError),
    /// A tag that headscale refuses here, though not as a source.
    #[error(transparent)]
    Tag(#[from] NameError),
}

impl Destination {
    /// Reads a destination. It is split at the last colon, so an IPv6 address needs no brackets; they are allowed
    /// around one, before the length of a CIDR. Nothing is trimmed.
    ///
    /// ```
    /// use tailnet_generator::policy::words::Destination;
    /// let shown = |text| Destination::parse(text).map(|destination| destination.to_string());
    /// assert_eq!(shown("fd7a::1:22").unwrap(), "fd7a::1:22");
    /// assert_eq!(shown("[fd7a::1]/128:80,443").unwrap(), "fd7a::1/128:80,443");
    /// assert_eq!(
    ///     shown("autogroup:self").unwrap_err().to_string(),
    ///     r#"dst="autogroup:self": port range "self": invalid first integer"#
    /// );
    /// ```
    ///
    /// # Errors
    /// headscale's first reason: the split, then the ports, then the alias.
    pub fn parse(text: &str) -> Result<Self, DestinationError> {
        if !text.contains(':') {
            return Err(DestinationError::NoColon);
        }
        let plain = strip_brackets(text)?;
        let (host, ports) = plain.rsplit_once(':').ok_or(DestinationError::NoColon)?;
        if host.is_empty() {
            return Err(DestinationError::ColonFirst);
        }
        if ports.is_empty() {
            return Err(DestinationError::ColonLast);
        }
        let ports = PortRange::parse_list(ports).map_err(|error| DestinationError::Ports {
            text: text.into(),
            ports: ports.into(),
            error,
        })?;
        let alias = Alias::parse(host)?;
        if let Alias::Tag(tag) = &alias {
            // headscale validates the alias here and only here (`AliasWithPorts.UnmarshalJSON`).
            TagName::parse_strict(tag.as_str())?;
        }
        Ok(Self { alias, ports })
    }
}

/// The text without the brackets of `[v6]:ports` and `[v6]/bits:ports`.
fn strip_brackets(text: &str) -> Result<Cow<'_, str>, DestinationError> {
    let Some(inner) = text.strip_prefix('[') else {
        return Ok(Cow::Borrowed(text));
    };
    let (host, rest) = inner.split_once(']').ok_or(DestinationError::OpenBracket)?;
    if !is_ipv6(host) {
        return Err(DestinationError::Brackets(host.into()));
    }
    if !rest.starts_with([':', '/']) {
        return Err(DestinationError::Brackets(text.into()));
    }
    Ok(Cow::Owned(format!("{host}{rest}")))
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.alias, PortList(&self.ports))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::alias::tests::{aliases, texts};
    use super::super::port::tests::ranges;
    use super::*;

    #[test]
    fn split_at_the_last_colon() {
        for (text, host, ports) in [
            ("tag:web:80", "tag:web", "80"),
            ("*:*", "*", "*"),
            ("fd7a::/64:*", "fd7a::/64", "*"),
            ("[::1]:80", "::1", "80"),
            ("[fe80::1%eth0]:80", "fe80::1", "80"),
            ("group:a@b:1-2", "group:a@b", "1-2"),
            (" srv:22", " srv", "22"),
            // Everything up to the last colon is the address.
            ("::1:22", "::1", "22"),
        ] {
            let destination = Destination::parse(text).unwrap();
            assert_eq!(destination.alias.to_string(), host, "{text}");
            assert_eq!(PortList(&destination.ports).to_string(), ports, "{text}");
        }
    }

    #[test]
    fn headscales_words() {
        for (text, words) in [
            ("srv", "hostport must contain a colon"),
            (":80", "input cannot start with a colon character"),
            ("srv:", "input cannot end with a colon character"),
            ("[::1", "square brackets are only valid around IPv6 addresses"),
            (
                "[10.0.0.1]:80",
                r#"square brackets are only valid around IPv6 addresses: "10.0.0.1""#,
            ),
            (
                "[::1]80:1",
                r#"square brackets are only valid around IPv6 addresses: "[::1]80:1""#,
            ),
            (
                "tag:a:ssh",
                r#"dst="tag:a:ssh": port range "ssh": invalid first integer"#,
            ),
            ("tag:a", r#"dst="tag:a": port range "a": invalid first integer"#),
            ("ipset:x:80", r#"invalid alias format: "ipset:x""#),
            ("tag:1:80", "tag names must start with a letter, after 'tag:'"),
            (
                "autogroup:admin:80",
                "invalid autogroup: got \"autogroup:admin\", must be one of [autogroup:internet autogroup:member \
                 autogroup:nonroot autogroup:tagged autogroup:self autogroup:danger-all]",
            ),
        ] {
            assert_eq!(Destination::parse(text).unwrap_err().to_string(), words, "{text}");
        }
    }

    proptest! {
        #[test]
        fn printed_destinations_read_back(alias in aliases(), ports in ranges()) {
            let destination = Destination { alias, ports };
            let text = destination.to_string();
            match Destination::parse(&text) {
                Ok(read) => prop_assert_eq!(read, destination),
                // The one alias that is legal elsewhere only; an empty host; a host that begins with a bracket.
                Err(DestinationError::Tag(_)) => prop_assert!(matches!(destination.alias, Alias::Tag(_))),
                Err(error) => prop_assert!(text.starts_with([':', '[']), "{text}: {error}"),
            }
        }

        #[test]
        fn no_text_panics(text in texts()) {
            let _ = Destination::parse(&text);
        }
    }
}
