//! Pages as they are shown.

use insta::assert_snapshot;

use super::*;

const PAGE: Page = Page {
    code: Code(104),
    severity: Severity::Error,
    name: "undefined-tag",
    what: "A rule names a tag that `tagOwners` does not declare.",
    why: "headscale refuses the whole policy.\n\nA tag exists only where somebody owns it, so that not everybody can \
          give it to a node.",
    wrong: Example::Policy {
        text: "{\"acls\": [\"tag:nope\"]}\n//         ^^^^^^^^^^\n",
        topology: Some("{\"nodes\": []}"),
        dialect: "0.30",
    },
    right: Example::Declaration("{\n  nodes: {},\n\n  // ``` \n}"),
};

#[test]
fn a_page_on_a_terminal() {
    assert_snapshot!(explain(&PAGE, 60));
}

#[test]
fn a_page_in_the_document() {
    assert_snapshot!(page_markdown(&PAGE));
}

#[test]
fn every_code_has_a_chapter() {
    for page in codes::all() {
        assert_ne!(chapter(page.code), "", "{}", page.code);
    }
}

#[test]
fn the_list_and_the_document_name_every_code() {
    let (list, document) = (list(100), markdown());
    for page in codes::all() {
        assert!(list.contains(&format!("  {}  ", page.code)), "{}", page.code);
        assert!(document.contains(&format!("(#{})", anchor(page))), "{}", page.code);
        assert!(
            document.contains(&format!("<a id=\"{}\"></a>", anchor(page))),
            "{}",
            page.code
        );
    }
}

#[test]
fn the_list_keeps_to_its_width() {
    let list = list(70);
    let longest = list.lines().max_by_key(|line| line.chars().count()).unwrap();
    // What has no room beside the names gets 30 columns all the same.
    let names = codes::all().map(|page| page.name.len()).max().unwrap();
    assert!(longest.chars().count() <= 70.max(names + 20 + 30), "{longest}");
}

#[test]
fn words_are_wrapped_and_paragraphs_kept() {
    assert_eq!(
        wrap("aa bb cc\ndd\n\nverylongword e", 5),
        "aa bb\ncc dd\n\nverylongword\ne"
    );
    assert_eq!(wrap("", 5), "");
}

#[test]
fn a_mistyped_code_or_name_finds_its_neighbour() {
    let near = |name: &str| nearest(name).map(|page| page.code);
    assert_eq!(near("TN1O2"), Some(Code(102)));
    assert_eq!(near("invalid-utf-8"), Some(Code(102)));
    assert_eq!(near("a long story about something else entirely"), None);
    assert_eq!(near(""), None);
}

#[test]
fn codes_are_found_by_number_and_name() {
    for name in ["TN102", "tn102", " 102 ", "invalid-utf8"] {
        assert_eq!(codes::find(name).map(|page| page.code), Some(Code(102)), "{name}");
    }
    for name in ["", "TN", "TN9999999", "TN99", "-102", "+102"] {
        assert!(codes::find(name).is_none(), "{name}");
    }
}
