//! Single values: words, choices, numbers, booleans.

use crate::hujson::{Kind, Value};
use crate::source::Span;

use super::super::rules::{bad_value, wrong_type};
use super::super::words::{Choice, Port, Word};
use super::{Read, Reader};

impl<W: Word> Read for W {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        let Kind::String(text) = &value.kind else {
            reader.report(wrong_type::finding(value, W::WHAT, "a string"));
            return None;
        };
        word(text, value.span, reader)
    }
}

/// Reads `text`, which stands at `span`, as a word.
pub(super) fn word<W: Word>(text: &str, span: Span, reader: &mut Reader) -> Option<W> {
    W::parse(text)
        .map_err(|bad| reader.report(bad_value::finding::<W>(text, span, &bad)))
        .ok()
}

/// Reads one of a few texts.
pub(crate) fn choice<C: Choice>(value: &Value, reader: &mut Reader) -> Option<C> {
    let Kind::String(text) = &value.kind else {
        reader.report(wrong_type::finding(value, C::WHAT, "a string"));
        return None;
    };
    let found = C::ALL.iter().find(|(name, _)| *name == &**text);
    if found.is_none() {
        let names: Vec<&str> = C::ALL.iter().map(|(name, _)| *name).collect();
        reader.report(bad_value::not_one_of(text, value.span, C::WHAT, &names));
    }
    found.map(|(_, choice)| *choice)
}

impl Read for bool {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        let Kind::Bool(on) = value.kind else {
            reader.report(wrong_type::finding(value, "this", "true or false"));
            return None;
        };
        Some(on)
    }
}

/// Reads a whole number from `first` to `last`.
pub(crate) fn number(value: &Value, what: &str, first: u64, last: u64, reader: &mut Reader) -> Option<u64> {
    let Kind::Number(literal) = &value.kind else {
        reader.report(wrong_type::finding(value, what, "a number"));
        return None;
    };
    let number = whole(literal).filter(|number| (first..=last).contains(number));
    if number.is_none() {
        reader.report(bad_value::out_of_range(literal, value.span, what, first, last));
    }
    number
}

/// The value of a number's literal, where it is whole and not negative. JSON5's forms (`+1`, `0x1F`, `1.0`) count.
fn whole(literal: &str) -> Option<u64> {
    let literal = literal.strip_prefix('+').unwrap_or(literal);
    let hexadecimal = literal.strip_prefix("0x").or_else(|| literal.strip_prefix("0X"));
    if let Some(digits) = hexadecimal {
        return u64::from_str_radix(digits, 16).ok();
    }
    if let Ok(number) = literal.parse::<u64>() {
        return Some(number);
    }
    let float = literal.parse::<f64>().ok()?;
    // Up to here every whole number is exact.
    let exact = float.fract() == 0.0 && (0.0..9_007_199_254_740_992.0).contains(&float);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole and within the range of exact numbers"
    )]
    exact.then_some(float as u64)
}

impl Read for Port {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        let number = number(value, "a port", 1, u64::from(u16::MAX), reader)?;
        u16::try_from(number).ok().and_then(Self::new)
    }
}

impl Read for f64 {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        let Kind::Number(literal) = &value.kind else {
            reader.report(wrong_type::finding(value, "this", "a number"));
            return None;
        };
        match literal.parse::<Self>() {
            Ok(number) if number.is_finite() => Some(number),
            _ => {
                reader.report(bad_value::no_number(literal, value.span));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn whole_numbers_in_every_form_that_json5_has() {
        for (literal, number) in [
            ("443", Some(443)),
            ("+443", Some(443)),
            ("0x1bb", Some(443)),
            ("443.0", Some(443)),
            ("4.43e2", Some(443)),
            ("443.5", None),
            ("-1", None),
            ("NaN", None),
            ("Infinity", None),
            ("1e400", None),
            ("99999999999999999999999", None),
        ] {
            assert_eq!(whole(literal), number, "{literal}");
        }
    }
}
