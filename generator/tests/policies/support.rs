//! Judging, compiling and porting texts.

use serde_json::Value;
use tailnet_generator::diagnostics::render::human::{Style, write};
use tailnet_generator::diagnostics::render::normalise;
use tailnet_generator::diagnostics::{Diagnostic, Severity};
use tailnet_generator::input::Inputs;
use tailnet_generator::policy::ask::opens::Atlas;
use tailnet_generator::policy::compile::Options;
use tailnet_generator::policy::dialect::Dialect;
use tailnet_generator::policy::judge::{Tests, in_tailnet, judge};
use tailnet_generator::policy::port::{Ported, Report, port};
use tailnet_generator::policy::rules::is_outcome_of_tests;

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

/// Asks `f` about a policy in a tailnet: who reaches whom, and what every node receives. The policy's own tests are
/// left aside.
pub(crate) fn with_compiled<T>(topology: &str, text: &str, f: impl FnOnce(&Atlas<'_, '_>, &Value) -> T) -> T {
    let mut inputs = Inputs::default();
    let mut found = Vec::new();
    let policy = inputs.read_policy("policy.hujson", text, "", &mut found).unwrap();
    let topology = inputs.read_policy("topology.json", topology, "", &mut found).unwrap();
    let judged = judge(&inputs, policy, Some(topology), Dialect::V0_29, found);
    let (document, topology) = (judged.document.unwrap(), judged.topology.unwrap());
    let mut found: Vec<_> = judged
        .diagnostics
        .into_iter()
        .filter(|found| !is_outcome_of_tests(found))
        .collect();
    let options = Options::default();
    let compiled = in_tailnet(&document, &topology.tailnet, &options, Tests::Ignore, &mut found)
        .unwrap_or_else(|| panic!("{found:?}\n{text}"));
    let mut out = Vec::new();
    compiled.write(&mut out).unwrap();
    f(&Atlas::new(&compiled), &serde_json::from_slice(&out).unwrap())
}
