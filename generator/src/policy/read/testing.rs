//! What the tests of the codes share.

use crate::diagnostics::caret::{self, Text};
use crate::diagnostics::render::normalise;
use crate::diagnostics::{Diagnostic, Example, Page};
use crate::input::Inputs;
use crate::policy::dialect::Dialect;
use crate::policy::document::Document;

/// Reads `text` as a policy file.
pub(crate) fn read(text: &str, dialect: Dialect) -> (Inputs, Option<Document>, Vec<Diagnostic>) {
    let mut inputs = Inputs::default();
    let mut findings = Vec::new();
    let document = inputs
        .read_policy("policy.hujson", text, "", &mut findings)
        .and_then(|id| super::read_input(&inputs, id, dialect, &mut findings));
    normalise(&mut findings);
    (inputs, document, findings)
}

/// Reads `marked` and compares what is found with its marks.
#[track_caller]
pub(crate) fn check_in(dialect: Dialect, marked: &str) -> Vec<Diagnostic> {
    let text = Text {
        name: "policy.hujson",
        marked,
    };
    caret::check_with(&[text], |texts| {
        let (inputs, _, findings) = read(&texts[0].1, dialect);
        (inputs, findings)
    })
}

/// [`check_in`] for 0.29.
#[track_caller]
pub(crate) fn check(marked: &str) -> Vec<Diagnostic> {
    check_in(Dialect::V0_29, marked)
}

/// The one finding of `policy`.
#[track_caller]
pub(crate) fn one_in(dialect: Dialect, policy: &str) -> Diagnostic {
    let (_, _, mut findings) = read(policy, dialect);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    findings.remove(0)
}

/// [`one_in`] for 0.29.
#[track_caller]
pub(crate) fn one(policy: &str) -> Diagnostic {
    one_in(Dialect::V0_29, policy)
}

/// Applies the safe fixes until none is left, and compares. What was mended has no finding.
#[track_caller]
pub(crate) fn assert_fixed_in(dialect: Dialect, before: &str, after: &str) {
    let mut text = before.to_owned();
    for _ in 0..5 {
        let (_, _, findings) = read(&text, dialect);
        let mut edits: Vec<_> = findings
            .iter()
            .flat_map(|finding| finding.fixes.iter().filter(|fix| fix.safe).take(1))
            .flat_map(|fix| fix.edits.clone())
            .collect();
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
        for edit in edits {
            text.replace_range(edit.span.range(), &edit.text);
        }
    }
    assert_eq!(text, after);
    let (_, _, findings) = read(&text, dialect);
    assert_eq!(findings, [], "what was mended is still wrong");
}

/// [`assert_fixed_in`] for 0.29.
#[track_caller]
pub(crate) fn assert_fixed(before: &str, after: &str) {
    assert_fixed_in(Dialect::V0_29, before, after);
}

/// The wrong example gives findings of this code only, at its marks; the right one gives none.
#[track_caller]
pub(crate) fn assert_page(page: &Page) {
    let policy = |example: &Example| match example {
        Example::Policy { text, dialect, .. } => (*text, dialect.parse().unwrap()),
        Example::Declaration(_) | Example::Input { .. } | Example::Host { .. } => panic!("no policy"),
    };
    let (wrong, dialect) = policy(&page.wrong);
    let findings = check_in(dialect, wrong);
    assert!(!findings.is_empty());
    assert!(
        findings.iter().all(|finding| finding.code == page.code),
        "{findings:#?}"
    );
    let (right, dialect) = policy(&page.right);
    check_in(dialect, right);
}
