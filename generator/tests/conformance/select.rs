//! Chooses the random cases that stand in the repository.
//!
//! ```console
//! cargo test --test conformance -- --select
//! ```
//!
//! writes `generator/tests/corpus/random.jsonl.gz` from the cases that `TAILNET_RANDOM` or `../shared/random` holds.
//! The choice is a function of these cases alone: run twice, it writes the same bytes.
//!
//! A case earns points for each thing it shows that the choice has not shown often enough yet, divided by the root of
//! what it costs in bytes, so that many small cases are taken rather than a few large ones. A policy that loads, with
//! headscale's answer the same in every run, shows its features, their pairs, and each kind of answer recorded for it.
//! Any other shows its verdict and what makes it wrong (`description`): there is nothing to compare but that.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::{Compression, GzBuilder};
use serde_json::Value;

use crate::sets;

/// How many cases are chosen at most.
const CASES: usize = 500;

/// How many bytes the file may have.
const BYTES: usize = 1_000_000;

/// How many bytes the chosen cases may have when each is compressed alone. Together they are smaller.
const BYTES_ALONE: usize = 1_250_000;

/// How often each single thing should be shown, if there are that many cases with it.
const SINGLE: usize = 4;

/// How often each kind of answer that few cases have.
const RARE: usize = 20;

/// How often each pair of features should be shown.
const PAIR: usize = 2;

/// Chooses and writes. Returns what it did, in words.
pub(crate) fn run(from: &Path, to: &Path) -> Result<String, String> {
    let mut lines = Vec::new();
    for file in sets::files(from, &["gz"])? {
        lines.extend(sets::raw_lines(&file)?);
    }
    let candidates = lines
        .iter()
        .map(|line| Candidate::new(line))
        .collect::<Result<Vec<_>, _>>()?;
    let mut chosen = choose(&candidates);
    chosen.sort_unstable();
    let bytes = compress(chosen.iter().map(|&i| lines[i].as_str()))?;
    if bytes.len() >= BYTES {
        return Err(format!("{} bytes are too many: choose fewer cases", bytes.len()));
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    }
    fs::write(to, &bytes).map_err(|error| error.to_string())?;
    Ok(format!(
        "{} of {} cases, {} bytes, {}\nwritten to {}",
        chosen.len(),
        candidates.len(),
        bytes.len(),
        coverage(&candidates, &chosen),
        to.display()
    ))
}

/// A case and what it shows.
struct Candidate {
    size: usize,
    singles: BTreeSet<String>,
    pairs: BTreeSet<(String, String)>,
}

impl Candidate {
    fn new(line: &str) -> Result<Self, String> {
        let case: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let mut singles = BTreeSet::from([format!(
            "verdict {} {}",
            case["input"]["api_response_code"], case["stage"]
        )]);
        let mut pairs = BTreeSet::new();
        if case["unstable"] == Value::Bool(true) {
            singles.insert("unstable".to_owned());
        } else if case["captures"].is_object() {
            let features: BTreeSet<&str> = strings(&case["features"]).collect();
            for (position, first) in features.iter().enumerate() {
                singles.insert((*first).to_owned());
                let after = features.iter().skip(position + 1);
                pairs.extend(after.map(|second| ((*first).to_owned(), (*second).to_owned())));
            }
            answers(&case, &mut singles);
        } else {
            singles.insert(format!("wrong {}", case["description"]));
        }
        Ok(Self {
            size: compress([line])?.len(),
            singles,
            pairs,
        })
    }
}

/// The kinds of answers that are recorded.
fn answers(case: &Value, singles: &mut BTreeSet<String>) {
    for (name, _) in members(&case["extra"]) {
        singles.insert(format!("extra {name}"));
    }
    // Most routes that were asked about are not announced, and then stand in no node's answer.
    for (name, routes) in members(&case["extra"]["can_approve"]) {
        let announced = &case["topology"]["nodes"][name]["routable_ips"];
        if strings(routes).any(|route| strings(announced).any(|announced| announced == route)) {
            singles.insert("extra can_approve of announced routes".to_owned());
        }
    }
    for (_, capture) in members(&case["captures"]) {
        singles.extend(members(capture).map(|(name, _)| format!("answer {name}")));
        let netmap = &capture["netmap"];
        singles.extend(members(&netmap["SelfNode"]).map(|(name, _)| format!("self {name}")));
        for peer in netmap["Peers"].as_array().into_iter().flatten() {
            singles.extend(members(peer).map(|(name, _)| format!("peer {name}")));
        }
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// The candidates that are taken, in the order of their worth.
fn choose(candidates: &[Candidate]) -> Vec<usize> {
    let mut shown_single: BTreeMap<&str, usize> = BTreeMap::new();
    let mut shown_pair: BTreeMap<&(String, String), usize> = BTreeMap::new();
    let mut left: BTreeSet<usize> = (0..candidates.len()).collect();
    let mut chosen = Vec::new();
    let mut bytes = 0;
    while chosen.len() < CASES {
        // What is shown for the first time counts most.
        let worth = |&i: &usize| {
            let case = &candidates[i];
            let single: f64 = case
                .singles
                .iter()
                .map(|name| match shown_single.get(name.as_str()).copied().unwrap_or(0) {
                    0 => 50.0,
                    _ if name.starts_with("wrong ") => 0.0,
                    times if times < RARE && name.starts_with("extra ") => 20.0,
                    times if times < SINGLE => 5.0 / times as f64,
                    times => 0.1 / times as f64,
                })
                .sum();
            let pair: f64 = case
                .pairs
                .iter()
                .map(|pair| match shown_pair.get(pair).copied().unwrap_or(0) {
                    0 => 4.0,
                    times if times < PAIR => 1.0,
                    times => 0.05 / times as f64,
                })
                .sum();
            // The square root: a case twice as large is not half as good, since large ones hold more.
            (single + pair) / (case.size as f64).sqrt()
        };
        let best = left
            .iter()
            .copied()
            .filter(|&i| bytes + candidates[i].size < BYTES_ALONE)
            .map(|i| (worth(&i), i))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let Some((_, best)) = best else { break };
        left.remove(&best);
        bytes += candidates[best].size;
        for name in &candidates[best].singles {
            *shown_single.entry(name).or_default() += 1;
        }
        for pair in &candidates[best].pairs {
            *shown_pair.entry(pair).or_default() += 1;
        }
        chosen.push(best);
    }
    chosen
}

/// How much of what there is the choice shows.
fn coverage(candidates: &[Candidate], chosen: &[usize]) -> String {
    let of = |all: &mut dyn Iterator<Item = &Candidate>| {
        let (mut singles, mut pairs) = (BTreeSet::new(), BTreeSet::new());
        for case in all {
            singles.extend(case.singles.iter());
            pairs.extend(case.pairs.iter());
        }
        (singles.len(), pairs.len())
    };
    let all = of(&mut candidates.iter());
    let ours = of(&mut chosen.iter().map(|&i| &candidates[i]));
    format!(
        "{} of {} things and {} of {} pairs of features shown",
        ours.0, all.0, ours.1, all.1
    )
}

/// One line each, compressed as well as gzip can, without name and time.
fn compress<'a>(lines: impl IntoIterator<Item = &'a str>) -> Result<Vec<u8>, String> {
    let mut gzip = GzBuilder::new().write(Vec::new(), Compression::best());
    for line in lines {
        writeln!(gzip, "{line}").map_err(|error| error.to_string())?;
    }
    gzip.finish().map_err(|error| error.to_string())
}
