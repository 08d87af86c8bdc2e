//! The policy that is written means what was judged: read again and compiled, every node receives the same.

use crate::make::{KEYSTONE, judge, text};
use tailnet_generator::diagnostics::Severity;
use tailnet_generator::input::Inputs;
use tailnet_generator::policy::compile::{self, Compiled};
use tailnet_generator::policy::dialect::Dialect;
use tailnet_generator::policy::document::Document;
use tailnet_generator::policy::lower::lower;
use tailnet_generator::policy::tailnet::{Index, Tailnet};
use tailnet_generator::render::Options;

/// What every node of `tailnet` receives.
fn compiled(policy: &Document, tailnet: &Tailnet) -> String {
    let mut out = Vec::new();
    Compiled::new(policy, lower(policy, Index::new(tailnet)), &compile::Options::default())
        .write(&mut out)
        .unwrap();
    String::from_utf8(out).unwrap()
}

fn read(policy: &str, dialect: Dialect) -> Document {
    let mut inputs = Inputs::default();
    let mut findings = Vec::new();
    let id = inputs.read_policy("policy.hujson", policy, "", &mut findings).unwrap();
    let document = tailnet_generator::policy::read::read_input(&inputs, id, dialect, &mut findings).unwrap();
    findings.retain(|finding| finding.severity == Severity::Error);
    assert!(findings.is_empty(), "{findings:#?}\n{policy}");
    document
}

fn means_the_same(declaration: &str) {
    let judged = judge(declaration, 3);
    let policy = text(&judged.sound(Options { with_tests: true }), "policy.hujson");
    let model = judged.judgement.model.as_ref().unwrap();
    let again = read(&policy, model.policy.dialect);
    assert_eq!(
        compiled(&again, &model.tailnet),
        compiled(&model.policy, &model.tailnet),
        "{policy}"
    );
    for (what, first, second) in [
        ("groups", model.policy.groups.len(), again.groups.len()),
        ("hosts", model.policy.hosts.len(), again.hosts.len()),
        ("tagOwners", model.policy.tag_owners.len(), again.tag_owners.len()),
        ("nodeAttrs", model.policy.node_attrs.len(), again.node_attrs.len()),
        ("ssh", model.policy.ssh.len(), again.ssh.len()),
        ("tests", model.policy.tests.len(), again.tests.len()),
        ("sshTests", model.policy.ssh_tests.len(), again.ssh_tests.len()),
        (
            "routes",
            model.policy.auto_approvers.routes.len(),
            again.auto_approvers.routes.len(),
        ),
        (
            "exitNode",
            model.policy.auto_approvers.exit_node.len(),
            again.auto_approvers.exit_node.len(),
        ),
    ] {
        assert_eq!(first, second, "{what} of\n{policy}");
    }
}

#[test]
fn what_is_written_compiles_to_what_was_judged() {
    means_the_same(KEYSTONE);
}

#[test]
fn whatever_a_policy_can_say_is_written() {
    means_the_same(
        r#"{
  name: "all",
  baseDomain: "mesh.example.org",
  controlServer: { node: "primer", url: "https://headscale.example.org" },
  users: { alice: { email: "alice@example.org" } },
  nodes: {
    primer: { tags: ["tag:primer"], routes: ["10.7.0.0/24", "10.8.0.0/24"], exitNode: true },
    laptop: { owner: "alice" },
  },
  derp: { regions: { "900": { code: "k", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } } } },
  policy: {
    tagOwners: { "tag:primer": ["alice@example.org"] },
    autoApprovers: {
      // mine
      routes: {
        "10.7.0.0/24": ["alice@example.org"], // hers
      },
      exitNode: ["alice@example.org"],
    },
    nodeAttrs: [{ target: ["*"], attr: ["disable-linux-cgnat-drop-rule"] }],
    acls: [{ action: "accept", proto: 6, src: ["alice@example.org"], dst: ["tag:primer:22,80-90"] }],
    grants: [
      { src: ["autogroup:member"], dst: ["autogroup:self"], ip: ["*"] },
      { src: ["*"], dst: ["10.7.0.0/24"], ip: ["udp:53"], via: ["tag:primer"] },
      { src: ["alice@example.org"], dst: ["tag:primer"], app: { "example.org/cap/x": [{ a: 0x10, 'b': [null] }] } },
    ],
    ssh: [{ action: "check", src: ["autogroup:member"], dst: ["autogroup:self"], users: ["autogroup:nonroot"], checkPeriod: "1h30m" }],
    sshTests: [],
    randomizeClientPort: true,
  },
}"#,
    );
}
