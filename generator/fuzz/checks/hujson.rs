//! What holds for any bytes taken as HuJSON or JSON5.

use tailnet_generator::hujson::edit::{apply, insert, remove};
use tailnet_generator::hujson::lex::{PieceKind, pieces, print};
use tailnet_generator::hujson::{Flavour, Kind, Parsed, SyntaxErrorKind, Value, format, parse};
use tailnet_generator::input::{Inputs, Origin};
use tailnet_generator::source::SourceId;

/// Panics when something does not hold for `bytes`.
pub(crate) fn check(bytes: &[u8]) {
    for flavour in [Flavour::Hujson, Flavour::Json5] {
        let mut findings = Vec::new();
        Inputs::default().read("fuzz", bytes, Origin::File, flavour, "", &mut findings);
        if let Ok(text) = std::str::from_utf8(bytes) {
            check_text(text, flavour);
        }
    }
}

fn read(text: &str, flavour: Flavour) -> Parsed {
    parse(SourceId(0), text, flavour)
}

fn check_text(text: &str, flavour: Flavour) {
    assert_eq!(print(text, &pieces(text, flavour)), text, "the pieces are not the text");

    let parsed = read(text, flavour);
    let mut last = 0;
    for error in &parsed.errors {
        assert!(
            text.get(error.span.range()).is_some() && error.span.start >= last,
            "a wrong place: {error:?}"
        );
        last = error.span.start;
        if let Some(fix) = &error.fix {
            apply(text, &fix.edits).expect("what is proposed can be done");
        }
    }
    assert!(
        parsed.root.is_some() || !parsed.errors.is_empty(),
        "neither a tree nor an error"
    );
    if flavour == Flavour::Json5 {
        check_against_crate(text, &parsed);
    }

    let formatted = format(text, flavour);
    assert_eq!(
        formatted.is_ok(),
        parsed.errors.is_empty(),
        "formatted in spite of errors, or not without"
    );
    let (Ok(formatted), Some(root)) = (formatted, parsed.root) else {
        return;
    };
    let again = format(&formatted, flavour).expect("what is formatted has no errors");
    assert_eq!(again, formatted, "formatting is not idempotent");
    let meaning = read(&formatted, flavour).root.expect("what is formatted has a value");
    assert!(
        same(&root, &meaning),
        "formatting changes the meaning:\n{text}\n{formatted}"
    );
    assert_eq!(
        comments(text, flavour),
        comments(&formatted, flavour),
        "formatting changes comments"
    );

    check_changes(text, flavour, &root);
}

/// Taking out and putting in, at the text's own value, gives texts without errors.
fn check_changes(text: &str, flavour: Flavour, root: &Value) {
    let count = match &root.kind {
        Kind::Array(items) => items.len(),
        Kind::Object(members) => members.len(),
        _ => return,
    };
    let new = if root.as_object().is_some() {
        "\"a name of this check\": null"
    } else {
        "null"
    };
    for index in [0, count / 2, count] {
        let edits = insert(text, flavour, root, index, new).expect("room for one more");
        let more = apply(text, &edits).expect("what is made here can be done");
        let parsed = read(&more, flavour);
        assert_eq!(parsed.errors, [], "putting in breaks the text:\n{text}\n{more}");
        if let Some(edits) = remove(text, flavour, root, &[index]) {
            let less = apply(text, &edits).expect("what is made here can be done");
            let parsed = read(&less, flavour);
            assert_eq!(parsed.errors, [], "taking out breaks the text:\n{text}\n{less}");
        }
    }
}

/// The crate `json5` takes what we take. It recurses, so only what is shallow is shown to it.
fn check_against_crate(text: &str, parsed: &Parsed) {
    if text.matches(['[', '{']).count() > 100 {
        return;
    }
    let sound = parsed
        .errors
        .iter()
        .all(|error| error.kind == SyntaxErrorKind::DuplicateName);
    let theirs = json5::from_str::<serde_json::Value>(text);
    // Numbers that only become infinite when they are read are no numbers for us.
    let infinite = parsed.errors.iter().any(|error| error.message.contains("number"));
    assert!(
        sound == theirs.is_ok() || infinite,
        "the crate says {theirs:?} to {text:?}, we {:?}",
        parsed.errors
    );
}

/// Whether two trees say the same, wherever it stands.
fn same(a: &Value, b: &Value) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::Array(a), Kind::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Kind::Object(a), Kind::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .zip(b)
                    .all(|(a, b)| a.name == b.name && same(&a.value, &b.value))
        }
        (a, b) => a == b,
    }
}

/// The comments of a text, in order, each line without the space around it.
fn comments(text: &str, flavour: Flavour) -> Vec<Vec<String>> {
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
