//! Judging and porting texts.

use tailnet_generator::diagnostics::render::human::{Style, write};
use tailnet_generator::diagnostics::render::normalise;
use tailnet_generator::diagnostics::{Diagnostic, Severity};
use tailnet_generator::input::Inputs;
use tailnet_generator::policy::dialect::Dialect;
use tailnet_generator::policy::judge::judge;
use tailnet_generator::policy::port::{Ported, Report, port};

/// What is found in a policy.
pub(crate) fn findings(name: &str, text: &str, dialect: Dialect) -> (Inputs, Vec<Diagnostic>) {
    let mut inputs = Inputs::default();
    let mut found = Vec::new();
    let id = inputs.read_policy(name, text, "", &mut found);
    let mut found = match id {
        Some(id) => judge(&inputs, id, None, dialect, found).diagnostics,
        None => found,
    };
    normalise(&mut found);
    (inputs, found)
}

/// The errors of a policy, as `CODE: message`.
pub(crate) fn errors(text: &str, dialect: Dialect) -> Vec<String> {
    let (_, found) = findings("policy.hujson", text, dialect);
    found
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| format!("{}: {}", finding.code, finding.message))
        .collect()
}

/// What `tailnet check` shows of a policy.
pub(crate) fn shown(name: &str, text: &str, dialect: Dialect) -> String {
    let (inputs, found) = findings(name, text, dialect);
    let mut out = Vec::new();
    let style = Style {
        width: 140,
        ..Style::default()
    };
    write(&mut out, &inputs, &found, style).unwrap();
    String::from_utf8(out).unwrap()
}

/// Ports a policy.
pub(crate) fn ported(text: &str, dialect: Dialect) -> Result<(Ported, Report), Vec<Diagnostic>> {
    let mut inputs = Inputs::default();
    let mut found = Vec::new();
    let id = match inputs.read_policy("policy.hujson", text, "", &mut found) {
        Some(id) => id,
        None => return Err(found),
    };
    port(&inputs, id, dialect).map(|ported| {
        let report = Report::new(&inputs, &ported, dialect);
        (ported, report)
    })
}
