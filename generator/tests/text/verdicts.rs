//! What headscale's own parsers say to texts with and without mistakes.
//!
//! `verdicts/main.go` puts each text through tailscale/hujson and go-json-experiment, the two that headscale uses, with
//! headscale's options. `verdicts/texts.jsonl` holds what they said, so that Go is not needed here. To make it anew:
//!
//! ```sh
//! cargo test -p tailnet-generator --test text -- --ignored --nocapture verdicts::print_texts | grep '^"' \
//!   | (cd generator/tests/text/verdicts && go run . > texts.jsonl)
//! ```
//!
//! `TAILNET_TEXTS=100` makes a hundred times as many; `TAILNET_VERDICTS=FILE` compares with the verdicts in another file.

use crate::make::{hujson, mutated};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use tailnet_generator::hujson::{Flavour, SyntaxErrorKind, parse};
use tailnet_generator::source::SourceId;

/// What the parsers said: one object a line.
fn verdicts() -> Vec<Value> {
    let file = std::env::var_os("TAILNET_VERDICTS").map(|path| std::fs::read_to_string(path).unwrap());
    let lines = file.as_deref().unwrap_or(include_str!("verdicts/texts.jsonl"));
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Texts that show a rule each, whatever chance brings.
const CHOSEN: &[&str] = &[
    "",
    " ",
    "// c",
    "// c\n",
    "/* c */",
    "{} // c",
    "{} // c\n",
    "{} // c\r",
    "{} /* c",
    "{} /*/ c",
    "/*/ */{}",
    "\u{FEFF}{}",
    "{}\u{A0}",
    "{} // \u{2028}\n",
    "{} /* \u{2028} */",
    "\"\u{2028}\"",
    "\"\u{7f}\"",
    "\"\u{1f}\"",
    "\"a\tb\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\udc00\"",
    "\"\\ud800\\ud800\"",
    "\"\\ud83d\\ude00\"",
    "\"\\uD83D\\uDE00\"",
    "\"\\ud83d x\"",
    "\"\\u00zz\"",
    "\"\\u12\"",
    "\"\\U0041\"",
    "\"\\x41\"",
    "\"\\'\"",
    "\"\\/\\b\\f\\n\\r\\t\\\\\\\"\"",
    "'a'",
    "\"a",
    "\"a\\",
    "\"a\nb\"",
    "[1,]",
    "[,]",
    "[1,,]",
    "[,1]",
    "{\"a\":1,}",
    "{,}",
    "{\"a\":1,,}",
    "{\"a\":}",
    "{\"a\"}",
    "{:1}",
    "{1:2}",
    "{a:1}",
    "{null:1}",
    "{\"a\":1 \"b\":2}",
    "[1 2]",
    "[1}",
    "{\"a\":1]",
    "[",
    "{",
    "{}}",
    "[]]",
    "[] []",
    "nul",
    "nullx",
    "True",
    "TRUE",
    "tru e",
    "0",
    "-0",
    "-",
    "+1",
    "01",
    "00",
    "1.",
    ".5",
    "1.5",
    "1e5",
    "1E+5",
    "1e-5",
    "1e",
    "1e+",
    "1.e5",
    "0x10",
    "1_000",
    "NaN",
    "Infinity",
    "-Infinity",
    "1e999",
    "123456789012345678901234567890",
    "--1",
    "1-",
    "1.2.3",
    "{\"a\":1,\"a\":2}",
    "{\"a\":1,\"\\u0061\":2}",
    "{\"a\":{\"b\":1},\"b\":1}",
    "[{\"a\":1},{\"a\":1}]",
    "{\"\":1,\"\":2}",
    "{\"a\":1,\"A\":2}",
    "{\"a\" /*x*/ : /*y*/ 1 /*z*/ , /*q*/ }",
    "#\n{}",
    "{} #",
    "\u{0}",
    "\u{0}{}",
    "/",
    "{} /",
    "//\n//\n1//\n",
    "1//\n2",
    "true/**/",
    "true//\n",
    "[true/*,*/,]",
    "\"//\"",
    "\"/*\"",
    "[\"a\"/**/\"b\"]",
    "\r\n[\r1\r]\r",
    "\u{c}1",
    "\u{b}1",
    "1\u{85}",
];

#[test]
fn headscales_parsers_say_the_same() {
    let (mut right, mut wrong) = (0, 0);
    for verdict in verdicts() {
        let text = verdict["text"].as_str().unwrap();
        let errors = parse(SourceId(0), text, Flavour::Hujson).errors;
        let duplicate = verdict["error"]
            .as_str()
            .is_some_and(|e| e.contains("duplicate object member name"));
        match verdict["parser"].as_str() {
            None => {
                assert_eq!(errors, [], "headscale takes {text:?}");
                right += 1;
            }
            Some(parser) => {
                assert!(!errors.is_empty(), "headscale refuses {text:?}: {}", verdict["error"]);
                // The second parser only sees what the first let pass, so one kind of error is all there is.
                let kinds_agree = errors
                    .iter()
                    .all(|error| (error.kind == SyntaxErrorKind::DuplicateName) == duplicate);
                assert!(parser == "hujson" || kinds_agree, "{text:?}: {errors:?}");
                wrong += 1;
            }
        }
    }
    println!("figures: {right} texts taken and {wrong} refused as headscale's parsers do");
    assert!(right > 300 && wrong > 700, "{right} {wrong}");
}

/// headscale's words for a name that stands twice are in ours.
#[test]
fn duplicate_names_are_called_what_headscale_calls_them() {
    let mut seen = 0;
    for verdict in verdicts() {
        let theirs = verdict["error"].as_str().unwrap_or_default();
        let Some(words) = theirs
            .strip_prefix("jsontext: ")
            .filter(|e| e.starts_with("duplicate object member name"))
        else {
            continue;
        };
        // They add where it is; and quote what is not ASCII in another way.
        let words = words.split_once(" within ").map_or(words, |(words, _)| words);
        let words = words.split_once(" after offset ").map_or(words, |(words, _)| words);
        let errors = parse(SourceId(0), verdict["text"].as_str().unwrap(), Flavour::Hujson).errors;
        if words.is_ascii() && !words.contains('\\') {
            assert!(errors.iter().any(|error| error.message == words), "{words}: {errors:?}");
            seen += 1;
        }
    }
    assert!(seen >= 3, "{seen}");
}

/// Prints texts for `verdicts/main.go`, one JSON string a line; always the same ones.
#[test]
#[ignore = "makes the texts anew"]
fn print_texts() {
    let mut runner = TestRunner::deterministic();
    let print = |text: &str| println!("{}", Value::from(text));
    CHOSEN.iter().for_each(|text| print(text));
    let few = "[\\[\\]{}:,\"'/*\\\\\\n a1tn.-]{0,12}";
    let times: usize = std::env::var("TAILNET_TEXTS").map_or(1, |times| times.parse().unwrap());
    for (count, strategy) in [(250, hujson().boxed()), (800, mutated().boxed()), (200, few.boxed())] {
        let mut left = count * times;
        while left > 0 {
            let text = strategy.new_tree(&mut runner).unwrap().current();
            if text.len() <= 120 {
                print(&text);
                left -= 1;
            }
        }
    }
}
