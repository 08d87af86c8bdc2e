//! What compiling costs, counted, not timed: the figures are the same on every machine, and a change of them has to be
//! looked at and committed (`cargo insta accept`).
//!
//! Wall time only informs: `cargo bench --bench engine`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests"
)]

#[path = "../../benches/tailnets/mod.rs"]
mod tailnets;

use std::fmt::Write as _;

use allocation_counter::measure;
use tailnet_generator::input::Inputs;
use tailnet_generator::policy::compile::{Compiled, Options, Work};
use tailnet_generator::policy::dialect::Dialect;
use tailnet_generator::policy::document::Document;
use tailnet_generator::policy::lower::lower;
use tailnet_generator::policy::read::read_input;
use tailnet_generator::policy::rules;
use tailnet_generator::policy::tailnet::{Index, Tailnet};
use tailnets::Kind;

/// What one tailnet costs.
struct Cost {
    bytes: u64,
    work: Work,
    allocations: u64,
    /// The most memory in use at once, over that of the document and the tailnet.
    peak: u64,
}

/// Counts what is written.
#[derive(Default)]
struct Count(u64);

impl std::io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn document(text: &str) -> Document {
    let (mut inputs, mut findings) = (Inputs::default(), Vec::new());
    let id = inputs.read_policy("policy.hujson", text, "", &mut findings).unwrap();
    let document = read_input(&inputs, id, Dialect::V0_29, &mut findings).unwrap();
    rules::check(&document, &mut findings);
    assert!(findings.is_empty(), "{findings:?}");
    document
}

fn cost(document: &Document, tailnet: &Tailnet) -> Cost {
    // What is made once for all (sets of well-known ranges) is no cost of this one.
    let _ = Compiled::new(document, lower(document, Index::new(tailnet)), &Options::default());
    let (mut out, mut work) = (Count::default(), Work::default());
    let memory = measure(|| {
        let compiled = Compiled::new(document, lower(document, Index::new(tailnet)), &Options::default());
        compiled.write(&mut out).unwrap();
        work = compiled.work();
    });
    Cost {
        bytes: out.0,
        work,
        allocations: memory.count_total,
        peak: memory.bytes_max,
    }
}

fn costs(kind: Kind) -> Vec<(usize, Cost)> {
    let sizes = [100, 300, 1_000, 3_000];
    sizes
        .into_iter()
        .map(|nodes| {
            let tailnet = tailnets::tailnet(kind, nodes);
            (nodes, cost(&document(&tailnets::policy(kind, nodes)), &tailnet))
        })
        .collect()
}

/// By what power of the bytes a figure grows from the smallest to the largest tailnet.
fn exponent(costs: &[(usize, Cost)], figure: impl Fn(&Cost) -> u64) -> f64 {
    let (small, large) = (&costs[0].1, &costs[costs.len() - 1].1);
    let growth = |figure: &dyn Fn(&Cost) -> u64| (figure(large) as f64 / figure(small) as f64).ln();
    growth(&figure) / growth(&|cost| cost.bytes)
}

#[test]
fn what_compiling_costs() {
    let mut table = String::from(
        "kind     nodes       bytes  aliases  lists      text  entries    kept  links  classes  allocations       peak\n",
    );
    for kind in [Kind::Growing, Kind::Fixed] {
        let costs = costs(kind);
        for (nodes, cost) in &costs {
            let work = cost.work;
            writeln!(
                table,
                "{:<8} {nodes:>5} {:>11} {:>8} {:>6} {:>9} {:>8} {:>7} {:>6} {:>8} {:>12} {:>10}",
                format!("{kind:?}"),
                cost.bytes,
                work.aliases,
                work.source_lists,
                work.source_bytes,
                work.entries,
                work.kept,
                work.links,
                work.classes,
                cost.allocations,
                cost.peak
            )
            .unwrap();
            // Small answers have nothing to share: a few kilobytes a node are the least.
            assert!(
                cost.peak <= 2 * cost.bytes.max(*nodes as u64 * 10_000),
                "{kind:?} {nodes}: {}",
                cost.peak
            );
        }
        for (name, grows) in [
            ("kept", exponent(&costs, |cost| cost.work.kept)),
            ("sources", exponent(&costs, |cost| cost.work.source_bytes)),
            ("allocations", exponent(&costs, |cost| cost.allocations)),
            ("peak", exponent(&costs, |cost| cost.peak)),
        ] {
            assert!(
                grows <= 1.05,
                "{kind:?}: {name} grows with the bytes to the power of {grows:.2}"
            );
        }
    }
    insta::assert_snapshot!(table);
}

/// `autogroup:self` and `via` stay on the fast way: with them the work grows no faster than what is sent.
#[test]
fn own_rules_cost_what_they_send() {
    let costs: Vec<_> = [300, 3_000]
        .into_iter()
        .map(|nodes| {
            let groups = (0..nodes / 10).map(|team| format!(r#""group:t{team}": ["user{team}@"]"#));
            let rules = (0..nodes / 10).map(|team| {
                format!(
                    r#"{{"src": ["group:t{team}"], "dst": ["autogroup:self"], "ip": ["*"]}},
                       {{"src": ["group:t{team}"], "dst": ["10.0.0.0/8"], "ip": ["*"], "via": ["tag:router"]}}"#
                )
            });
            let (groups, rules): (Vec<_>, Vec<_>) = (groups.collect(), rules.collect());
            let text = format!(
                r#"{{"groups": {{{}}}, "tagOwners": {{"tag:router": []}}, "grants": [{}]}}"#,
                groups.join(","),
                rules.join(",")
            );
            let tailnet = tailnets::tailnet(Kind::Growing, nodes);
            (nodes, cost(&document(&text), &tailnet))
        })
        .collect();
    for (name, grows) in [
        ("kept", exponent(&costs, |cost| cost.work.kept)),
        ("allocations", exponent(&costs, |cost| cost.allocations)),
        ("peak", exponent(&costs, |cost| cost.peak)),
    ] {
        assert!(grows <= 1.05, "{name} grows with the bytes to the power of {grows:.2}");
    }
}
