//! How fast texts are cut, read, formatted and dropped, in bytes a second, on policy text as people write it.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use tailnet_generator::hujson::lex::pieces;
use tailnet_generator::hujson::{Flavour, format, parse};
use tailnet_generator::source::{LineIndex, SourceId};

fn main() {
    divan::main();
}

/// A policy of `rules` rules in the usual layout: 170 bytes a rule, comments, short strings.
fn policy(rules: usize) -> String {
    let mut text = String::from("// Who may reach what.\n{\n\t\"acls\": [\n");
    for i in 0..rules {
        text.push_str(&format!(
            "\t\t// team {i}\n\t\t{{\n\t\t\t\"action\": \"accept\",\n\t\t\t\"src\": [\"group:team-{i}\", \"user{i}@example.org\"],\n\t\t\t\
             \"dst\": [\"tag:team-{i}:443\", \"10.0.{}.0/24:22,80\"],\n\t\t}},\n",
            i % 256
        ));
    }
    text.push_str("\t],\n}\n");
    text
}

const RULES: &[usize] = &[100, 10_000];

#[divan::bench(args = RULES)]
fn cut(bencher: Bencher<'_, '_>, rules: usize) {
    let text = policy(rules);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| pieces(black_box(&text), Flavour::Hujson));
}

#[divan::bench(args = RULES)]
fn read(bencher: Bencher<'_, '_>, rules: usize) {
    let text = policy(rules);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| parse(SourceId(0), black_box(&text), Flavour::Hujson));
}

#[divan::bench(args = RULES)]
fn read_json5(bencher: Bencher<'_, '_>, rules: usize) {
    let text = policy(rules);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| parse(SourceId(0), black_box(&text), Flavour::Json5));
}

#[divan::bench(args = RULES)]
fn put_in_form(bencher: Bencher<'_, '_>, rules: usize) {
    let text = policy(rules);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| format(black_box(&text), Flavour::Hujson));
}

#[divan::bench(args = RULES)]
fn index_lines(bencher: Bencher<'_, '_>, rules: usize) {
    let text = policy(rules);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| LineIndex::new(black_box(&text)));
}
