//! What is said about mistakes, and that what is proposed mends them.

use std::fmt::Write as _;
use tailnet_generator::hujson::edit::apply;
use tailnet_generator::hujson::{Flavour, parse};
use tailnet_generator::source::{LineIndex, SourceId, Span};

/// One mistake (or a few) each, as people make them.
const WRONG: &[&str] = &[
    "",
    "// nothing but a comment\n",
    "{\"acls\": []",
    "{\"acls\": [}",
    "{\"acls\": [[1, 2}, \"x\": 1}",
    "{\"acls\": []}}",
    "{\"acls\": []} {}",
    "{\"a\": 1 \"b\": 2}",
    "[\n  \"a\"\n  \"b\"\n]",
    "[1,, 2]",
    "{\"a\": 1,, \"b\": 2}",
    "[,]",
    "{\"a\" \"b\"}",
    "{\"a\", \"b\": 1}",
    "{\"a\": , \"b\": 1}",
    "{\"a\":}",
    "{\"a\"}",
    "{\"a\" = 1; \"b\": 2}",
    "{\"a\": 1: 2}",
    "{[1], \"a\": 2}",
    "{a: 1, null: 2, 10.0.0.0/8: 3}",
    "{'a': 'it\\'s', 'b': 'plain'}",
    "{\"a\": alice@example.org}",
    "[True, None, NULL, undefined]",
    "[+1, .5, 1., 01, 0x10, 1e, NaN]",
    "\"no end",
    "[\"no end\n, \"b\"]",
    "\"\\x41 \\u12 \\ud800 \\'\"",
    "\"a\tb\"",
    "{} // the end",
    "{} /* no end",
    "# a comment\n{\"a\": 1 # another\n}\n",
    "\u{FEFF}{}",
    "{\"a\":\u{A0}1}",
    "{} // a\u{2028}b\n",
    "`a`",
    "\u{0}\u{0}\u{0}PK\u{3}\u{4}",
    "{\"a\": 1, \"b\": 2, \"\\u0061\": 3, \"a\": 4}",
];

/// The errors of `text` in words, and what becomes of it when everything that is proposed is done.
fn say(text: &str, flavour: Flavour) -> String {
    let mut out = String::new();
    let lines = LineIndex::new(text);
    let place = |span: Span| {
        let at = lines.line_column(text, span.start);
        format!("{}:{} {:?}", at.line, at.column, &text[span.range()])
    };
    let errors = parse(SourceId(0), text, flavour).errors;
    for error in &errors {
        writeln!(out, "  {}: {}", place(error.span), error.message).unwrap();
        if let Some((span, label)) = &error.related {
            writeln!(out, "    {}: {label}", place(*span)).unwrap();
        }
        if let Some(help) = error.help {
            writeln!(out, "    help: {help}").unwrap();
        }
        if let Some(fix) = &error.fix {
            writeln!(out, "    fix: {}", fix.title).unwrap();
        }
    }
    let edits: Vec<_> = errors
        .iter()
        .filter_map(|error| error.fix.clone())
        .flat_map(|fix| fix.edits)
        .collect();
    if !edits.is_empty() {
        let mended = apply(text, &edits).unwrap();
        let left = parse(SourceId(0), &mended, flavour).errors.len();
        writeln!(out, "  mended: {mended:?}, {left} left").unwrap();
        assert!(
            left + edits.len() <= errors.len(),
            "a fix that mends nothing: {text:?} -> {mended:?}"
        );
    }
    out
}

#[test]
fn mistakes_in_hujson() {
    let all: String = WRONG
        .iter()
        .map(|text| format!("{text:?}\n{}", say(text, Flavour::Hujson)))
        .collect();
    insta::assert_snapshot!(all);
}

#[test]
fn mistakes_in_json5() {
    let wrong = [
        "{a: 1 b: 2}",
        "{a-b: 1}",
        "{a: 'x\ny'}",
        "{a: '\\1'}",
        "{a: '\\u12'}",
        "{a: 01}",
        "{a: 1-2}",
        "{a: yes}",
        "{a: 'no end",
        "[#]",
        "{a: '\\\n\\xg'}",
        "{a: 0x1ffffffffffffffffffffffffffffffffff}",
        "{a: 1, 'a': 2}",
        "",
    ];
    let all: String = wrong
        .iter()
        .map(|text| format!("{text:?}\n{}", say(text, Flavour::Json5)))
        .collect();
    insta::assert_snapshot!(all);
}

#[test]
fn every_text_of_the_tables_has_an_error() {
    for text in WRONG {
        assert!(!parse(SourceId(0), text, Flavour::Hujson).errors.is_empty(), "{text:?}");
    }
}
