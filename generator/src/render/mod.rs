//! Everything that is written: the artifacts, their form, and the way to disk.
//!
//! Architecture invariant: artifacts depend on the declaration and the policy file alone. Two runs give the same bytes,
//! on any machine, in any folder; no symbolic address, no time, no path of the machine is in any of them.

pub mod flows;
pub mod node;
mod policy;
pub mod report;
pub mod topology;
pub mod write;
pub mod yaml;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::cluster::coverage::Coverage;
use crate::cluster::declaration::Declaration;
use crate::cluster::model::Model;
use crate::cluster::words::{NodeName, Word};
use crate::diagnostics::{Diagnostic, Severity};
use crate::hujson::Value;
use crate::input::Inputs;
use crate::k3s::{build, kubeconfig};
use crate::policy::lower::{Lowered, lower};
use crate::policy::tailnet::{Id as _, Index, NodeId};
use crate::policy::words::{Alias, Autogroup};
use crate::{derp, dns};
use node::{ByPolicy, Ssh, TailnetPorts};
use report::Report;
use write::Files;

/// The artifact that every set has: what was judged, what was found, what was written. It marks a folder as ours.
pub const REPORT: &str = "report.json";

/// How reports name who wrote them.
pub const GENERATOR: &str = "tailnet-generator";

/// What is rendered, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether `tests` and `sshTests` are written into the policy.
    pub with_tests: bool,
}

/// All artifacts of a declaration without errors; with errors, the report alone.
///
/// `findings` are what judging gave, in the order in which they are shown.
#[must_use]
pub fn artifacts(
    inputs: &Inputs,
    tree: Option<&Value>,
    judged: Option<(&Declaration, &Model)>,
    findings: &[Diagnostic],
    options: Options,
) -> Files {
    let mut report = Report::new(inputs, tree, findings);
    let sound = findings.iter().all(|finding| finding.severity != Severity::Error);
    let mut files = Files::new();
    if let Some((declaration, model)) = judged {
        report.cluster = Some(declaration.name.value.to_string());
        report.headscale = Some(declaration.headscale_version.value.to_string());
        if sound {
            files = render(inputs, declaration, model, options);
        }
    }
    report.ok &= judged.is_some();
    report.artifacts = files.keys().cloned().collect();
    files.insert(REPORT.to_owned(), json(&report));
    files
}

/// The artifacts without the report.
fn render(inputs: &Inputs, declaration: &Declaration, model: &Model, options: Options) -> Files {
    let mut files = Files::new();
    let mut add = |name: String, text: Vec<u8>| {
        files.insert(name, text);
    };
    let map = derp::map(declaration);
    add("derp.yaml".to_owned(), derp::headscale::to_yaml(&map).into_bytes());
    add("derp.json".to_owned(), json(&map));
    add("dns.json".to_owned(), json(&dns::Settings::of(declaration)));
    add(
        "topology.json".to_owned(),
        json(&topology::topology(declaration, model)),
    );
    let policy = policy::text(inputs, declaration, model, options.with_tests);
    add("policy.hujson".to_owned(), policy.into_bytes());

    let mut lowered = lower(&model.policy, Index::new(&model.tailnet));
    let ssh = ssh(model, &mut lowered);
    let coverage = Coverage::new(model, &lowered);
    add(
        "flows.json".to_owned(),
        json(&flows::flows(inputs, model, &lowered, &coverage)),
    );

    for (position, ssh) in ssh.into_iter().enumerate().take(model.declared) {
        let Some(node) = model.tailnet.nodes.get(position) else {
            continue;
        };
        let Ok(name) = NodeName::parse(&node.name) else {
            continue;
        };
        let by_policy = ByPolicy {
            ssh,
            inbound: TailnetPorts::of(&coverage.inbound(position)),
        };
        if let Some(artifact) = node::artifact(declaration, &map, &name, by_policy) {
            add(node_file(&node.name), json(&artifact));
        }
        if let Some(config) = build::config(declaration, &name) {
            add(k3s_config(&node.name), config.to_yaml().into_bytes());
        }
    }
    if let Some(server) = build::init_server(declaration) {
        let api = build::api_url(declaration, server);
        let text = kubeconfig::to_yaml(declaration.name.value.as_str(), &api);
        add("kubeconfig.yaml".to_owned(), text.into_bytes());
        let text = dns::coredns::to_yaml(declaration.base_domain.value.as_str());
        add("coredns-custom.yaml".to_owned(), text.into_bytes());
    }
    files
}

/// What the SSH rules of the policy say of every node, in the order of the tailnet's nodes.
fn ssh(model: &Model, lowered: &mut Lowered<'_>) -> Vec<Ssh> {
    let mut logins: Vec<Option<BTreeSet<String>>> = vec![None; model.tailnet.nodes.len()];
    for rule in &model.policy.ssh {
        let mut nodes: BTreeSet<NodeId> = BTreeSet::new();
        for dst in &rule.dst {
            if dst.value == Alias::Autogroup(Autogroup::OwnDevices) {
                let index = lowered.index();
                nodes.extend(index.nodes().map(|(id, _)| id).filter(|id| index.owner(*id).is_some()));
            } else {
                let id = lowered.resolver_mut().resolve(&dst.value);
                nodes.extend(lowered.resolver().get(id).nodes.iter());
            }
        }
        for node in nodes {
            if let Some(logins) = logins.get_mut(node.index()) {
                let names = rule.users.iter().map(|user| user.value.to_string());
                // Words for classes of logins name no login.
                logins
                    .get_or_insert_default()
                    .extend(names.filter(|name| !name.contains(':') && name != "*"));
            }
        }
    }
    logins
        .into_iter()
        .map(|logins| Ssh {
            enable: logins.is_some(),
            logins: logins.into_iter().flatten().collect(),
        })
        .collect()
}

/// `value` as indented JSON with a newline at its end.
fn json<T: Serialize>(value: &T) -> Vec<u8> {
    // Everything that is written has string keys and finite numbers, so there is no error to hand on.
    let mut text = serde_json::to_vec_pretty(value).unwrap_or_default();
    text.push(b'\n');
    text
}

/// The path of a node's own artifact.
#[must_use]
pub fn node_file(name: &str) -> String {
    format!("nodes/{name}.json")
}

/// The path of a node's k3s configuration.
#[must_use]
pub fn k3s_config(name: &str) -> String {
    format!("nodes/{name}/k3s.yaml")
}
