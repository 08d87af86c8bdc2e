//! `checkPeriod`: `always`, or a duration as the dialect's headscale parses it.

use std::fmt;
use std::time::Duration;

use crate::policy::dialect::Dialect;

use super::quote::Quoted;

/// How long an SSH check stays valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CheckPeriod {
    /// `always`: every session is checked. 0.28 does not know it.
    Always,
    /// That long, at most [`CheckPeriod::MAX`] (0.28: without a bound).
    Every(Duration),
}

/// Why a text is no check period. The words are those of headscale and of what parses durations for it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// Go's `time.ParseDuration`: not a sequence of numbers with units.
    #[error("time: invalid duration {}", GoTimeQuoted(.0))]
    Invalid(Box<str>),
    /// Go's `time.ParseDuration`: a number without a unit.
    #[error("time: missing unit in duration {}", GoTimeQuoted(.0))]
    MissingUnit(Box<str>),
    /// Go's `time.ParseDuration`: a unit it does not know, days and weeks among them.
    #[error("time: unknown unit {} in duration {}", GoTimeQuoted(.unit), GoTimeQuoted(.text))]
    UnknownUnit {
        /// The unit.
        unit: Box<str>,
        /// The whole text.
        text: Box<str>,
    },
    /// Below zero.
    #[error("checkPeriod {} must be a positive duration", GoDuration(*.0))]
    Negative(i64),
    /// Above a week.
    #[error("checkPeriod {} is above the max (168h)", GoDuration(*.0))]
    AboveMax(i64),
    /// 0.28 (Prometheus): an empty text.
    #[error("empty duration string")]
    Empty,
    /// 0.28 (Prometheus): not a sequence of whole numbers with units in falling order.
    #[error("not a valid duration string: {}", Quoted(.0))]
    NotValid(Box<str>),
    /// 0.28 (Prometheus): a unit it does not know.
    #[error("unknown unit {} in duration {}", Quoted(.unit), Quoted(.text))]
    PrometheusUnit {
        /// The unit.
        unit: Box<str>,
        /// The whole text.
        text: Box<str>,
    },
    /// 0.28 (Prometheus): more than 292 years.
    #[error("duration out of range")]
    OutOfRange,
}

impl CheckPeriod {
    /// What headscale takes when none is written: 12 hours.
    pub const DEFAULT: Self = Self::Every(Duration::from_secs(12 * 60 * 60));

    /// The longest period: 168 hours.
    pub const MAX: Duration = Duration::from_secs(7 * 24 * 60 * 60);

    /// Reads a check period. 0.29 takes Go's durations (`SSHCheckPeriod.UnmarshalJSON` and `.Validate`), 0.28 those
    /// of Prometheus, so `1d` is right in 0.28 only and `1h30m0.5s` in 0.29 only. Zero is no mistake.
    ///
    /// ```
    /// use tailnet_generator::policy::{dialect::Dialect, words::CheckPeriod};
    /// assert!(CheckPeriod::parse("1d", Dialect::V0_28).is_ok());
    /// assert_eq!(
    ///     CheckPeriod::parse("1d", Dialect::V0_29).unwrap_err().to_string(),
    ///     r#"time: unknown unit "d" in duration "1d""#
    /// );
    /// ```
    ///
    /// # Errors
    /// It is no duration, or one below zero or above a week.
    pub fn parse(text: &str, dialect: Dialect) -> Result<Self, PeriodError> {
        if dialect == Dialect::V0_28 {
            return parse_prometheus(text).map(|nanos| Self::Every(Duration::from_nanos(nanos)));
        }
        if text == "always" {
            return Ok(Self::Always);
        }
        let nanos = parse_go(text)?;
        let period = Duration::from_nanos(u64::try_from(nanos).map_err(|_| PeriodError::Negative(nanos))?);
        if period > Self::MAX {
            return Err(PeriodError::AboveMax(nanos));
        }
        Ok(Self::Every(period))
    }
}

impl fmt::Display for CheckPeriod {
    /// As Go prints durations: `12h0m0s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always => f.write_str("always"),
            Self::Every(period) => GoDuration(i64::try_from(period.as_nanos()).unwrap_or(i64::MAX)).fmt(f),
        }
    }
}

/// One past the largest number of nanoseconds.
const LIMIT: u64 = 1 << 63;

/// Go's `time.ParseDuration`, in nanoseconds.
fn parse_go(text: &str) -> Result<i64, PeriodError> {
    let invalid = || PeriodError::Invalid(text.into());
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (whole, after) = split_digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => split_digits(after),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let count = if whole.is_empty() {
            0
        } else {
            whole.parse().ok().filter(|&n| n <= LIMIT).ok_or_else(invalid)?
        };
        let (unit, after) = after.split_at(
            after
                .find(|c: char| c == '.' || c.is_ascii_digit())
                .unwrap_or(after.len()),
        );
        if unit.is_empty() {
            return Err(PeriodError::MissingUnit(text.into()));
        }
        let scale = go_unit(unit).ok_or_else(|| PeriodError::UnknownUnit {
            unit: unit.into(),
            text: text.into(),
        })?;
        let part = count
            .checked_mul(scale)
            .and_then(|nanos| nanos.checked_add(fraction_nanos(fraction, scale)))
            .filter(|&nanos| nanos <= LIMIT)
            .ok_or_else(invalid)?;
        total = total
            .checked_add(part)
            .filter(|&nanos| nanos <= LIMIT)
            .ok_or_else(invalid)?;
        rest = after;
    }
    if negative {
        // The one value without a positive twin is right here.
        return Ok(0i64.wrapping_sub_unsigned(total));
    }
    i64::try_from(total).map_err(|_| invalid())
}

/// Nanoseconds in a unit of Go's.
fn go_unit(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" => 1,
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

/// The nanoseconds of `0.digits` units, cut off as Go does.
fn fraction_nanos(digits: &str, unit: u64) -> u64 {
    // Eighteen digits are finer than any unit; the longest unit has less than 2^42 nanoseconds.
    let (mut value, mut scale) = (0u128, 1u128);
    for digit in digits.bytes().take(18) {
        value = value * 10 + u128::from(digit.saturating_sub(b'0'));
        scale *= 10;
    }
    u64::try_from(value * u128::from(unit) / scale).unwrap_or(u64::MAX)
}

/// Prometheus' `model.ParseDuration`, in nanoseconds.
fn parse_prometheus(text: &str) -> Result<u64, PeriodError> {
    const UNITS: [(&str, u64); 7] = [
        ("y", 365 * 86_400_000_000_000),
        ("w", 7 * 86_400_000_000_000),
        ("d", 86_400_000_000_000),
        ("h", 3_600_000_000_000),
        ("m", 60_000_000_000),
        ("s", 1_000_000_000),
        ("ms", 1_000_000),
    ];
    match text {
        "0" => return Ok(0),
        "" => return Err(PeriodError::Empty),
        _ => {}
    }
    let not_valid = || PeriodError::NotValid(text.into());
    let (mut rest, mut total, mut allowed) = (text, 0u64, 0usize);
    while !rest.is_empty() {
        let (digits, after) = split_digits(rest);
        let count: u64 = digits.parse().map_err(|_| not_valid())?;
        let (unit, after) = after.split_at(after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len()));
        if unit.is_empty() {
            return Err(not_valid());
        }
        let (position, scale) = UNITS
            .iter()
            .enumerate()
            .find(|(_, entry)| entry.0 == unit)
            .map(|(position, entry)| (position, entry.1))
            .ok_or_else(|| PeriodError::PrometheusUnit {
                unit: unit.into(),
                text: text.into(),
            })?;
        // Units fall, each at most once.
        if position < allowed {
            return Err(not_valid());
        }
        allowed = position + 1;
        total = count
            .checked_mul(scale)
            .and_then(|nanos| total.checked_add(nanos))
            .filter(|&nanos| nanos < LIMIT)
            .ok_or(PeriodError::OutOfRange)?;
        rest = after;
    }
    Ok(total)
}

/// Leading ASCII digits, and what follows.
fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// A duration in nanoseconds, as Go prints it: `1h30m0s`, `1.5s`, `-20µs`.
struct GoDuration(i64);

impl fmt::Display for GoDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.0.unsigned_abs();
        if nanos == 0 {
            return f.write_str("0s");
        }
        if self.0 < 0 {
            f.write_str("-")?;
        }
        let decimal = |unit: u64| {
            let fraction = nanos % unit;
            if fraction == 0 {
                return String::new();
            }
            let width = unit.ilog10() as usize;
            format!(".{fraction:0width$}").trim_end_matches('0').to_owned()
        };
        if nanos < 1_000 {
            return write!(f, "{nanos}ns");
        }
        if nanos < 1_000_000 {
            return write!(f, "{}{}µs", nanos / 1_000, decimal(1_000));
        }
        if nanos < 1_000_000_000 {
            return write!(f, "{}{}ms", nanos / 1_000_000, decimal(1_000_000));
        }
        let seconds = nanos / 1_000_000_000;
        if seconds >= 3_600 {
            write!(f, "{}h", seconds / 3_600)?;
        }
        if seconds >= 60 {
            write!(f, "{}m", seconds / 60 % 60)?;
        }
        write!(f, "{}{}s", seconds % 60, decimal(1_000_000_000))
    }
}

/// A text in quotes as Go's package `time` writes it: unlike `%q`, everything outside ASCII is escaped by byte.
struct GoTimeQuoted<'a>(&'a str);

impl fmt::Display for GoTimeQuoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for byte in self.0.bytes() {
            match byte {
                b'"' | b'\\' => write!(f, "\\{}", char::from(byte))?,
                b' '..=0x7f => write!(f, "{}", char::from(byte))?,
                _ => write!(f, "\\x{byte:02x}")?,
            }
        }
        f.write_str("\"")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str, dialect: Dialect) -> String {
        CheckPeriod::parse(text, dialect).unwrap_err().to_string()
    }

    #[test]
    fn go_durations() {
        for (text, nanos) in [
            ("0", 0),
            ("-0", 0),
            ("0s", 0),
            ("12h", 43_200_000_000_000),
            ("90m", 5_400_000_000_000),
            ("1h30m0.5s", 5_400_500_000_000),
            ("+1.h.5m", 3_630_000_000_000),
            ("1ns2us3µs4μs5ms", 5_009_001),
            ("168h", 604_800_000_000_000),
            ("1m1m", 120_000_000_000),
        ] {
            assert_eq!(
                CheckPeriod::parse(text, Dialect::V0_29),
                Ok(CheckPeriod::Every(Duration::from_nanos(nanos))),
                "{text}"
            );
        }
        assert_eq!(CheckPeriod::parse("always", Dialect::V0_29), Ok(CheckPeriod::Always));
    }

    #[test]
    fn the_words_of_go() {
        for (text, expected) in [
            ("", r#"time: invalid duration """#),
            ("-", r#"time: invalid duration "-""#),
            ("abc", r#"time: invalid duration "abc""#),
            ("Always", r#"time: invalid duration "Always""#),
            (".s", r#"time: invalid duration ".s""#),
            (" 1h", r#"time: invalid duration " 1h""#),
            (
                "9223372036854775809ns",
                r#"time: invalid duration "9223372036854775809ns""#,
            ),
            ("2562048h", r#"time: invalid duration "2562048h""#),
            ("60", r#"time: missing unit in duration "60""#),
            ("1h30", r#"time: missing unit in duration "1h30""#),
            ("1d", r#"time: unknown unit "d" in duration "1d""#),
            ("1w", r#"time: unknown unit "w" in duration "1w""#),
            ("1h ", r#"time: unknown unit "h " in duration "1h ""#),
            ("1ü", r#"time: unknown unit "\xc3\xbc" in duration "1\xc3\xbc""#),
            ("-1m", "checkPeriod -1m0s must be a positive duration"),
            ("-1.5us", "checkPeriod -1.5µs must be a positive duration"),
            ("168h0m1s", "checkPeriod 168h0m1s is above the max (168h)"),
            ("168h1ns", "checkPeriod 168h0m0.000000001s is above the max (168h)"),
        ] {
            assert_eq!(words(text, Dialect::V0_29), expected);
        }
    }

    #[test]
    fn prometheus_durations_in_0_28() {
        for (text, seconds) in [
            ("1d", 86_400),
            ("1w2d", 777_600),
            ("1h30m", 5_400),
            ("0", 0),
            ("1y", 31_536_000),
        ] {
            assert_eq!(
                CheckPeriod::parse(text, Dialect::V0_28),
                Ok(CheckPeriod::Every(Duration::from_secs(seconds))),
                "{text}"
            );
        }
        for (text, expected) in [
            ("", "empty duration string"),
            ("always", r#"not a valid duration string: "always""#),
            ("-1m", r#"not a valid duration string: "-1m""#),
            ("1m1h", r#"not a valid duration string: "1m1h""#),
            ("1m1m", r#"not a valid duration string: "1m1m""#),
            ("60", r#"not a valid duration string: "60""#),
            ("1us", r#"unknown unit "us" in duration "1us""#),
            ("300y", "duration out of range"),
        ] {
            assert_eq!(words(text, Dialect::V0_28), expected);
        }
    }

    proptest! {
        #[test]
        fn printed_periods_read_back(nanos in 0..=604_800_000_000_000u64) {
            let period = CheckPeriod::Every(Duration::from_nanos(nanos));
            prop_assert_eq!(CheckPeriod::parse(&period.to_string(), Dialect::V0_29), Ok(period));
        }

        #[test]
        fn no_text_panics(text in "[-+.0-9hmsdwyuµ a]{0,24}") {
            let _ = CheckPeriod::parse(&text, Dialect::V0_28);
            let _ = CheckPeriod::parse(&text, Dialect::V0_29);
        }
    }
}
