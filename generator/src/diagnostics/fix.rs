//! Applying the fixes that are certain.

use std::collections::BTreeMap;

use super::{Code, Diagnostic, Edit, Fix};
use crate::hujson::edit;
use crate::source::SourceId;

/// What one round of fixing made of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The new text.
    pub text: String,
    /// What was done: the code of the finding and the title of the fix.
    pub applied: Vec<(Code, String)>,
}

/// The codes of texts that are not what their grammar says.
const SYNTAX: [Code; 3] = [Code(100), Code(102), Code(103)];

/// Applies the first safe fix of every finding in the text `source`, which is `text`, as far as they do not touch each
/// other: what is left is found again when the new text is judged. `None` when there is none to apply, or when the text
/// has a mistake of syntax that only its author can mend: what was not understood is not changed.
///
/// `text` must be what was read, not what is shown (secrets are hidden in it).
#[must_use]
pub fn apply(source: SourceId, text: &str, findings: &[Diagnostic]) -> Option<Fixed> {
    let is_safe = |fix: &&Fix| fix.safe && is_within(fix, source);
    let mut taken = Taken::default();
    let mut edits: Vec<Edit> = Vec::new();
    let mut applied = Vec::new();
    for finding in findings {
        let safe = finding.fixes.iter().find(is_safe);
        let here = finding.span.is_some_and(|span| span.source == source);
        if safe.is_none() && here && SYNTAX.contains(&finding.code) {
            return None;
        }
        if let Some(fix) = safe
            && taken.take(&fix.edits)
        {
            edits.extend(fix.edits.iter().cloned());
            applied.push((finding.code, fix.title.clone()));
        }
    }
    if applied.is_empty() {
        return None;
    }
    let text = edit::apply(text, &edits).ok()?;
    Some(Fixed { text, applied })
}

/// Whether all that `fix` changes lies in `source`.
fn is_within(fix: &Fix, source: SourceId) -> bool {
    !fix.edits.is_empty() && fix.edits.iter().all(|edit| edit.span.source == source)
}

/// The ranges that are changed already: start to end.
#[derive(Default)]
struct Taken(BTreeMap<u32, u32>);

impl Taken {
    /// Takes the ranges of all `edits` if none of them touches another: two fixes side by side may mean the same
    /// comma.
    fn take(&mut self, edits: &[Edit]) -> bool {
        let free = edits.iter().all(|edit| {
            let before = self.0.range(..=edit.span.end).next_back();
            before.is_none_or(|(_, &end)| end < edit.span.start)
        });
        if free {
            for edit in edits {
                let end = self.0.entry(edit.span.start).or_default();
                *end = edit.span.end.max(*end);
            }
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Example, Page, Severity};
    use crate::source::Span;

    const PAGE: Page = Page {
        code: Code(104),
        severity: Severity::Error,
        name: "",
        what: "",
        why: "",
        wrong: Example::Declaration(""),
        right: Example::Declaration(""),
    };

    fn finding(edits: &[(u32, u32, &str)], safe: bool) -> Diagnostic {
        let span = |start, end| Span::new(SourceId(0), start, end);
        Diagnostic::new(&PAGE, span(0, 1), "x").fix(Fix {
            title: "mend".to_owned(),
            edits: edits
                .iter()
                .map(|&(start, end, text)| Edit {
                    span: span(start, end),
                    text: text.to_owned(),
                })
                .collect(),
            safe,
        })
    }

    fn fixed(findings: &[Diagnostic]) -> Option<(String, usize)> {
        apply(SourceId(0), "abcdef", findings).map(|fixed| (fixed.text, fixed.applied.len()))
    }

    #[test]
    fn safe_fixes_are_applied_in_any_order() {
        let list = [
            finding(&[(4, 5, "E")], true),
            finding(&[(0, 1, "A"), (2, 2, "-")], true),
        ];
        assert_eq!(fixed(&list), Some(("Ab-cdEf".to_owned(), 2)));
    }

    #[test]
    fn others_are_not() {
        assert_eq!(fixed(&[finding(&[(0, 1, "A")], false)]), None);
        assert_eq!(fixed(&[finding(&[], true)]), None);
        let elsewhere = apply(SourceId(1), "abcdef", &[finding(&[(0, 1, "A")], true)]);
        assert_eq!(elsewhere, None);
    }

    #[test]
    fn of_two_that_touch_the_first_is_applied() {
        for second in [(1, 3), (2, 2), (0, 6), (1, 1), (3, 4)] {
            let list = [
                finding(&[(1, 3, "X")], true),
                finding(&[(second.0, second.1, "Y")], true),
            ];
            assert_eq!(fixed(&list), Some(("aXdef".to_owned(), 1)), "{second:?}");
        }
        let apart = [finding(&[(1, 3, "X")], true), finding(&[(4, 4, "Y")], true)];
        assert_eq!(fixed(&apart), Some(("aXdYef".to_owned(), 2)));
    }

    #[test]
    fn a_fix_is_applied_whole_or_not_at_all() {
        let list = [
            finding(&[(1, 2, "X")], true),
            finding(&[(1, 2, "Y"), (5, 6, "Y")], true),
        ];
        assert_eq!(fixed(&list), Some(("aXcdef".to_owned(), 1)));
    }

    #[test]
    fn a_text_that_was_not_understood_is_not_changed() {
        let mut syntax = finding(&[(4, 5, "E")], false);
        syntax.code = Code(100);
        assert_eq!(fixed(&[finding(&[(0, 1, "A")], true), syntax.clone()]), None);
        syntax.span = Some(Span::new(SourceId(1), 0, 1));
        assert!(
            fixed(&[finding(&[(0, 1, "A")], true), syntax]).is_some(),
            "another text's syntax"
        );
        let mut mendable = finding(&[(4, 5, "E")], true);
        mendable.code = Code(100);
        assert_eq!(fixed(&[mendable]), Some(("abcdEf".to_owned(), 1)));
    }

    #[test]
    fn what_does_not_fit_the_text_changes_nothing() {
        assert_eq!(fixed(&[finding(&[(5, 9, "X")], true)]), None);
    }
}
