//! How fast a policy is read, judged, compiled for every node, and written: `cargo bench --bench engine`.
//!
//! `everything` is what 3,000 nodes receive, from the document to the last byte, against headscale's 381 s
//! (`docs/performance.md`); `as_json` is serde_json writing the same values.

mod tailnets;

use std::io::{self, Write};

use divan::counter::BytesCount;
use divan::{AllocProfiler, Bencher, black_box};
use tailnet_generator::input::Inputs;
use tailnet_generator::policy::compile::{Compiled, Options};
use tailnet_generator::policy::dialect::Dialect;
use tailnet_generator::policy::document::Document;
use tailnet_generator::policy::lower::lower;
use tailnet_generator::policy::read::read_input;
use tailnet_generator::policy::rules;
use tailnet_generator::policy::tailnet::{Index, NodeId, Tailnet};
use tailnets::Kind;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

const NODES: &[usize] = &[100, 1_000, 3_000, 10_000];

/// The kinds of policy by number, since benchmarks take constants.
const fn kind<const KIND: usize>() -> Kind {
    if KIND == 0 { Kind::Growing } else { Kind::Fixed }
}

/// Counts what is written.
#[derive(Default)]
struct Count(usize);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += black_box(bytes).len();
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn document(text: &str) -> Option<Document> {
    let (mut inputs, mut findings) = (Inputs::default(), Vec::new());
    let id = inputs.read_policy("policy.hujson", text, "", &mut findings)?;
    read_input(&inputs, id, Dialect::V0_29, &mut findings)
}

fn compiled<'a>(document: &'a Document, tailnet: &'a Tailnet) -> Compiled<'a> {
    Compiled::new(document, lower(document, Index::new(tailnet)), &Options::default())
}

fn written(document: &Document, tailnet: &Tailnet) -> usize {
    let mut out = Count::default();
    compiled(document, tailnet).write(&mut out).map_or(0, |()| out.0)
}

#[divan::bench(args = NODES, consts = [0, 1])]
fn read<const KIND: usize>(bencher: Bencher<'_, '_>, nodes: usize) {
    let text = tailnets::policy(kind::<KIND>(), nodes);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| document(black_box(&text)));
}

#[divan::bench(args = NODES, consts = [0, 1])]
fn validate<const KIND: usize>(bencher: Bencher<'_, '_>, nodes: usize) {
    let Some(document) = document(&tailnets::policy(kind::<KIND>(), nodes)) else {
        return;
    };
    bencher.bench_local(|| {
        let mut findings = Vec::new();
        rules::check(black_box(&document), &mut findings);
        findings
    });
}

#[divan::bench(args = NODES, consts = [0, 1])]
fn compile<const KIND: usize>(bencher: Bencher<'_, '_>, nodes: usize) {
    let tailnet = tailnets::tailnet(kind::<KIND>(), nodes);
    let Some(document) = document(&tailnets::policy(kind::<KIND>(), nodes)) else {
        return;
    };
    bencher.bench_local(|| compiled(black_box(&document), black_box(&tailnet)));
}

#[divan::bench(args = NODES, consts = [0, 1])]
fn peers<const KIND: usize>(bencher: Bencher<'_, '_>, nodes: usize) {
    let tailnet = tailnets::tailnet(kind::<KIND>(), nodes);
    let Some(document) = document(&tailnets::policy(kind::<KIND>(), nodes)) else {
        return;
    };
    let compiled = compiled(&document, &tailnet);
    bencher.bench_local(|| {
        let all = (0..nodes as u32).map(NodeId);
        all.map(|node| compiled.peers().of(node).count()).sum::<usize>()
    });
}

#[divan::bench(args = NODES, consts = [0, 1])]
fn everything<const KIND: usize>(bencher: Bencher<'_, '_>, nodes: usize) {
    let tailnet = tailnets::tailnet(kind::<KIND>(), nodes);
    let Some(document) = document(&tailnets::policy(kind::<KIND>(), nodes)) else {
        return;
    };
    bencher
        .counter(BytesCount::new(written(&document, &tailnet)))
        .bench_local(|| written(black_box(&document), black_box(&tailnet)));
}

/// The yardstick: the same as values in memory, written by serde_json.
#[divan::bench(args = [100, 1_000, 3_000], consts = [0, 1])]
fn as_json<const KIND: usize>(bencher: Bencher<'_, '_>, nodes: usize) {
    let tailnet = tailnets::tailnet(kind::<KIND>(), nodes);
    let Some(document) = document(&tailnets::policy(kind::<KIND>(), nodes)) else {
        return;
    };
    let mut out = Vec::new();
    if compiled(&document, &tailnet).write(&mut out).is_err() {
        return;
    }
    let Ok(values) = serde_json::from_slice::<serde_json::Value>(&out) else {
        return;
    };
    bencher.counter(BytesCount::new(out.len())).bench_local(|| {
        let mut out = Count::default();
        serde_json::to_writer(&mut out, black_box(&values)).map_or(0, |()| out.0)
    });
}
