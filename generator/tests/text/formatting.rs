//! The canonical form.

use crate::make::{Tree, comments, hujson, mutated, no_liberties, text, tree, write};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tailnet_generator::hujson::format::{TAB, WIDTH, format};
use tailnet_generator::hujson::lex::{PieceKind, pieces};
use tailnet_generator::hujson::{Flavour, parse};
use tailnet_generator::source::SourceId;

fn read(text: &str) -> Tree {
    let parsed = parse(SourceId(0), text, Flavour::Hujson);
    assert_eq!(parsed.errors, [], "{text}");
    Tree::from(&parsed.root.unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn formatting_twice_changes_nothing_more(text in hujson()) {
        let once = format(&text, Flavour::Hujson).unwrap();
        let twice = format(&once, Flavour::Hujson).unwrap();
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn formatting_keeps_the_meaning_and_every_comment_in_order(text in hujson()) {
        let formatted = format(&text, Flavour::Hujson).unwrap();
        prop_assert_eq!(read(&formatted), read(&text));
        prop_assert_eq!(comments(&formatted, Flavour::Hujson), comments(&text, Flavour::Hujson));
    }

    #[test]
    fn scalars_stay_as_they_are_written(text in hujson()) {
        let formatted = format(&text, Flavour::Hujson).unwrap();
        let scalars = |text: &str| -> Vec<String> {
            pieces(text, Flavour::Hujson)
                .iter()
                .filter(|piece| matches!(piece.kind, PieceKind::String | PieceKind::Word))
                .map(|piece| piece.of(text).to_owned())
                .collect()
        };
        prop_assert_eq!(scalars(&formatted), scalars(&text));
    }

    #[test]
    fn lines_are_clean(text in hujson()) {
        let formatted = format(&text, Flavour::Hujson).unwrap();
        prop_assert!(formatted.ends_with('\n') && !formatted.ends_with("\n\n"));
        // Outside comments, where blank lines are the writer's.
        let mut code = formatted.clone();
        for piece in pieces(&formatted, Flavour::Hujson).iter().rev().filter(|piece| piece.kind == PieceKind::BlockComment) {
            code.replace_range(piece.start as usize..piece.end as usize, "/**/");
        }
        prop_assert!(!code.contains("\n\n\n"), "{}", code);
        for line in formatted.lines() {
            prop_assert!(!line.ends_with([' ', '\t', '\r']), "{:?}", line);
        }
    }

    #[test]
    fn what_stands_on_one_line_fits(text in hujson()) {
        let formatted = format(&text, Flavour::Hujson).unwrap();
        let mut open = Vec::new();
        let mut commented = false;
        for piece in pieces(&formatted, Flavour::Hujson) {
            commented |= piece.kind.is_comment();
            match piece.kind {
                PieceKind::OpenBrace | PieceKind::OpenBracket => {
                    open.push(piece.start as usize);
                    commented = false;
                }
                PieceKind::CloseBrace | PieceKind::CloseBracket => {
                    let start = open.pop().unwrap();
                    let inside = &formatted[start..piece.end as usize];
                    if inside.contains('\n') || inside.len() == 2 {
                        continue;
                    }
                    prop_assert!(!commented, "a comment on one line with brackets: {}", inside);
                    let line = &formatted[formatted[..start].rfind('\n').map_or(0, |n| n + 1)..piece.end as usize];
                    let tabs = line.matches('\t').count();
                    prop_assert!(line.chars().count() + tabs * (TAB - 1) <= WIDTH, "{:?}", line);
                }
                _ => {}
            }
        }
    }

    /// Only line ends say anything about the layout; other white space does not.
    #[test]
    fn spaces_do_not_matter(text in hujson(), other in select(vec!["", " ", "\t  "])) {
        let changed: String = pieces(&text, Flavour::Hujson)
            .iter()
            .map(|piece| piece.of(&text))
            .map(|part| if part.trim().is_empty() && !part.contains('\n') { other } else { part })
            .collect();
        prop_assert_eq!(format(&changed, Flavour::Hujson).unwrap(), format(&text, Flavour::Hujson).unwrap());
    }

    /// An array of scalars is laid out by its width alone.
    #[test]
    fn line_ends_in_an_array_of_scalars_do_not_matter(items in vec(text(), 0..12), breaks in vec(any::<bool>(), 12)) {
        let items: Vec<String> = items.iter().map(|item| serde_json::Value::from(item.as_str()).to_string()).collect();
        let broken: String = items.iter().zip(&breaks).map(|(item, &b)| if b { format!("\n{item},") } else { format!("{item},") }).collect();
        let [one, many] = [format!("{{\"a\": [{}]}}", items.join(",")), format!("{{\"a\": [{}]}}", broken.trim_end_matches(','))];
        prop_assert_eq!(format(&one, Flavour::Hujson).unwrap(), format(&many, Flavour::Hujson).unwrap());
    }

    #[test]
    fn plain_json_stays_plain_json(tree in tree(), mut none in no_liberties()) {
        let text = write(&tree, &mut none);
        let formatted = format(&text, Flavour::Hujson).unwrap();
        let [before, after]: [serde_json::Value; 2] = [&text, &formatted].map(|t| serde_json::from_str(t).unwrap());
        prop_assert_eq!(before, after);
    }

    #[test]
    fn a_text_with_errors_is_refused(text in mutated()) {
        let errors = parse(SourceId(0), &text, Flavour::Hujson).errors;
        match format(&text, Flavour::Hujson) {
            Ok(formatted) => {
                prop_assert_eq!(errors, vec![]);
                prop_assert_eq!(read(&formatted), read(&text));
            }
            Err(refused) => {
                prop_assert!(!refused.is_empty());
                prop_assert_eq!(refused, errors);
            }
        }
    }
}
