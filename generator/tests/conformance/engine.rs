//! Our answer to a case, by the library.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Map, Value, json};
use tailnet_generator::diagnostics::{Diagnostic, Severity};
use tailnet_generator::hujson::Flavour;
use tailnet_generator::input::{Inputs, Origin};
use tailnet_generator::policy::ask::tests;
use tailnet_generator::policy::compile::caps::Settings;
use tailnet_generator::policy::compile::{Options, ssh};
use tailnet_generator::policy::dialect::Dialect;
use tailnet_generator::policy::judge::{Tests, in_tailnet};
use tailnet_generator::policy::tailnet::{Index, NodeId, Resolver, topology};
use tailnet_generator::policy::{read, rules};

use crate::case::Case;

/// What we say to a case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    /// Why the policy does not load.
    pub(crate) load: Vec<String>,
    /// Why its tests fail.
    pub(crate) tests: Vec<String>,
    /// What each node receives, if the policy loads.
    pub(crate) nodes: Option<Map<String, Value>>,
    /// What each node's peers are told about it.
    pub(crate) peer_caps: BTreeMap<String, Map<String, Value>>,
    /// Which of the routes that the case names each node would have approved, whoever announces them.
    pub(crate) approved: BTreeMap<String, Vec<String>>,
    /// How long checks hold, in seconds, for the pairs that were asked.
    check_periods: HashMap<(String, String), Option<f64>>,
}

impl Answer {
    /// The verdict in words.
    pub(crate) fn describe(&self) -> String {
        match (self.load.as_slice(), self.tests.as_slice()) {
            ([], []) => "accepted".to_owned(),
            ([], tests) => format!("refused by its tests: {}", tests.join("; ")),
            (load, _) => format!("refused: {}", load.join("; ")),
        }
    }

    /// How long a check of this pair holds.
    pub(crate) fn check_period(&self, source: &str, destination: &str) -> Option<f64> {
        let pair = (source.to_owned(), destination.to_owned());
        self.check_periods.get(&pair).copied().flatten()
    }
}

impl Answer {
    /// Breaks the answer about checks; says whether there was one.
    pub(crate) fn lengthen_checks(&mut self) -> bool {
        let mut changed = false;
        for seconds in self.check_periods.values_mut().flatten() {
            *seconds += 1.0;
            changed = true;
        }
        changed
    }
}

/// Answers. A panic is an answer as well: a wrong one.
pub(crate) fn answer(case: &Case) -> Answer {
    answer_as(case, Dialect::V0_29)
}

/// Answers as another headscale would.
pub(crate) fn answer_as(case: &Case, dialect: Dialect) -> Answer {
    catch_unwind(AssertUnwindSafe(|| judge(case, dialect))).unwrap_or_else(|panic| {
        let words = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
            .unwrap_or_default();
        Answer {
            load: vec![format!("panic: {words}")],
            ..Answer::default()
        }
    })
}

fn judge(case: &Case, dialect: Dialect) -> Answer {
    let mut inputs = Inputs::default();
    let mut findings = Vec::new();
    let topology = case.topology.to_string();
    let topology = inputs
        .read("topology", topology, Origin::File, Flavour::Hujson, "", &mut findings)
        .and_then(|id| inputs.get(id)?.tree.as_ref())
        .map(topology::read);
    let Some((topology, wrong)) = topology else {
        return refused(findings);
    };
    findings.extend(wrong);
    let Some(policy) = inputs.read_policy("policy", case.policy.as_str(), "", &mut findings) else {
        return refused(findings);
    };
    let Some(document) = read::read_input(&inputs, policy, dialect, &mut findings) else {
        return refused(findings);
    };
    rules::check(&document, &mut findings);
    let options = Options {
        server_url: "https://unused".to_owned(),
        settings: Settings {
            auto_update: case.auto_update,
            ..Settings::default()
        },
    };
    let Some(mut compiled) = in_tailnet(&document, &topology.tailnet, &options, Tests::Ask, &mut findings) else {
        return refused(findings);
    };
    assert_eq!(
        tests::run(&document, &mut compiled).pass(),
        !findings.iter().any(rules::is_outcome_of_tests),
        "tests that fail are findings, and only these"
    );
    let mut text = Vec::new();
    compiled.write(&mut text).unwrap();
    let mut json: Value = serde_json::from_slice(&text).unwrap();
    let nodes = json["nodes"].take();
    let index = compiled.lowered().index();
    let id = |name: &str| index.nodes().find(|(_, node)| node.name == name).map(|(id, _)| id);
    let mut resolver = Resolver::new(&document, Index::new(&topology.tailnet));
    let mut check_periods = HashMap::new();
    for pair in &case.extra.ssh_check {
        let (Some(source), Some(destination)) = (id(&pair.src), id(&pair.dst)) else {
            continue;
        };
        let period = ssh::check_period(&document, &mut resolver, source, destination);
        check_periods.insert(
            (pair.src.clone(), pair.dst.clone()),
            period.map(|period| period.as_secs_f64()),
        );
    }
    let asked: BTreeSet<&String> = case.extra.can_approve.values().flatten().collect();
    let approved = |node: NodeId| {
        let approves = |route: &&String| compiled.approvals().approves(node, route.parse().unwrap());
        asked.iter().copied().filter(approves).cloned().collect()
    };
    let caps = |node: NodeId| {
        compiled
            .caps()
            .of_peer(index, node)
            .map(|cap| (cap.to_owned(), json!(null)))
    };
    Answer {
        load: Vec::new(),
        tests: messages(findings),
        nodes: nodes.as_object().cloned(),
        peer_caps: index
            .nodes()
            .map(|(id, node)| (node.name.clone(), caps(id).into_iter().collect()))
            .collect(),
        approved: index
            .nodes()
            .map(|(id, node)| (node.name.clone(), approved(id)))
            .collect(),
        check_periods,
    }
}

fn messages(findings: Vec<Diagnostic>) -> Vec<String> {
    let errors = findings.into_iter().filter(|found| found.severity == Severity::Error);
    errors.map(|found| found.message).collect()
}

fn refused(findings: Vec<Diagnostic>) -> Answer {
    Answer {
        load: messages(findings),
        ..Answer::default()
    }
}
