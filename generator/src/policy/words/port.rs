//! Ports and port ranges, as headscale's `parsePortRange` reads them (`hscontrol/policy/v2/utils.go`).

use std::fmt;

use super::number::atoi;

/// Ports `first..=last`. `*` is `0..=65535`; 0 stands only in a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PortRange {
    /// First port.
    pub first: u16,
    /// Last port, not below `first`.
    pub last: u16,
}

/// Why a list of ports is none. The words are headscale's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PortError {
    /// Not a decimal number that fits 64 bits.
    #[error("invalid first integer")]
    NotANumber,
    /// Below 0 or above 65535.
    #[error("port number out of range")]
    OutOfRange,
    /// A range without exactly two ends.
    #[error("invalid port range format")]
    Format,
    /// A range that runs backwards.
    #[error("invalid port range: first port is greater than last port")]
    Inverted,
    /// A single port 0.
    #[error("first port must be >0, or use '*' for wildcard")]
    Zero,
}

impl PortRange {
    /// `*`
    pub const ALL: Self = Self {
        first: 0,
        last: u16::MAX,
    };

    /// The one port `port`.
    #[must_use]
    pub const fn single(port: u16) -> Self {
        Self {
            first: port,
            last: port,
        }
    }

    /// Whether `port` lies in it.
    #[must_use]
    pub const fn contains(self, port: u16) -> bool {
        self.first <= port && port <= self.last
    }

    /// Reads a list: `*`, `80`, `80,443`, `8000-8999`, in any mixture but with `*` alone. No space is allowed.
    ///
    /// Numbers go through Go's `strconv.Atoi`, so a `+` is no mistake, and empty parts of a range are dropped before
    /// its ends are counted:
    ///
    /// ```
    /// use tailnet_generator::policy::words::{PortRange, port::PortError};
    /// let range = |first, last| Ok(vec![PortRange { first, last }]);
    /// assert_eq!(PortRange::parse_list("*"), range(0, 65535));
    /// assert_eq!(PortRange::parse_list("+80"), range(80, 80));
    /// assert_eq!(PortRange::parse_list("1--2"), range(1, 2));
    /// assert_eq!(PortRange::parse_list("0-65535"), range(0, 65535));
    /// assert_eq!(PortRange::parse_list("-5"), Err(PortError::Format));
    /// assert_eq!(PortRange::parse_list("0"), Err(PortError::Zero));
    /// ```
    ///
    /// # Errors
    /// headscale's reason for the first part that is wrong.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, PortError> {
        if text == "*" {
            return Ok(vec![Self::ALL]);
        }
        text.split(',').map(Self::parse_part).collect()
    }

    /// One part between commas.
    fn parse_part(part: &str) -> Result<Self, PortError> {
        if !part.contains('-') {
            return match parse_port(part)? {
                0 => Err(PortError::Zero),
                port => Ok(Self::single(port)),
            };
        }
        let mut ends = part.split('-').filter(|end| !end.is_empty());
        let (Some(first), Some(last), None) = (ends.next(), ends.next(), ends.next()) else {
            return Err(PortError::Format);
        };
        let (first, last) = (parse_port(first)?, parse_port(last)?);
        if first > last {
            return Err(PortError::Inverted);
        }
        Ok(Self { first, last })
    }
}

/// headscale's `parsePort`.
fn parse_port(text: &str) -> Result<u16, PortError> {
    let number = atoi(text).ok_or(PortError::NotANumber)?;
    u16::try_from(number).map_err(|_| PortError::OutOfRange)
}

impl fmt::Display for PortRange {
    /// `80`, `80-90`; 0 alone is written as the range it has to be.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last && self.first != 0 {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

/// Shows a list of ports as a policy writes it.
#[derive(Clone, Copy, Debug)]
pub struct PortList<'a>(pub &'a [PortRange]);

impl fmt::Display for PortList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == [PortRange::ALL] {
            return f.write_str("*");
        }
        for (i, range) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(",")?;
            }
            write!(f, "{range}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn headscales_verdict_on_each_form() {
        use PortError::*;
        let ok: &[(&str, &[(u16, u16)])] = &[
            ("80", &[(80, 80)]),
            ("080", &[(80, 80)]),
            ("80,443", &[(80, 80), (443, 443)]),
            ("1-9,22,0-3", &[(1, 9), (22, 22), (0, 3)]),
            ("0-0", &[(0, 0)]),
            ("-1-2-", &[(1, 2)]),
            ("+1-+2", &[(1, 2)]),
            ("65535", &[(65535, 65535)]),
        ];
        for (text, ranges) in ok {
            let ranges = ranges.iter().map(|&(first, last)| PortRange { first, last }).collect();
            assert_eq!(PortRange::parse_list(text), Ok(ranges), "{text}");
        }
        for (text, error) in [
            ("", NotANumber),
            ("ssh", NotANumber),
            ("80,", NotANumber),
            (" 80", NotANumber),
            ("80, 443", NotANumber),
            ("*,80", NotANumber),
            ("0x50", NotANumber),
            ("8_0", NotANumber),
            ("99999999999999999999", NotANumber),
            ("65536", OutOfRange),
            ("1-65536", OutOfRange),
            ("80-", Format),
            ("-", Format),
            ("1-2-3", Format),
            ("90-80", Inverted),
            ("+0", Zero),
            ("80,0", Zero),
        ] {
            assert_eq!(PortRange::parse_list(text), Err(error), "{text}");
        }
    }

    pub(crate) fn ranges() -> impl Strategy<Value = Vec<PortRange>> {
        let range = (any::<u16>(), any::<u16>()).prop_map(|(a, b)| PortRange {
            first: a.min(b),
            last: a.max(b),
        });
        prop_oneof![
            1 => Just(vec![PortRange::ALL]),
            4 => prop::collection::vec(range, 1..4),
        ]
    }

    proptest! {
        #[test]
        fn printed_ports_read_back(ports in ranges()) {
            let text = PortList(&ports).to_string();
            prop_assert_eq!(PortRange::parse_list(&text), Ok(ports), "{}", text);
        }
    }
}
