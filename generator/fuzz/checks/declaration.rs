//! What holds for any bytes taken as a declaration.

use tailnet_generator::cluster::{Options, judge_with};
use tailnet_generator::diagnostics::Diagnostic;
use tailnet_generator::hujson::Flavour;
use tailnet_generator::input::{Inputs, Origin};

/// Panics when something does not hold for `bytes`.
pub(crate) fn check(bytes: &[u8]) {
    // Addresses are symbolic: what is found with some is found with others.
    assert_eq!(found(bytes, 1), found(bytes, 2), "a seed changes what is found");
}

/// What is found, and whether nothing of it is an error.
fn found(bytes: &[u8], seed: u64) -> (Vec<Diagnostic>, bool) {
    let mut inputs = Inputs::default();
    let mut findings = Vec::new();
    // From Nix a policy file has an absolute path, so that no text names a file of this folder.
    let id = inputs.read("fuzz", bytes, Origin::Nix, Flavour::Json5, "", &mut findings);
    let Some(id) = id else { return (findings, false) };
    let options = Options {
        seed,
        ..Options::default()
    };
    let judgement = judge_with(&mut inputs, id, findings, options);
    for finding in &judgement.diagnostics {
        is_sound(&inputs, finding);
    }
    assert_eq!(judgement.declaration.is_some(), judgement.model.is_some());
    assert!(
        judgement.declaration.is_some() || !judgement.is_ok(),
        "nothing was read and nothing is wrong"
    );
    let ok = judgement.is_ok();
    (judgement.diagnostics, ok)
}

/// A finding says something, and its places lie in the texts.
fn is_sound(inputs: &Inputs, finding: &Diagnostic) {
    assert!(!finding.message.is_empty());
    let related = finding.related.iter().map(|(span, _)| *span);
    let edits = finding
        .fixes
        .iter()
        .flat_map(|fix| fix.edits.iter().map(|edit| edit.span));
    for span in finding.span.into_iter().chain(related).chain(edits) {
        let input = inputs.get(span.source).expect("a span of one of the texts");
        assert!(
            input.text.get(span.range()).is_some(),
            "{span:?} is no place: {finding:?}"
        );
    }
}
