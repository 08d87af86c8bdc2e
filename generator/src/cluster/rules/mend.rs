//! Ways out: fixes of single words, and the nearest of some names.

use crate::diagnostics::{Diagnostic, Edit, Fix};
use crate::source::Span;

/// How much of a user's text a message repeats, in characters.
const SHOWN: usize = 60;

/// `text` as a JSON string.
pub(crate) fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// `text` in quotes, cut short when it is long.
pub(crate) fn quote(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", json(text.get(..end).unwrap_or_default())),
        None => json(text),
    }
}

/// Replaces what stands at `span` by the string `text`.
pub(crate) fn word(span: Span, text: &str, safe: bool) -> Fix {
    raw(span, json(text), safe)
}

/// Replaces what stands at `span` by `text` as it is.
pub(crate) fn raw(span: Span, text: String, safe: bool) -> Fix {
    Fix {
        title: format!("write {text}"),
        edits: vec![Edit { span, text }],
        safe,
    }
}

/// A name that resembles another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Near<'a> {
    /// The name.
    pub name: &'a str,
    /// Whether both are the same but for case, hyphens and underscores.
    pub certain: bool,
}

/// The one of `names` that resembles `name` most: at most a third of its letters differ. Case, `-` and `_` do not
/// count; of several that are as near, the first.
pub(crate) fn nearest<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<Near<'n>> {
    let folded = fold(name);
    let length = folded.chars().count();
    // Longer than any name there is: not worth comparing.
    if length > 80 {
        return None;
    }
    let limit = (length / 3).clamp(1, 3);
    names
        .into_iter()
        .filter(|other| other.len().abs_diff(name.len()) <= 2 * limit + 8)
        .map(|other| (strsim::osa_distance(&folded, &fold(other)), other))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(distance, name)| Near {
            name,
            certain: distance == 0,
        })
}

/// `name` without what people leave out or add.
fn fold(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}

impl Diagnostic {
    /// Offers `near`, to be written at `span`; without one, lists `names` when there are but a few.
    pub(crate) fn offer(self, span: Span, near: Option<Near<'_>>, none: impl FnOnce() -> String) -> Self {
        match near {
            Some(Near { name, certain }) => self
                .help(format!("did you mean {}?", json(name)))
                .fix(word(span, name, certain)),
            None => self.help(none()),
        }
    }
}

/// `a, b and c`.
pub(crate) fn enumerate<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_or_none() {
        let names = ["baseDomain", "nodes", "users"];
        let near = |name| nearest(name, names).map(|near| (near.name, near.certain));
        assert_eq!(near("base_domain"), Some(("baseDomain", true)));
        assert_eq!(near("node"), Some(("nodes", false)));
        assert_eq!(near("usres"), Some(("users", false)));
        assert_eq!(near("derp"), None);
        assert_eq!(near(""), None);
        assert_eq!(near(&"n".repeat(100_000)), None);
    }

    #[test]
    fn long_texts_are_cut_short() {
        assert_eq!(quote("a\"b"), r#""a\"b""#);
        assert_eq!(quote(&"ä".repeat(61)), format!("\"{}\"…", "ä".repeat(60)));
    }

    #[test]
    fn names_are_enumerated() {
        assert_eq!(enumerate(["a"]), "a");
        assert_eq!(enumerate(["a", "b", "c"]), "a, b and c");
    }
}
