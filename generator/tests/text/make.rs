//! Generators: trees, and texts that say them with every liberty the grammar gives.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tailnet_generator::hujson::lex::{PieceKind, pieces};
use tailnet_generator::hujson::{Flavour, Kind, Value};

/// What a text says, without places: what is compared.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    Null,
    Bool(bool),
    Number(String),
    String(String),
    Array(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl From<&Value> for Tree {
    fn from(value: &Value) -> Self {
        match &value.kind {
            Kind::Null => Self::Null,
            Kind::Bool(b) => Self::Bool(*b),
            Kind::Number(n) => Self::Number(n.to_string()),
            Kind::String(s) => Self::String(s.to_string()),
            Kind::Array(items) => Self::Array(items.iter().map(Self::from).collect()),
            Kind::Object(members) => Self::Object(
                members
                    .iter()
                    .map(|m| (m.name.value.to_string(), Self::from(&m.value)))
                    .collect(),
            ),
        }
    }
}

/// Any tree, a few levels deep, names of an object different from each other.
pub(crate) fn tree() -> impl Strategy<Value = Tree> {
    let number = prop_oneof![
        any::<i32>().prop_map(|n| n.to_string()),
        "-?(0|[1-9][0-9]{0,3})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,2})?",
    ];
    let leaf = prop_oneof![
        Just(Tree::Null),
        any::<bool>().prop_map(Tree::Bool),
        number.prop_map(Tree::Number),
        text().prop_map(Tree::String),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Tree::Array),
            vec((text(), inner), 0..6).prop_map(|members| {
                let mut kept: Vec<(String, Tree)> = Vec::new();
                for (name, value) in members {
                    if !kept.iter().any(|(other, _)| *other == name) {
                        kept.push((name, value));
                    }
                }
                Tree::Object(kept)
            }),
        ]
    })
}

/// Any decoded string: what policies hold, and anything else.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "(group|tag|autogroup):[a-z]{1,8}|[a-z]{1,6}@|10\\.0\\.0\\.[0-9]{1,2}(/[0-9]{1,2})?|[a-zA-Z]{0,12}",
        1 => any::<String>(),
        1 => "[\"\\\\/\u{0}-\u{1f}\u{7f}\u{2028}😀ä]{0,6}",
    ]
}

/// The liberties that a text takes, used up one after the other: white space and comments between tokens, whether a
/// comma trails, how a string is escaped.
#[derive(Clone, Debug)]
pub(crate) struct Liberties {
    gaps: Vec<String>,
    choices: Vec<bool>,
    next_gap: usize,
    next_choice: usize,
}

impl Liberties {
    fn gap(&mut self) -> &str {
        let i = self.next_gap;
        self.next_gap += 1;
        self.gaps.get(i % self.gaps.len().max(1)).map_or("", String::as_str)
    }

    fn choose(&mut self) -> bool {
        let i = self.next_choice;
        self.next_choice += 1;
        self.choices
            .get(i % self.choices.len().max(1))
            .copied()
            .unwrap_or(false)
    }
}

fn gap() -> impl Strategy<Value = String> {
    let space = || select(vec!["", " ", "\n", "\t", "\n\n\n", "\r\n", "  \n\t", "    "]);
    let comment = prop_oneof![
        "[ -~äß€\t]{0,12}".prop_map(|text| format!("//{text}\n")),
        "[ -~ä\t]{0,12}".prop_map(|text| format!("/*{}*/", text.replace("*/", "* /"))),
        "[ -~ä\n\t*]{0,16}".prop_map(|text| format!("/*{}*/", text.replace("*/", "* /"))),
        Just("/*\n * one\n * two\n */".to_owned()),
        Just("//\r\n".to_owned()),
    ];
    let commented = vec((space(), comment), 0..3).prop_map(|parts| {
        let mut out = String::new();
        for (space, comment) in parts {
            out.push_str(space);
            out.push_str(&comment);
        }
        out
    });
    (commented, space()).prop_map(|(comments, space)| comments + space)
}

pub(crate) fn liberties() -> impl Strategy<Value = Liberties> {
    (vec(gap(), 0..30), vec(any::<bool>(), 0..20)).prop_map(|(gaps, choices)| Liberties {
        gaps,
        choices,
        next_gap: 0,
        next_choice: 0,
    })
}

/// Liberties without comments, trailing commas and escapes beyond the necessary: plain JSON comes out.
pub(crate) fn no_liberties() -> impl Strategy<Value = Liberties> {
    vec(select(vec!["", " ", "\n", "\r\n\t"]), 0..10).prop_map(|gaps| Liberties {
        gaps: gaps.into_iter().map(str::to_owned).collect(),
        choices: Vec::new(),
        next_gap: 0,
        next_choice: 0,
    })
}

/// A HuJSON text that says `tree`.
pub(crate) fn write(tree: &Tree, liberties: &mut Liberties) -> String {
    let mut out = String::new();
    out.push_str(liberties.gap());
    write_value(tree, liberties, &mut out);
    out.push_str(liberties.gap());
    out
}

fn write_value(tree: &Tree, liberties: &mut Liberties, out: &mut String) {
    match tree {
        Tree::Null => out.push_str("null"),
        Tree::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Tree::Number(n) => out.push_str(n),
        Tree::String(s) => write_string(s, liberties, out),
        Tree::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i > 0 { "," } else { "" });
                out.push_str(liberties.gap());
                write_value(item, liberties, out);
                out.push_str(liberties.gap());
            }
            close(items.is_empty(), ']', liberties, out);
        }
        Tree::Object(members) => {
            out.push('{');
            for (i, (name, value)) in members.iter().enumerate() {
                out.push_str(if i > 0 { "," } else { "" });
                out.push_str(liberties.gap());
                write_string(name, liberties, out);
                out.push_str(liberties.gap());
                out.push(':');
                out.push_str(liberties.gap());
                write_value(value, liberties, out);
                out.push_str(liberties.gap());
            }
            close(members.is_empty(), '}', liberties, out);
        }
    }
}

fn close(empty: bool, bracket: char, liberties: &mut Liberties, out: &mut String) {
    if empty {
        out.push_str(liberties.gap());
    } else if liberties.choose() {
        out.push(',');
        out.push_str(liberties.gap());
    }
    out.push(bracket);
}

fn write_string(text: &str, liberties: &mut Liberties, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' if !liberties.choose() => out.push_str("\\n"),
            '\t' if !liberties.choose() => out.push_str("\\t"),
            '/' if liberties.choose() => out.push_str("\\/"),
            c if c < ' ' || liberties.choose() => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A HuJSON text without errors.
pub(crate) fn hujson() -> impl Strategy<Value = String> {
    (tree(), liberties()).prop_map(|(tree, mut liberties)| write(&tree, &mut liberties))
}

/// A text with a few mistakes: pieces of a right one left out, doubled, exchanged or replaced.
pub(crate) fn mutated() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), 0..5_usize, select(MORSELS.to_vec()));
    (hujson(), vec(change, 1..5)).prop_map(|(text, changes)| {
        let mut parts: Vec<String> = pieces(&text, Flavour::Hujson)
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
                3 => parts[i] = morsel.to_owned(),
                _ => {
                    // Cut inside a piece, at a character.
                    let half = parts[i].chars().count() / 2;
                    parts[i] = parts[i].chars().take(half).collect();
                }
            }
        }
        parts.concat()
    })
}

/// What people and programs write where it does not belong.
const MORSELS: &[&str] = &[
    ",",
    ",,",
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
    "//",
    "/*",
    "*/",
    "#",
    "# note\n",
    "'a'",
    "a",
    "=",
    ";",
    "+1",
    "01",
    ".5",
    "1.",
    "0x10",
    "NaN",
    "True",
    "nul",
    "-",
    "\u{FEFF}",
    "\u{A0}",
    "\u{2028}",
    "\u{0}",
    "\"\\u12\"",
    "\"\\ud800\"",
    "\"\\ud83d\\ude00\"",
    "\"\\x\"",
    "\"a\tb\"",
    "`",
    "\"a\": 1",
    "[]",
    "null",
    "😀",
    "1e5",
    "\r",
];

/// The comments of a text, in order, as far as formatting may not change them: each line without the space around it.
pub(crate) fn comments(text: &str, flavour: Flavour) -> Vec<Vec<String>> {
    pieces(text, flavour)
        .iter()
        .filter(|piece| matches!(piece.kind, PieceKind::LineComment | PieceKind::BlockComment))
        .map(|piece| {
            piece
                .of(text)
                .trim_end()
                .split('\n')
                .map(|line| line.trim().to_owned())
                .collect()
        })
        .collect()
}
