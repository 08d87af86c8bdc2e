//! YAML as `yaml.v3` (headscale) and Kubernetes' readers take it.

use serde::Serialize;

/// `value` as a YAML document: block style, two spaces, text of several lines as `|` blocks, never folded. Strings that
/// a YAML 1.1 reader would take for something else (`no`, `1:30`, `0600`) are quoted.
///
/// Everything that is written here is made of structs, maps with scalar keys, lists and scalars; what YAML cannot say
/// does not occur, so there is no error to hand on: an empty text would be a defect of ours, and the tests look for it.
#[must_use]
pub fn to_string<T: Serialize>(value: &T) -> String {
    let options = serde_saphyr::ser_options! {
        folded_wrap_chars: 1_000_000,
        compact_list_indent: false,
    };
    serde_saphyr::to_string_with_options(value, options).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn what_another_reader_would_misread_is_quoted() {
        let map = BTreeMap::from([("mode", "0600"), ("answer", "no"), ("time", "1:30"), ("name", "a b")]);
        assert_eq!(
            to_string(&map),
            "answer: \"no\"\nmode: \"0600\"\nname: a b\ntime: \"1:30\"\n"
        );
    }

    #[test]
    fn long_text_stays_on_its_line_and_lines_become_a_block() {
        let long = "word ".repeat(100);
        let text = to_string(&BTreeMap::from([("long", long.as_str()), ("lines", "a\nb\n")]));
        assert!(text.contains(long.trim_end()), "{text}");
        assert!(text.contains("lines: |\n  a\n  b\n"), "{text}");
    }
}
