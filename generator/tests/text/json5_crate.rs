//! Our JSON5 and the crate's: the structure is read here, so the crate can be asked whether it is read right.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tailnet_generator::hujson::lex::pieces;
use tailnet_generator::hujson::{Flavour, Kind, SyntaxErrorKind, Value, parse};
use tailnet_generator::source::SourceId;

/// A value as the crate gives it.
fn to_serde(value: &Value) -> serde_json::Value {
    match &value.kind {
        Kind::Null => serde_json::Value::Null,
        Kind::Bool(b) => (*b).into(),
        // What JSON cannot say becomes null in `serde_json`.
        Kind::Number(literal) => json5::from_str(literal).unwrap(),
        Kind::String(s) => (**s).into(),
        Kind::Array(items) => items.iter().map(to_serde).collect(),
        Kind::Object(members) => members
            .iter()
            .map(|m| (m.name.value.to_string(), to_serde(&m.value)))
            .collect(),
    }
}

fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec![
            "null",
            "true",
            "false",
            "0",
            "-0",
            "+0",
            "1.",
            ".5",
            "-.5e3",
            "+7",
            "0x1F",
            "-0xff",
            "0XabcDEF",
            "1e3",
            "1E-3",
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775808",
            "0.1",
            "Infinity",
            "-Infinity",
            "NaN",
        ])
        .prop_map(str::to_owned),
        any::<i64>().prop_map(|n| n.to_string()),
        string(),
    ]
}

fn string() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => "[ a-z0-9äß😀\u{2028}]{0,4}",
        1 => select(vec![
            "\\n", "\\t", "\\0.", "\\v", "\\b", "\\x41", "\\u00e9", "\\ud83d\\ude00", "\\\n", "\\\r\n", "\\\r", "\\\u{2028}", "\\a",
            "\\'", "\\\"", "\\\\", "\\/", "\t", "\u{1}", "//", "/*",
        ])
        .prop_map(str::to_owned),
    ];
    (vec(part, 0..5), any::<bool>()).prop_map(|(parts, single)| {
        let quote = if single { '\'' } else { '"' };
        format!("{quote}{}{quote}", parts.concat())
    })
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z_$][a-zA-Z0-9_$]{0,5}",
        select(vec![
            "null",
            "true",
            "Infinity",
            "\\u0061b",
            "ünïcode",
            "a\u{200C}b",
            "a\\u0062",
            "日本"
        ])
        .prop_map(str::to_owned),
        string(),
    ]
}

fn gap() -> impl Strategy<Value = String> {
    select(vec![
        "",
        "",
        "",
        " ",
        "\n",
        "\r",
        "\u{b}",
        "\u{c}",
        "\u{A0}",
        "\u{FEFF}",
        "\u{2028}",
        "\u{3000}",
        "// c\n",
        "// c\r",
        "// c\u{2029}",
        "//\r\n",
        "/* c */",
        "/**/",
        "/*\n*/",
    ])
    .prop_map(str::to_owned)
}

/// A JSON5 text without errors, apart from names that may stand twice.
fn text() -> impl Strategy<Value = String> {
    let value = scalar().prop_recursive(4, 24, 5, |inner| {
        let item = (gap(), inner.clone(), gap()).prop_map(|(a, value, b)| format!("{a}{value}{b}"));
        let member = (gap(), name(), gap(), gap(), inner, gap())
            .prop_map(|(a, name, b, c, value, d)| format!("{a}{name}{b}:{c}{value}{d}"));
        let list = |brackets: (char, char), items: BoxedStrategy<String>| {
            (vec(items, 0..5), any::<bool>(), gap()).prop_map(move |(items, trailing, end)| {
                let comma = if trailing && !items.is_empty() { "," } else { "" };
                format!("{}{}{comma}{end}{}", brackets.0, items.join(","), brackets.1)
            })
        };
        prop_oneof![list(('[', ']'), item.boxed()), list(('{', '}'), member.boxed())]
    });
    (gap(), value, gap()).prop_map(|(a, value, b)| a + &value + &b)
}

/// A JSON5 text with a few mistakes.
fn mutated() -> impl Strategy<Value = String> {
    let morsels = vec![
        ",",
        ":",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        "\\",
        "\n",
        "/",
        "/*",
        "#",
        "+",
        "-",
        "00",
        "01",
        "0x",
        "0xg",
        "1e",
        ".",
        "1.2.3",
        "1-2",
        "+-1",
        "+-NaN",
        "++Infinity",
        "NaNs",
        "nullx",
        "True",
        "undefined",
        "a b",
        "\\u12",
        "\\u0020a",
        "'\\1'",
        "'\\01'",
        "'\\u12'",
        "'\\xg'",
        "'\\ud800'",
        "'a\nb'",
        "\u{0}",
        "\u{85}",
        "\u{200B}",
        "a-b",
        "a/b",
        "1a",
        "😀",
        "0x1ffffffffffffffffffffffffffffffffff",
    ];
    let change = (any::<prop::sample::Index>(), 0..4_usize, select(morsels));
    (text(), vec(change, 1..4)).prop_map(|(text, changes)| {
        let mut parts: Vec<String> = pieces(&text, Flavour::Json5)
            .iter()
            .map(|piece| piece.of(&text).to_owned())
            .collect();
        for (index, what, morsel) in changes {
            if parts.is_empty() {
                continue;
            }
            let i = index.index(parts.len());
            match what {
                0 => drop(parts.remove(i)),
                1 => parts.insert(i, parts[i].clone()),
                2 => parts.insert(i, morsel.to_owned()),
                _ => parts[i] = morsel.to_owned(),
            }
        }
        parts.concat()
    })
}

/// Both take `text`, as the same value, or both refuse it. Names that stand twice the crate takes; we do not.
#[track_caller]
fn both_say_the_same(text: &str) {
    let ours = parse(SourceId(0), text, Flavour::Json5);
    let crates = json5::from_str::<serde_json::Value>(text);
    let sound = ours
        .errors
        .iter()
        .all(|error| error.kind == SyntaxErrorKind::DuplicateName);
    match crates {
        Ok(value) => {
            assert!(sound, "the crate takes {text:?}: {:?}", ours.errors);
            if ours.errors.is_empty() {
                assert_eq!(to_serde(&ours.root.unwrap()), value, "{text:?}");
            }
        }
        Err(error) => assert!(!sound, "the crate refuses {text:?}: {error}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn right_texts_are_read_as_the_crate_reads_them(text in text()) {
        let errors = parse(SourceId(0), &text, Flavour::Json5).errors;
        let syntax = errors.iter().find(|error| error.kind != SyntaxErrorKind::DuplicateName);
        prop_assert_eq!(syntax, None);
        both_say_the_same(&text);
    }

    #[test]
    fn wrong_texts_are_refused_when_the_crate_refuses_them(text in mutated()) {
        both_say_the_same(&text);
    }
}

#[test]
fn numbers_are_handed_on_as_json_writes_them() {
    for (written, read) in [
        ("0x1F", "31"),
        ("-0xff", "-255"),
        ("+7", "7"),
        (".5", "0.5"),
        ("5.", "5.0"),
        ("1e3", "1e3"),
        ("-0", "-0"),
        ("+0", "0"),
        ("NaN", "NaN"),
        ("-Infinity", "-Infinity"),
    ] {
        let root = parse(SourceId(0), written, Flavour::Json5).root.unwrap();
        assert_eq!(root.as_number(), Some(read), "{written}");
    }
}
