//! How the rules are tested: a policy says in comments what is found in it and where ([`crate::diagnostics::caret`]).

use crate::diagnostics::caret::{Text, check_with};
use crate::diagnostics::{Diagnostic, Example, Page};
use crate::input::Inputs;
use crate::policy::dialect::Dialect;
use crate::policy::read::read_input;

/// Reads and judges `text`.
fn judge(inputs: &mut Inputs, text: &str, dialect: &str) -> Vec<Diagnostic> {
    let dialect: Dialect = dialect.parse().unwrap();
    let mut found = Vec::new();
    let id = inputs.read_policy("policy.hujson", text, "", &mut found);
    if let Some(document) = id.and_then(|id| read_input(inputs, id, dialect, &mut found)) {
        super::check(&document, &mut found);
    }
    found
}

/// All that is found in `text`.
pub(super) fn findings(text: &str, dialect: &str) -> Vec<Diagnostic> {
    judge(&mut Inputs::default(), text, dialect)
}

/// Of what is found in the marked text, the findings of `page` are exactly those marked.
#[track_caller]
pub(super) fn assert_found(page: &Page, marked: &str, dialect: &str) {
    let text = Text {
        name: "policy.hujson",
        marked,
    };
    let found = check_with(&[text], |texts| {
        let mut inputs = Inputs::default();
        let mut found = Vec::new();
        for (_, plain) in texts {
            found.extend(judge(&mut inputs, plain, dialect));
        }
        found.retain(|finding| finding.code == page.code);
        (inputs, found)
    });
    assert!(!found.is_empty(), "a test without a mark tests nothing");
}

/// `text` has no finding of `page`.
#[track_caller]
pub(super) fn assert_none(page: &Page, text: &str, dialect: &str) {
    let found: Vec<_> = findings(text, dialect)
        .into_iter()
        .filter(|finding| finding.code == page.code)
        .collect();
    assert!(found.is_empty(), "{found:?}");
}

/// The page's wrong example gives one finding, of this page, at its mark, and nothing else; the right one gives
/// nothing. Fixes that are applied unasked leave nothing of the finding.
#[track_caller]
pub(super) fn assert_page(page: &Page) {
    let (
        Example::Policy {
            text: wrong, dialect, ..
        },
        Example::Policy { text: right, .. },
    ) = (page.wrong, page.right)
    else {
        panic!("both examples are policies");
    };
    assert_found(page, wrong, dialect);
    let all = findings(&crate::diagnostics::caret::cut(wrong).0, dialect);
    assert_eq!(all.len(), 1, "one mistake, one finding: {all:?}");
    let rest = findings(right, dialect);
    assert!(rest.is_empty(), "the right example: {rest:?}");
}

/// The errors of `text`, as `CODE: message`.
pub(crate) fn errors(text: &str, dialect: Dialect) -> Vec<String> {
    judge(&mut Inputs::default(), text, dialect.name())
        .iter()
        .filter(|finding| finding.severity == crate::diagnostics::Severity::Error)
        .map(|finding| format!("{}: {}", finding.code, finding.message))
        .collect()
}
