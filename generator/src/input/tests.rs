use super::*;
use crate::diagnostics::caret::{Text, check_with};
use crate::diagnostics::{Code, Diagnostic, Example};
use crate::hujson::Flavour;

/// Reads a marked HuJSON text and compares what is found with its marks.
#[track_caller]
fn check(marked: &str) -> Vec<Diagnostic> {
    check_with(
        &[Text {
            name: "policy.hujson",
            marked,
        }],
        |texts| {
            let mut inputs = Inputs::default();
            let mut findings = Vec::new();
            for (text, plain) in texts {
                inputs.read_policy(text.name, plain.clone(), "", &mut findings);
            }
            (inputs, findings)
        },
    )
}

/// Reads bytes as a policy: the codes found and whether a tree came out.
fn codes(bytes: impl Into<Vec<u8>>) -> (Vec<Code>, bool) {
    let mut findings = Vec::new();
    let id = Inputs::default().read_policy("policy.hujson", bytes, "", &mut findings);
    (findings.iter().map(|f| f.code).collect(), id.is_some())
}

#[test]
fn every_page_is_provoked_by_its_example() {
    for page in rules::PAGES {
        match page.wrong {
            Example::Policy { text, .. } => {
                let found = check(text);
                assert_eq!(found.len(), 1, "{}", page.code);
                assert_eq!(found[0].code, page.code);
            }
            Example::Input { open, .. } => {
                let mut findings = Vec::new();
                if let Some(bytes) = read_bytes("input", open(), &mut findings) {
                    Inputs::default().read_policy("input", bytes, "", &mut findings);
                }
                assert_eq!(findings.iter().map(|f| f.code).collect::<Vec<_>>(), [page.code]);
            }
            Example::Declaration(_) | Example::Host { .. } => unreachable!("no page of texts shows a declaration"),
        }
        let Example::Policy { text, .. } = page.right else {
            unreachable!("every page of texts is mended to a policy")
        };
        assert!(check(text).is_empty(), "{}", page.code);
    }
}

#[test]
fn nothing_at_all_is_no_policy_and_a_comment_alone_is_an_error() {
    assert_eq!(codes(""), (vec![], true));
    assert_eq!(codes("// nothing\n"), (vec![Code(100)], false));
    assert_eq!(codes(" \n"), (vec![Code(100)], false));
    let mut findings = Vec::new();
    let id = Inputs::default().read("cluster.json", "", Origin::File, Flavour::Hujson, "", &mut findings);
    assert_eq!((id, findings.len()), (None, 1));
}

#[test]
fn a_name_that_stands_twice_does_not_hinder_reading_on() {
    let mut inputs = Inputs::default();
    let mut findings = Vec::new();
    let id = inputs
        .read_policy("p", r#"{"a": 1, "b": 2, "a": 3}"#, "", &mut findings)
        .unwrap();
    assert_eq!(findings[0].code, Code(101));
    assert_eq!(inputs.text(findings[0].related[0].0), "\"a\"");
    let tree = inputs.get(id).unwrap().tree.as_ref().unwrap();
    assert_eq!(tree.get("a").unwrap().as_number(), Some("1"));
    assert_eq!(tree.as_object().unwrap().len(), 2);
}

#[test]
fn what_cannot_be_read_is_kept_for_showing() {
    let mut inputs = Inputs::default();
    let mut findings = Vec::new();
    assert_eq!(
        inputs.read_policy("p", b"{\"a\": \"\xff\xfe\"}".to_vec(), "", &mut findings),
        None
    );
    let span = findings[0].span.unwrap();
    assert_eq!(inputs.text(span), "\u{FFFD}");
    assert_eq!(inputs.line_column(span), Some(LineColumn { line: 1, column: 8 }));
}

#[test]
fn why_a_file_cannot_be_read_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let read = |path: &std::path::Path| {
        let mut findings = Vec::new();
        assert_eq!(Inputs::default().read_file(path, "", &mut findings), None);
        (findings[0].code, findings[0].message.clone())
    };
    let (code, message) = read(&folder.path().join("missing.hujson"));
    assert_eq!(code, Code(108));
    assert!(
        message.ends_with("missing.hujson\": there is no such file"),
        "{message}"
    );
    let (code, message) = read(folder.path());
    assert_eq!(code, Code(108));
    assert!(message.ends_with(": it is a directory"), "{message}");
}

#[test]
fn the_name_of_a_file_decides_its_grammar() {
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, "{name: 'x', count: +1}").unwrap();
        let mut findings = Vec::new();
        let id = Inputs::default().read_file(&path, "", &mut findings);
        (id.is_some(), findings.len())
    };
    assert_eq!(read("a.json5"), (true, 0));
    assert_eq!(read("a.JSON5"), (true, 0));
    assert_eq!(read("a.json"), (false, 4));
    assert_eq!(read("a.hujson"), (false, 4));
}
