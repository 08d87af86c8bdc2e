//! Our answers against those of headscale and of the Tailscale service, aspect by aspect, with the figures.
//!
//! Not the usual harness: what counts is the table, which it would swallow. `cargo test --test conformance` prints it
//! and fails on any difference. Words behind `--` choose parts by name (`captures`, `corpus`, `random`, `bites`,
//! `binary`, `headscale`); `--select` chooses the corpus anew ([`select`]), `--all` shows every difference.

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

mod binary;
mod bites;
mod case;
mod compare;
mod engine;
mod known;
mod live;
mod normal;
mod report;
mod select;
mod sets;

use std::process::ExitCode;
use std::time::Instant;

use case::Case;
use report::Tally;
use sets::Set;

/// How many differences of one aspect are shown.
const SHOWN: usize = 3;

/// What became of one part.
enum Part {
    /// All as it should be; the line for the summary.
    Passed(String),
    /// Not so.
    Failed(String),
    /// It could not be asked, and why.
    Skipped(String),
}

/// A part by its name.
type Named = (&'static str, fn(&Arguments) -> Part);

const PARTS: &[Named] = &[
    ("bites", |_| bites::run()),
    ("corpus", |arguments| compare_set(sets::corpus(), arguments)),
    ("random", |arguments| compare_set(sets::random(), arguments)),
    ("captures", |arguments| compare_set(sets::captures(), arguments)),
    ("binary", |_| binary::run()),
    ("headscale", |_| live::run()),
];

/// What stood on the command line.
struct Arguments {
    words: Vec<String>,
    exact: bool,
    shown: usize,
}

fn main() -> ExitCode {
    let mut arguments = Arguments {
        words: Vec::new(),
        exact: false,
        shown: SHOWN,
    };
    let mut list = false;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--select" => return select(),
            "--list" => list = true,
            "--all" => arguments.shown = usize::MAX,
            "--exact" => arguments.exact = true,
            // What `cargo test` passes on to every harness.
            option if option.starts_with('-') => {}
            word => arguments.words.push(word.to_owned()),
        }
    }
    let chosen = PARTS.iter().filter(|(name, _)| {
        let fits = |word: &String| *name == word || (!arguments.exact && name.contains(word.as_str()));
        arguments.words.is_empty() || arguments.words.iter().any(fits)
    });
    if list {
        chosen.for_each(|(name, _)| println!("{name}: test"));
        return ExitCode::SUCCESS;
    }
    let mut lines = Vec::new();
    let mut failed = false;
    for (name, part) in chosen {
        println!("\nconformance, {name}");
        let begun = Instant::now();
        let (mark, line) = match part(&arguments) {
            Part::Passed(line) => ("ok", line),
            Part::Skipped(why) => ("skipped", format!("skipped: {why}")),
            Part::Failed(line) => {
                failed = true;
                ("FAILED", line)
            }
        };
        lines.push(format!(
            "  {name:<10} {mark:<8} {line} ({:.1} s)",
            begun.elapsed().as_secs_f64()
        ));
    }
    if !lines.is_empty() {
        println!("\nconformance with headscale 0.29, in short\n{}\n", lines.join("\n"));
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Compares all cases of a set and prints the figures.
fn compare_set(set: Set, arguments: &Arguments) -> Part {
    let (from, cases) = match set {
        Set::Found(from, cases) => (from, cases),
        Set::Skipped(why) => return Part::Skipped(why),
        Set::Broken(why) => return Part::Failed(why),
    };
    println!("  {} cases of {}", cases.len(), from.display());
    let (plain, known): (Vec<Case>, Vec<Case>) =
        cases.into_iter().partition(|case| !known::is_known_different(&case.id));
    let tally = compare_all(&plain);
    let different = compare_all(&known);
    print!("{}", tally.table());
    if different.cases > 0 {
        println!(
            "    {} files where headscale is known to differ from the service: {} as headscale has it",
            different.cases, different.agreed
        );
    }
    let mut sum = format!("{} of {} cases agree in everything", tally.agreed, tally.cases);
    if different.cases > 0 {
        sum.push_str(&format!(
            ", {} of {} known-different ones are as headscale has them",
            different.agreed, different.cases
        ));
    }
    if tally.agreed == tally.cases && different.agreed == different.cases {
        return Part::Passed(sum);
    }
    println!("\n  first differences (- recorded, + ours)");
    print!("{}", tally.first_differences(arguments.shown));
    print!("{}", different.first_differences(arguments.shown));
    Part::Failed(sum)
}

/// Compares on all processors; the figures do not depend on how many there are.
fn compare_all(cases: &[Case]) -> Tally {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = cases.len().div_ceil(threads).max(1);
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let workers: Vec<_> = cases
            .chunks(share)
            .map(|cases| {
                scope.spawn(move || {
                    let mut tally = Tally::default();
                    for case in cases {
                        compare::case(case, &engine::answer(case), &mut tally);
                    }
                    tally
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let mut sum = Tally::default();
    tallies.into_iter().for_each(|tally| sum.add(tally));
    sum
}

fn select() -> ExitCode {
    match sets::random_folder().and_then(|from| select::run(&from, &sets::corpus_file())) {
        Ok(words) => {
            println!("{words}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
