use super::*;

/// The errors of a text: `start..end message`.
fn errors(text: &str, flavour: Flavour) -> Vec<String> {
    parse(SourceId(0), text, flavour)
        .errors
        .iter()
        .map(|e| format!("{}..{} {}", e.span.start, e.span.end, e.message))
        .collect()
}

#[track_caller]
fn refused(text: &str, expected: &[&str]) {
    assert_eq!(errors(text, Flavour::Hujson), expected, "{text}");
}

fn tree(text: &str) -> Value {
    let parsed = parse(SourceId(0), text, Flavour::Hujson);
    assert_eq!(parsed.errors, [], "{text}");
    parsed.root.unwrap()
}

#[test]
fn values_and_their_places() {
    let text = " // first\n{\"a\": [1, -2.5e+3, \"\\u00e9\\ud83d\\ude00\\n\",], /* x */ \"b\" : null, \"c\":true}\n";
    let root = tree(text);
    let under = |value: &Value| text.get(value.span.range()).unwrap();
    assert_eq!(under(&root), text.trim_start_matches(" // first\n").trim_end());
    let items = root.get("a").unwrap().as_array().unwrap();
    assert_eq!(items[1].as_number(), Some("-2.5e+3"));
    assert_eq!(items[2].as_str(), Some("é😀\n"));
    assert_eq!(under(&items[2]), "\"\\u00e9\\ud83d\\ude00\\n\"");
    let b = root.member("b").unwrap();
    assert!(b.value.is_null());
    assert_eq!(text.get(b.name.span.range()).unwrap(), "\"b\"");
    assert_eq!(root.get("c").unwrap().as_bool(), Some(true));
    assert_eq!(root.get("d"), None);
}

#[test]
fn mistakes_are_said_once_each_and_reading_goes_on() {
    refused(
        "[1 2, 3 4]",
        &[
            "3..4 expected `,` or `]`, found `2`",
            "8..9 expected `,` or `]`, found `4`",
        ],
    );
    refused("[1,,2]", &["3..4 expected a value or `]`, found `,`"]);
    refused(
        "{\"a\" 1, b: 2}",
        &[
            "5..6 expected `:` after the name, found `1`",
            "8..9 expected a name in double quotes, found `b`",
        ],
    );
    refused("{\"a\": [1, 2}", &["11..12 expected `,` or `]`, found `}`"]);
    refused("[1, 2", &["5..5 expected `,` or `]`, found the end of the text"]);
    refused("", &["0..0 expected a value, found the end of the text"]);
    refused("{} {}", &["3..4 expected the end of the text, found `{`"]);
}

#[test]
fn depth_is_bounded_and_exactly_so() {
    let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    assert_eq!(errors(&nested(MAX_DEPTH), Flavour::Hujson), [""; 0]);
    assert_eq!(
        errors(&nested(MAX_DEPTH + 1), Flavour::Hujson),
        ["1000..1001 expected at most 1000 values inside each other, found one more"]
    );
    assert_eq!(errors(&"[{\"a\":".repeat(1_000_000), Flavour::Hujson).len(), 1);
}
