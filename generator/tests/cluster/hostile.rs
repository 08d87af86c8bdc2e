//! Declarations that are large or meant badly: an answer, soon.

use std::time::{Duration, Instant};

use super::*;

/// What is judged here takes seconds at most; the bound only tells an answer from a hang, on a busy machine too.
const BOUND: Duration = Duration::from_secs(120);

fn soon(text: &str) -> (Inputs, Judgement) {
    let start = Instant::now();
    let answer = judge(text, 1);
    assert!(start.elapsed() < BOUND, "{:?}", start.elapsed());
    answer
}

/// A declaration with `rest` after what every one needs.
fn with(rest: &str) -> String {
    format!(
        "{{ name: 'x', baseDomain: 'mesh.example.org', controlServer: {{ url: 'https://headscale.example.org' }}, {rest} }}"
    )
}

#[test]
fn ten_thousand_names_that_nobody_declared() {
    let nodes: String = (0..10_000)
        .map(|i| format!("n{i}: {{ owner: 'pp{i}', useExitNode: 'q{i}' }},"))
        .collect();
    let (_, judgement) = soon(&with(&format!("users: {{ alice: {{}} }}, nodes: {{ {nodes} }}")));
    assert!(!judgement.is_ok());
}

#[test]
fn a_thousand_k3s_nodes_with_a_tag_each() {
    let role = |i| if i < 3 { "server" } else { "agent" };
    let nodes: String = (0..1_000)
        .map(|i| format!("n{i}: {{ tags: ['tag:t{i}'], k3s: '{}' }},", role(i)))
        .collect();
    let (inputs, judgement) = soon(&with(&format!(
        "nodes: {{ {nodes} }}, k3s: {{ podCidr: '10.64.0.0/11' }}"
    )));
    assert!(judgement.is_ok(), "{:?}", said(&inputs, &judgement));
    let model = judgement.model.unwrap();
    // Not every pair is a test of its own; every node is still asked for, and all flows are.
    let asked: std::collections::BTreeSet<String> = model
        .policy
        .tests
        .iter()
        .flat_map(|test| test.accept.iter().map(|accept| accept.value.alias.to_string()))
        .collect();
    assert_eq!(asked.len(), 1_000);
}

#[test]
fn names_of_great_length() {
    let long = "x".repeat(2_000_000);
    let (_, judgement) = soon(&with(&format!(
        "{long}: 1, users: {{ '{long}': {{}} }}, nodes: {{ a: {{ owner: '{long}' }} }}"
    )));
    assert!(!judgement.is_ok());
    assert!(judgement.diagnostics.iter().all(|finding| finding.message.len() < 500));
}

#[test]
fn a_policy_file_is_a_file() {
    for (path, code) in [
        ("/dev/zero", "TN717"),
        ("/dev", "TN717"),
        ("-", "TN717"),
        ("nowhere", "TN717"),
        ("policies", "TN717"),
        ("", "TN704"),
        ("\\u0000", "TN704"),
    ] {
        let (inputs, judgement) = soon(&with(&format!("policy: {{ file: '{path}' }}")));
        let said = said(&inputs, &judgement);
        assert!(
            said.len() == 1 && said[0].starts_with(&format!("{code} policy.file")),
            "{path}: {said:?}"
        );
    }
}

#[test]
fn a_relative_policy_file_from_nix_lies_in_no_folder() {
    let mut inputs = Inputs::default();
    let mut findings = Vec::new();
    let text = with("policy: { file: 'policies/small.hujson' }");
    let id = inputs.read("declaration", text, Origin::Nix, Flavour::Json5, "", &mut findings);
    let judgement = judge_with(&mut inputs, id.unwrap(), findings, Options::default());
    let said = said(&inputs, &judgement);
    assert!(
        said.len() == 1 && said[0].contains("TN717 policy.file") && said[0].contains("relative"),
        "{said:?}"
    );
}
