//! How fast a declaration becomes artifacts, from its text to every file in memory: `cargo bench --bench render`.
//!
//! Teams of twenty nodes, each team with a tag, a service and two people of its own; a fifth of all nodes are k3s agents;
//! everything is monitored. So the rules grow with the nodes, as they do where teams look after their own.

use std::fmt::Write as _;

use divan::counter::BytesCount;
use divan::{AllocProfiler, Bencher, black_box};
use tailnet_generator::cluster;
use tailnet_generator::hujson::Flavour;
use tailnet_generator::input::{Inputs, Origin};
use tailnet_generator::render::write::Files;
use tailnet_generator::render::{Options, artifacts};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// A declaration of `nodes` nodes.
fn declaration(nodes: usize) -> String {
    let mut text = String::from(
        "{ name: 'bench', baseDomain: 'bench.example.net',
           controlServer: { node: 'primer', url: 'https://login.example.net' },
           derp: { regions: { '900': { code: 'own', nodes: { primer: { hostName: 'derp.example.net', port: 8443 } } } } },
           k3s: { podCidr: '10.64.0.0/10' },
           monitoring: { from: ['tag:watch'] },
           nodes: { primer: { tags: ['tag:primer'], underlayAddress: '192.0.2.10', k3s: 'server' },
                    watch: { tags: ['tag:watch'] },\n",
    );
    let teams = nodes.div_ceil(20);
    for node in 2..nodes {
        let (team, k3s) = (node % teams, if node % 5 == 0 { ", k3s: 'agent'" } else { "" });
        let _ = writeln!(text, "n{node}: {{ tags: ['tag:team-{team}']{k3s} }},");
    }
    text.push_str("}, users: {\n");
    for team in 0..teams {
        let _ = writeln!(
            text,
            "'lead-{team}': {{ email: 'lead-{team}@example.net' }}, 'dev-{team}': {{}},"
        );
    }
    text.push_str("}, policy: { groups: {\n");
    for team in 0..teams {
        let _ = writeln!(text, "'group:team-{team}': ['lead-{team}@', 'dev-{team}@'],");
    }
    text.push_str("} }, access: { kubectl: [{ from: ['group:team-0'] }], services: {\n");
    for team in 0..teams {
        let _ = writeln!(
            text,
            "'web-{team}': {{ on: ['tag:team-{team}'], ports: ['tcp:443', 'tcp:8000-8010'], from: ['group:team-{team}'] }},"
        );
    }
    text.push_str("} } }\n");
    text
}

/// Every artifact of the declaration `text`.
fn render(text: &str) -> Files {
    let (mut inputs, mut findings) = (Inputs::default(), Vec::new());
    let Some(id) = inputs.read("bench.json5", text, Origin::File, Flavour::Json5, "", &mut findings) else {
        return Files::new();
    };
    let judgement = cluster::judge(&mut inputs, id, findings);
    let tree = inputs.get(id).and_then(|input| input.tree.as_ref());
    let judged = judgement.declaration.as_ref().zip(judgement.model.as_ref());
    artifacts(&inputs, tree, judged, &judgement.diagnostics, Options::default())
}

#[divan::bench(args = [30, 100, 1_000, 3_000, 10_000], sample_count = 10)]
fn whole(bencher: Bencher<'_, '_>, nodes: usize) {
    let text = declaration(nodes);
    let files = render(&text);
    assert!(
        files.len() > nodes,
        "it is rendered: {:?}",
        files.keys().take(3).collect::<Vec<_>>()
    );
    let bytes: usize = files.values().map(Vec::len).sum();
    bencher
        .counter(BytesCount::new(bytes))
        .bench_local(|| render(black_box(&text)));
}
