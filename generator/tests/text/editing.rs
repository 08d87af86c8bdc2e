//! Changes of a text in places.

use crate::make::{Tree, comments, hujson, no_liberties, tree, write};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use tailnet_generator::hujson::edit::{apply, insert, quote, remove, rename};
use tailnet_generator::hujson::{Flavour, Value, parse};
use tailnet_generator::source::SourceId;

fn read(text: &str) -> Value {
    let parsed = parse(SourceId(0), text, Flavour::Hujson);
    assert_eq!(parsed.errors, [], "{text}");
    parsed.root.unwrap()
}

/// The arrays and objects of a tree, outer ones first.
fn containers(value: &Value) -> Vec<&Value> {
    let mut out = Vec::new();
    let mut todo = vec![value];
    while let Some(value) = todo.pop() {
        if let Some(items) = value.as_array() {
            out.push(value);
            todo.extend(items);
        }
        if let Some(members) = value.as_object() {
            out.push(value);
            todo.extend(members.iter().map(|member| &member.value));
        }
    }
    out
}

/// What an array or object holds, with the names if it has any.
type Items = Vec<(Option<String>, Tree)>;

/// The tree of `root` after `change` of the items of `place`.
fn changed(root: &Value, place: &Value, change: &dyn Fn(&mut Items)) -> Tree {
    let array = |items: &[Value]| -> Items { items.iter().map(|item| (None, changed(item, place, change))).collect() };
    let mut items = match (root.as_array(), root.as_object()) {
        (Some(items), _) => array(items),
        (_, Some(members)) => members
            .iter()
            .map(|m| (Some(m.name.value.to_string()), changed(&m.value, place, change)))
            .collect(),
        _ => return Tree::from(root),
    };
    if root.span == place.span {
        change(&mut items);
    }
    if root.as_array().is_some() {
        Tree::Array(items.into_iter().map(|(_, tree)| tree).collect())
    } else {
        Tree::Object(items.into_iter().map(|(name, tree)| (name.unwrap(), tree)).collect())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn taking_out_leaves_the_rest_as_it_was(text in hujson(), which in any::<Index>(), indices in vec(0..7_usize, 1..4)) {
        let root = read(&text);
        let places = containers(&root);
        prop_assume!(!places.is_empty());
        let place = places[which.index(places.len())];
        let expected = changed(&root, place, &|items| {
            let mut i = 0;
            items.retain(|_| { i += 1; !indices.contains(&(i - 1)) });
        });
        match remove(&text, Flavour::Hujson, place, &indices) {
            Some(edits) => {
                let after = apply(&text, &edits).unwrap();
                prop_assert_eq!(Tree::from(&read(&after)), expected);
                // Comments go with what they comment on; none comes, none is torn, the order stays.
                let mut before = comments(&text, Flavour::Hujson).into_iter();
                for comment in comments(&after, Flavour::Hujson) {
                    prop_assert!(before.any(|other| other == comment), "{:?}", comment);
                }
            }
            None => prop_assert_eq!(Tree::from(&root), expected),
        }
    }

    #[test]
    fn putting_in_leaves_the_rest_as_it_was(text in hujson(), which in any::<Index>(), at in 0..7_usize, new in tree(), mut how in no_liberties()) {
        let root = read(&text);
        let places = containers(&root);
        prop_assume!(!places.is_empty());
        let place = places[which.index(places.len())];
        let name = "a name that no generated text has";
        let written = write(&new, &mut how);
        let json = written.trim();
        let json = if place.as_object().is_some() { format!("{}: {json}", quote(name)) } else { json.to_owned() };
        let expected = changed(&root, place, &|items| {
            let at = at.min(items.len());
            items.insert(at, (Some(name.to_owned()), new.clone()));
        });
        let edits = insert(&text, Flavour::Hujson, place, at, &json).unwrap();
        let after = apply(&text, &edits).unwrap();
        prop_assert_eq!(Tree::from(&read(&after)), expected);
        let mut kept = comments(&after, Flavour::Hujson).into_iter();
        for comment in comments(&text, Flavour::Hujson) {
            prop_assert!(kept.any(|other| other == comment), "lost {:?}", comment);
        }
    }

    #[test]
    fn taking_out_what_was_put_in_gives_the_meaning_back(text in hujson(), which in any::<Index>(), at in 0..7_usize) {
        let root = read(&text);
        let places = containers(&root);
        prop_assume!(!places.is_empty());
        let nth = which.index(places.len());
        let new = if places[nth].as_object().is_some() { "\"new name\": 1" } else { "1" };
        let more = apply(&text, &insert(&text, Flavour::Hujson, places[nth], at, new).unwrap()).unwrap();
        let root_of_more = read(&more);
        // The walk is the same: what was put in is no array or object.
        let place = containers(&root_of_more)[nth];
        let count = place.as_array().map_or_else(|| place.as_object().unwrap().len(), <[Value]>::len);
        let edits = remove(&more, Flavour::Hujson, place, &[at.min(count - 1)]).unwrap();
        prop_assert_eq!(Tree::from(&read(&apply(&more, &edits).unwrap())), Tree::from(&root));
    }

    #[test]
    fn renaming_changes_one_name(text in hujson(), new in any::<String>()) {
        let root = read(&text);
        let Some([first, ..]) = root.as_object() else { return Ok(()) };
        let after = apply(&text, &[rename(first.name.span, &new)]).unwrap();
        let parsed = parse(SourceId(0), &after, Flavour::Hujson);
        let members = parsed.root.as_ref().unwrap().as_object().unwrap();
        prop_assert_eq!(&*members[0].name.value, new.as_str());
    }
}
