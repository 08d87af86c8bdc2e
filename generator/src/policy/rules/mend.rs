//! Ways out: fixes of single words, and the nearest of some names.

use crate::diagnostics::{Edit, Fix};
use crate::hujson::fold_name;
use crate::source::Span;

use super::wording::json;

/// Replaces the string at `span` by `text`. `safe`: nothing else can have been meant.
pub(crate) fn word(span: Span, text: &str, safe: bool) -> Fix {
    let text = json(text);
    Fix {
        title: format!("write {text}"),
        edits: vec![Edit { span, text }],
        safe,
    }
}

/// The one of `names` that resembles `name` most: at most a third of its letters differ. Case, `-` and `_` do not
/// count.
pub(crate) fn nearest<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let folded = fold_name(name);
    let length = folded.chars().count();
    // Longer than any name there is: not worth comparing.
    if length > 64 {
        return None;
    }
    let limit = (length / 3).clamp(1, 3);
    names
        .into_iter()
        .map(|other| (strsim::osa_distance(&folded, &fold_name(other)), other))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_or_none() {
        let names = ["groups", "hosts", "tagOwners"];
        for (name, expected) in [
            ("group", Some("groups")),
            ("hots", Some("hosts")),
            ("tag_owner", Some("tagOwners")),
            ("derpMap", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, names), expected, "{name}");
        }
    }
}
