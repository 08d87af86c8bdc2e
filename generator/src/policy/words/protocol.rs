//! IP protocols: names and numbers.

use std::fmt;

use crate::policy::dialect::Dialect;

use super::number::atoi;
use super::quote::Quoted;

/// The protocol of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// None named: TCP, UDP, ICMPv4 and ICMPv6 at the client (`IPProto` absent).
    Any,
    /// An IANA number.
    Number(u8),
}

/// Why a text is no protocol. The words are headscale's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProtocolError {
    /// `*`: leave the protocol out instead.
    #[error("proto name \"*\" not known; use protocol number 0-255 or protocol name (icmp, tcp, udp, etc.)")]
    Wildcard,
    /// `0`, or a number that begins with 0.
    #[error("leading 0 not permitted in protocol number: {}", Quoted(.0))]
    LeadingZero(Box<str>),
    /// Neither a name nor a number.
    #[error("invalid protocol number: {} must be a known protocol name or valid protocol number 0-255", Quoted(.0))]
    Unknown(Box<str>),
    /// Not one byte.
    #[error("protocol number out of range (0-255): {0}")]
    OutOfRange(i64),
}

/// The names that headscale knows, the first of a number being the one it prints (`ProtocolNumberToName`).
const NAMES: [(&str, u8); 14] = [
    ("icmp", 1),
    ("igmp", 2),
    ("ipv4", 4),
    ("ip-in-ip", 4),
    ("tcp", 6),
    ("egp", 8),
    ("igp", 9),
    ("udp", 17),
    ("gre", 47),
    ("esp", 50),
    ("ah", 51),
    ("ipv6-icmp", 58),
    ("sctp", 132),
    ("fc", 133),
];

impl Protocol {
    /// TCP.
    pub const TCP: Self = Self::Number(6);
    /// UDP.
    pub const UDP: Self = Self::Number(17);
    /// SCTP.
    pub const SCTP: Self = Self::Number(132);

    /// All names that `dialect` accepts: 0.28 lacks `ipv6-icmp` and `fc` and wants their numbers.
    pub fn names(dialect: Dialect) -> impl Iterator<Item = &'static str> {
        NAMES
            .iter()
            .map(|&(name, _)| name)
            .filter(move |name| dialect != Dialect::V0_28 || !matches!(*name, "ipv6-icmp" | "fc"))
    }

    /// The name of its number, if headscale has one.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Any => None,
            Self::Number(number) => NAMES.iter().find(|entry| entry.1 == number).map(|entry| entry.0),
        }
    }

    /// Whether ports other than `*` mean something to it in an ACL (`validateProtocolPortCompatibility`).
    #[must_use]
    pub fn has_ports(self) -> bool {
        matches!(self, Self::Any | Self::TCP | Self::UDP | Self::SCTP)
    }

    /// Reads `proto` of an ACL or a test (headscale's `Protocol.UnmarshalJSON`): lower-cased, and a number with a
    /// name becomes that name before leading zeros are looked at.
    ///
    /// ```
    /// use tailnet_generator::policy::{dialect::Dialect, words::Protocol};
    /// let parse = |text| Protocol::parse(text, Dialect::V0_29);
    /// assert_eq!(parse("TCP"), Ok(Protocol::TCP));
    /// assert_eq!(parse("06"), Ok(Protocol::TCP));
    /// assert!(parse("007").is_err());
    /// assert!(parse("0").is_err());
    /// assert_eq!(parse("-0"), Ok(Protocol::Number(0)));
    /// ```
    ///
    /// # Errors
    /// headscale's reason.
    pub fn parse(text: &str, dialect: Dialect) -> Result<Self, ProtocolError> {
        let text = go_lower(text);
        // 0.28 did not turn numbers into names first, so it refuses `06`.
        if dialect > Dialect::V0_28
            && let Some(number) = atoi(&text).and_then(|number| u8::try_from(number).ok())
            && Self::Number(number).name().is_some()
        {
            return Ok(Self::Number(number));
        }
        Self::parse_exact(&text, dialect)
    }

    /// Reads the part before the colon of a grant's `ip` (headscale's `Protocol.validate`): case matters, and leading
    /// zeros are refused even where the number has a name.
    ///
    /// # Errors
    /// headscale's reason.
    pub fn parse_exact(text: &str, dialect: Dialect) -> Result<Self, ProtocolError> {
        if text.is_empty() {
            return Ok(Self::Any);
        }
        if text == "*" {
            return Err(ProtocolError::Wildcard);
        }
        if Self::names(dialect).any(|name| name == text) {
            let number = NAMES.iter().find(|entry| entry.0 == text).map(|entry| entry.1);
            return number
                .map(Self::Number)
                .ok_or_else(|| ProtocolError::Unknown(text.into()));
        }
        if text.starts_with('0') {
            return Err(ProtocolError::LeadingZero(text.into()));
        }
        let number = atoi(text).ok_or_else(|| ProtocolError::Unknown(text.into()))?;
        u8::try_from(number)
            .map(Self::Number)
            .map_err(|_| ProtocolError::OutOfRange(number))
    }
}

/// Go's `strings.ToLower`, which maps each character to one: `İ` becomes a plain `i`.
fn go_lower(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            'İ' => 'i',
            _ => c.to_lowercase().next().unwrap_or(c),
        })
        .collect()
}

impl fmt::Display for Protocol {
    /// The name where there is one, else the number; nothing for [`Protocol::Any`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.name(), self) {
            (Some(name), _) => f.write_str(name),
            (None, Self::Number(number)) => write!(f, "{number}"),
            (None, Self::Any) => Ok(()),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_name_and_its_number() {
        for (name, number) in NAMES {
            assert_eq!(
                Protocol::parse(name, Dialect::V0_29),
                Ok(Protocol::Number(number)),
                "{name}"
            );
            assert_eq!(
                Protocol::parse(&number.to_string(), Dialect::V0_29),
                Ok(Protocol::Number(number))
            );
        }
        assert_eq!(Protocol::Number(4).to_string(), "ipv4");
        assert_eq!(Protocol::parse("İcmp", Dialect::V0_29), Ok(Protocol::Number(1)));
    }

    #[test]
    fn numbers_without_a_name() {
        for (text, number) in [("5", 5), ("+7", 7), ("255", 255), ("+0", 0), ("+06", 6)] {
            assert_eq!(
                Protocol::parse(text, Dialect::V0_29),
                Ok(Protocol::Number(number)),
                "{text}"
            );
        }
    }

    #[test]
    fn headscales_words() {
        for (text, words) in [
            (
                "*",
                r#"proto name "*" not known; use protocol number 0-255 or protocol name (icmp, tcp, udp, etc.)"#,
            ),
            ("0", r#"leading 0 not permitted in protocol number: "0""#),
            ("007", r#"leading 0 not permitted in protocol number: "007""#),
            (
                "Any",
                r#"invalid protocol number: "any" must be a known protocol name or valid protocol number 0-255"#,
            ),
            (
                " tcp",
                r#"invalid protocol number: " tcp" must be a known protocol name or valid protocol number 0-255"#,
            ),
            ("256", "protocol number out of range (0-255): 256"),
            ("-1", "protocol number out of range (0-255): -1"),
        ] {
            assert_eq!(Protocol::parse(text, Dialect::V0_29).unwrap_err().to_string(), words);
        }
    }

    #[test]
    fn grants_are_stricter_than_acls() {
        assert_eq!(Protocol::parse_exact("6", Dialect::V0_29), Ok(Protocol::TCP));
        assert_eq!(Protocol::parse_exact("", Dialect::V0_29), Ok(Protocol::Any));
        assert_eq!(
            Protocol::parse_exact("06", Dialect::V0_29),
            Err(ProtocolError::LeadingZero("06".into()))
        );
        assert_eq!(
            Protocol::parse_exact("TCP", Dialect::V0_29),
            Err(ProtocolError::Unknown("TCP".into()))
        );
    }

    #[test]
    fn two_names_came_with_0_29() {
        for (name, number) in [("ipv6-icmp", 58), ("fc", 133)] {
            assert!(Protocol::parse(name, Dialect::V0_28).is_err());
            assert_eq!(
                Protocol::parse(&number.to_string(), Dialect::V0_28),
                Ok(Protocol::Number(number))
            );
        }
        assert!(Protocol::parse("06", Dialect::V0_28).is_err());
    }

    pub(crate) fn protocols() -> impl Strategy<Value = Protocol> {
        // 0 cannot be printed so that it reads back: headscale takes it for a leading zero.
        prop_oneof![Just(Protocol::Any), (1u8..).prop_map(Protocol::Number)]
    }

    proptest! {
        #[test]
        fn printed_protocols_read_back(protocol in protocols()) {
            let text = protocol.to_string();
            prop_assert_eq!(Protocol::parse(&text, Dialect::V0_29), Ok(protocol));
            prop_assert_eq!(Protocol::parse_exact(&text, Dialect::V0_29), Ok(protocol));
        }
    }
}
