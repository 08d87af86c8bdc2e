//! Reading and writing back.

use crate::make::{Tree, hujson, liberties, mutated, no_liberties, tree, write};
use proptest::prelude::*;
use tailnet_generator::hujson::lex::{pieces, print};
use tailnet_generator::hujson::{Flavour, Value, parse};
use tailnet_generator::source::SourceId;

/// The pieces of `text` follow each other without gap or overlap from its beginning to its end, none empty; put
/// together they are the text.
#[track_caller]
fn is_lossless(text: &str) {
    for flavour in [Flavour::Hujson, Flavour::Json5] {
        let pieces = pieces(text, flavour);
        let mut at = 0;
        for piece in &pieces {
            assert_eq!(piece.start, at, "a gap or an overlap");
            assert!(piece.end > piece.start, "an empty piece");
            at = piece.end;
        }
        assert_eq!(at as usize, text.len());
        assert_eq!(print(text, &pieces), text);
    }
}

/// The text under every value and name, read by itself, is that value or name.
fn places_are_right(text: &str, value: &Value) {
    let under = |span: tailnet_generator::source::Span| parse(SourceId(0), &text[span.range()], Flavour::Hujson);
    assert_eq!(under(value.span).root.as_ref().map(Tree::from), Some(Tree::from(value)));
    for item in value.as_array().unwrap_or_default() {
        assert!(value.span.encloses(item.span));
        places_are_right(text, item);
    }
    for member in value.as_object().unwrap_or_default() {
        let name = under(member.name.span).root;
        assert_eq!(name.as_ref().and_then(Value::as_str), Some(&*member.name.value));
        places_are_right(text, &member.value);
    }
}

proptest! {
    #[test]
    fn printing_the_pieces_gives_the_text(text in hujson()) {
        is_lossless(&text);
    }

    #[test]
    fn printing_the_pieces_gives_any_text(text in prop_oneof![mutated(), any::<String>(), "[\"'{}\\[\\]:,/*\\\\#a1 \n\r]{0,30}"]) {
        is_lossless(&text);
    }

    #[test]
    fn reading_gives_what_was_written(tree in tree(), mut liberties in liberties()) {
        let text = write(&tree, &mut liberties);
        let parsed = parse(SourceId(0), &text, Flavour::Hujson);
        prop_assert_eq!(&parsed.errors, &vec![]);
        let root = parsed.root.unwrap();
        prop_assert_eq!(Tree::from(&root), tree);
        places_are_right(&text, &root);
    }

    /// HuJSON is a part of JSON5, so the other grammar reads the same.
    #[test]
    fn json5_reads_hujson_the_same(text in hujson()) {
        let [hujson, json5] = [Flavour::Hujson, Flavour::Json5].map(|flavour| parse(SourceId(0), &text, flavour));
        prop_assert_eq!(json5.errors, vec![]);
        prop_assert_eq!(json5.root, hujson.root);
    }

    /// On plain JSON we agree with another parser.
    #[test]
    fn plain_json_is_read_as_serde_json_reads_it(tree in tree(), mut none in no_liberties()) {
        let text = write(&tree, &mut none);
        let root = parse(SourceId(0), &text, Flavour::Hujson).root.unwrap();
        let other: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(to_serde(&Tree::from(&root)), other);
    }
}

fn to_serde(tree: &Tree) -> serde_json::Value {
    match tree {
        Tree::Null => serde_json::Value::Null,
        Tree::Bool(b) => (*b).into(),
        Tree::Number(literal) => serde_json::from_str(literal).unwrap(),
        Tree::String(s) => s.as_str().into(),
        Tree::Array(items) => items.iter().map(to_serde).collect(),
        Tree::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), to_serde(value)))
            .collect(),
    }
}
