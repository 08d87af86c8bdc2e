//! The entries of a grant's `ip` (headscale's `ProtocolPort`).

use std::fmt;

use crate::policy::dialect::Dialect;

use super::port::{PortError, PortList, PortRange};
use super::protocol::{Protocol, ProtocolError};
use super::quote::Quoted;

/// An entry of a grant's `ip`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traffic {
    /// The protocol.
    pub protocol: Protocol,
    /// The ports, in the order written.
    pub ports: Vec<PortRange>,
}

/// Why a text is no traffic. The words are headscale's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrafficError {
    /// More than one colon.
    #[error(
        "expected only one colon in Internet protocol and port type, got: [{}]({})",
        .0.replace(':', " "), .0.matches(':').count() + 1
    )]
    Colons(Box<str>),
    /// The part before the colon.
    #[error(transparent)]
    Protocol(#[from] ProtocolError),
    /// The ports.
    #[error("port range {}: {error}", Quoted(.ports))]
    Ports {
        /// The ports as written.
        ports: Box<str>,
        /// Why.
        error: PortError,
    },
}

impl Traffic {
    /// Reads an entry: `*`, ports (`443`, `1-9`), or `protocol:ports` (`tcp:22`, `icmp:*`). A word without a colon is
    /// always ports, so `tcp` alone is refused and `47` is port 47. Nothing is trimmed.
    ///
    /// ```
    /// use tailnet_generator::policy::{dialect::Dialect, words::{Protocol, Traffic}};
    /// let parse = |text| Traffic::parse(text, Dialect::V0_29);
    /// assert_eq!(parse("47").unwrap().protocol, Protocol::Any);
    /// assert_eq!(parse(":80").unwrap().protocol, Protocol::Any);
    /// assert_eq!(
    ///     parse("tcp").unwrap_err().to_string(),
    ///     r#"port range "tcp": invalid first integer"#
    /// );
    /// assert!(parse("*:80").is_err());
    /// ```
    ///
    /// # Errors
    /// headscale's reason.
    pub fn parse(text: &str, dialect: Dialect) -> Result<Self, TrafficError> {
        let (protocol, ports) = text.split_once(':').unwrap_or(("", text));
        if ports.contains(':') {
            return Err(TrafficError::Colons(text.into()));
        }
        let protocol = Protocol::parse_exact(protocol, dialect)?;
        let ports = PortRange::parse_list(ports).map_err(|error| TrafficError::Ports {
            ports: ports.into(),
            error,
        })?;
        Ok(Self { protocol, ports })
    }
}

impl fmt::Display for Traffic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.protocol {
            Protocol::Any => write!(f, "{}", PortList(&self.ports)),
            protocol => write!(f, "{protocol}:{}", PortList(&self.ports)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::alias::tests::texts;
    use super::super::port::tests::ranges;
    use super::super::protocol::tests::protocols;
    use super::*;

    #[test]
    fn every_form() {
        for (text, protocol, ports) in [
            ("*", Protocol::Any, "*"),
            ("443", Protocol::Any, "443"),
            ("80,443", Protocol::Any, "80,443"),
            ("tcp:22", Protocol::TCP, "22"),
            ("6:443", Protocol::TCP, "443"),
            ("icmp:*", Protocol::Number(1), "*"),
            // Grants are not checked for protocols without ports.
            ("icmp:80", Protocol::Number(1), "80"),
            ("-0:*", Protocol::Number(0), "*"),
        ] {
            let traffic = Traffic::parse(text, Dialect::V0_29).unwrap();
            assert_eq!(traffic.protocol, protocol, "{text}");
            assert_eq!(PortList(&traffic.ports).to_string(), ports, "{text}");
        }
    }

    #[test]
    fn headscales_words() {
        for (text, words) in [
            (
                "tcp:80:443",
                "expected only one colon in Internet protocol and port type, got: [tcp 80 443](3)",
            ),
            ("icmp", r#"port range "icmp": invalid first integer"#),
            ("", r#"port range "": invalid first integer"#),
            ("tcp:", r#"port range "": invalid first integer"#),
            ("0", r#"port range "0": first port must be >0, or use '*' for wildcard"#),
            (
                "*:443",
                r#"proto name "*" not known; use protocol number 0-255 or protocol name (icmp, tcp, udp, etc.)"#,
            ),
            ("06:443", r#"leading 0 not permitted in protocol number: "06""#),
            (
                "TCP:443",
                r#"invalid protocol number: "TCP" must be a known protocol name or valid protocol number 0-255"#,
            ),
        ] {
            assert_eq!(Traffic::parse(text, Dialect::V0_29).unwrap_err().to_string(), words);
        }
    }

    proptest! {
        #[test]
        fn printed_traffic_reads_back(protocol in protocols(), ports in ranges()) {
            let traffic = Traffic { protocol, ports };
            prop_assert_eq!(Traffic::parse(&traffic.to_string(), Dialect::V0_29), Ok(traffic));
        }

        #[test]
        fn no_text_panics(text in texts()) {
            let _ = Traffic::parse(&text, Dialect::V0_29);
        }
    }
}
