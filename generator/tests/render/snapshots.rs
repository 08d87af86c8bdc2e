//! Every artifact of one declaration, as it is written.

use crate::make::{KEYSTONE, judge, render, text};
use tailnet_generator::render::Options;

#[test]
fn every_artifact() {
    let files = render(KEYSTONE);
    let mut all = String::new();
    for name in files.keys() {
        all.push_str(&format!("==== {name}\n{}", text(&files, name)));
    }
    insta::assert_snapshot!("keystone", all);
}

#[test]
fn tests_are_shipped_when_asked_for() {
    let with = judge(KEYSTONE, 0).sound(Options { with_tests: true });
    let policy = text(&with, "policy.hujson");
    assert!(policy.contains("\"tests\": ["), "{policy}");
    assert!(policy.contains("\"deny\": [\"tag:primer:2379\"]"), "{policy}");
    assert!(!text(&render(KEYSTONE), "policy.hujson").contains("\"tests\""));
}

#[test]
fn a_wrong_declaration_gives_the_report_alone() {
    let wrong = KEYSTONE.replace("https://headscale.example.org", "http://headscale.example.org");
    let files = judge(&wrong, 0).render(Options::default());
    assert_eq!(files.keys().collect::<Vec<_>>(), ["report.json"]);
    let report: serde_json::Value = serde_json::from_str(&text(&files, "report.json")).unwrap();
    assert_eq!(report["ok"], false);
    assert_eq!(report["diagnostics"][0]["code"], "TN302");
    assert_eq!(report["artifacts"], serde_json::json!([]));
}

#[test]
fn a_tailnet_without_k3s_has_nothing_of_k3s() {
    let files = render(
        r#"{
  name: "home",
  baseDomain: "mesh.example.org",
  controlServer: { node: "primer", url: "https://headscale.example.org" },
  nodes: { primer: { tags: ["tag:primer"] } },
  derp: { regions: { "900": { code: "home", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } } } },
}"#,
    );
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "derp.json",
            "derp.yaml",
            "dns.json",
            "flows.json",
            "nodes/primer.json",
            "policy.hujson",
            "report.json",
            "topology.json"
        ]
    );
    // Without rules of its own, the policy still has a rules key: without any, headscale allows everything.
    let policy = text(&files, "policy.hujson");
    assert!(
        policy.contains("\"acls\": []") || policy.contains("\"grants\": []"),
        "{policy}"
    );
}
