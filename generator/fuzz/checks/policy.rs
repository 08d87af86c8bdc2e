//! What holds for any bytes taken as a policy, judged by and compiled for one small tailnet.

use tailnet_generator::diagnostics::{Diagnostic, Severity};
use tailnet_generator::hujson::edit::apply;
use tailnet_generator::hujson::{Flavour, format};
use tailnet_generator::input::Inputs;
use tailnet_generator::policy::ask::diff::diff;
use tailnet_generator::policy::ask::matrix::matrix;
use tailnet_generator::policy::ask::opens::Atlas;
use tailnet_generator::policy::compile::Options;
use tailnet_generator::policy::dialect::Dialect;
use tailnet_generator::policy::judge::{Tests, in_tailnet, judge, read_only};

/// Something of each kind: users with and without an address, tags, one family only, routes, an exit node.
const TOPOLOGY: &str = r#"{
  "users": [{"id": 1, "name": "alice", "email": "alice@example.org"}, {"id": 2, "name": "bob", "email": ""}],
  "nodes": {
    "laptop": {"id": 1, "user": "alice", "ipv4": "100.64.0.1", "ipv6": "fd7a:115c:a1e0::1"},
    "phone": {"id": 2, "user": "alice", "ipv4": "100.64.0.2", "ipv6": "fd7a:115c:a1e0::2"},
    "desk": {"id": 3, "user": "bob", "ipv4": "100.64.0.3", "ipv6": ""},
    "web": {"id": 4, "tags": ["tag:web", "tag:a"], "ipv4": "100.64.0.4", "ipv6": "fd7a:115c:a1e0::4"},
    "router": {"id": 5, "tags": ["tag:router"], "ipv4": "100.64.0.5", "ipv6": "fd7a:115c:a1e0::5",
      "routable_ips": ["10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "::/0"],
      "approved_routes": ["10.0.0.0/8", "0.0.0.0/0", "::/0"]},
  },
}"#;

/// Panics when something does not hold for `bytes`.
pub(crate) fn check(bytes: &[u8]) {
    for dialect in Dialect::ALL {
        let Some((text, answer)) = compiled(bytes, dialect) else {
            continue;
        };
        if text.is_empty() {
            // No policy at all, which headscale takes, and no HuJSON.
            continue;
        }
        let formatted = format(&text, Flavour::Hujson).expect("what is accepted has no errors");
        let (_, again) = compiled(formatted.as_bytes(), dialect).expect("formatting makes a policy wrong");
        assert_eq!(
            again, answer,
            "formatting changes what is compiled:\n{text}\n{formatted}"
        );
    }
}

/// The text and what every node receives, if headscale accepts the policy.
fn compiled(bytes: &[u8], dialect: Dialect) -> Option<(String, String)> {
    let mut inputs = Inputs::default();
    let mut found = Vec::new();
    let topology = inputs.read_policy("topology", TOPOLOGY, "", &mut found);
    assert_eq!(found, [], "the tailnet is right");
    let policy = inputs.read_policy("fuzz", bytes, "", &mut found)?;
    let judged = judge(&inputs, policy, topology, dialect, found.clone());
    judged.diagnostics.iter().for_each(|finding| is_sound(&inputs, finding));
    let errors = |found: &[Diagnostic]| found.iter().any(|one| one.severity == Severity::Error);
    let accepted = !errors(&judged.diagnostics);

    let judged = read_only(&inputs, policy, topology, dialect, found);
    let (Some(document), Some(topology)) = (judged.document, judged.topology) else {
        assert!(!accepted, "nothing was read and nothing is wrong");
        return None;
    };
    let mut found = judged.diagnostics;
    let options = Options::default();
    let compiled = in_tailnet(&document, &topology.tailnet, &options, Tests::Ask, &mut found);
    assert_eq!(accepted, !errors(&found), "judged in two ways");
    let compiled = compiled?;
    let mut out = Vec::new();
    compiled.write(&mut out).expect("a vector has room");
    let out = String::from_utf8(out).expect("JSON is text");
    serde_json::from_str::<serde_json::Value>(&out).expect("the answer is JSON");
    let atlas = Atlas::new(&compiled);
    let _ = matrix(&atlas);
    assert_eq!(diff(&atlas, &atlas), [], "a policy differs from itself");
    accepted.then(|| (inputs.get(policy).expect("it was read").text.clone(), out))
}

/// A finding says something, its places lie in the texts, and what it proposes can be done.
fn is_sound(inputs: &Inputs, finding: &Diagnostic) {
    assert!(!finding.message.is_empty());
    let related = finding.related.iter().map(|(span, _)| *span);
    for span in finding.span.into_iter().chain(related) {
        let input = inputs.get(span.source).expect("a span of one of the texts");
        assert!(
            input.text.get(span.range()).is_some(),
            "{span:?} is no place: {finding:?}"
        );
    }
    for fix in &finding.fixes {
        let Some(source) = fix.edits.first().map(|edit| edit.span.source) else {
            continue;
        };
        let input = inputs.get(source).expect("a fix of one of the texts");
        apply(&input.text, &fix.edits).expect("what is proposed can be done");
    }
}
