//! Every form, on made-up findings.

use insta::assert_snapshot;

use super::human::Style;
use super::*;
use crate::diagnostics::{Code, Edit, Example, Fix, Page};
use crate::input::Input;
use crate::source::{LineIndex, SourceId};

const PAGE: Page = Page {
    code: Code(104),
    severity: Severity::Error,
    name: "undefined-tag",
    what: "",
    why: "",
    wrong: Example::Declaration(""),
    right: Example::Declaration(""),
};

const LINT: Page = Page {
    code: Code(901),
    severity: Severity::Warning,
    ..PAGE
};

const POLICY: &str = r#"{
  "tagOwners": {
    "tag:web": ["group:admins"], // the front
  },

  // everything else
  "acls": [
    {"action": "accept", "src": ["tag:wbe"], "dst": ["*:*"]},
    {
      "action": "accept",
      "src": ["tag:web"],
      "dst": ["tag:web:22"],
    },
  ],
}
"#;

fn inputs(text: &str) -> Inputs {
    let mut inputs = Inputs::default();
    inputs.push(Input {
        name: "policy.hujson".to_owned(),
        origin: Origin::File,
        flavour: crate::hujson::Flavour::Hujson,
        text: text.to_owned(),
        lines: LineIndex::new(text),
        tree: None,
        prefix: String::new(),
    });
    inputs
}

fn at(text: &str, needle: &str) -> Span {
    let start = text.find(needle).unwrap();
    Span::new(SourceId(0), start as u32, (start + needle.len()) as u32)
}

fn human(inputs: &Inputs, diagnostics: &[Diagnostic], style: Style) -> String {
    let mut out = Vec::new();
    human::write(&mut out, inputs, diagnostics, style).unwrap();
    String::from_utf8(out).unwrap()
}

/// A finding with everything that a finding can have.
fn full() -> Diagnostic {
    let wrong = at(POLICY, "\"tag:wbe\"");
    Diagnostic::new(&PAGE, wrong, "tag not found: \"tag:wbe\"")
        .label("no owner declares it")
        .related(at(POLICY, "\"tag:web\""), "a tag with a similar name")
        .help("declare it in `tagOwners`")
        .fix(Fix {
            title: "write \"tag:web\"".to_owned(),
            edits: vec![Edit {
                span: wrong,
                text: "\"tag:web\"".to_owned(),
            }],
            safe: false,
        })
}

#[test]
fn a_finding_with_everything() {
    let inputs = inputs(POLICY);
    assert_snapshot!(human(&inputs, &[full()], Style::default()));
}

#[test]
fn near_places_share_an_excerpt_and_rules_are_shown_whole() {
    let inputs = inputs(POLICY);
    let rule = POLICY.get(POLICY.find("    {\n").unwrap() + 4..).unwrap();
    let rule = at(POLICY, rule.get(..=rule.find('}').unwrap()).unwrap());
    let finding = Diagnostic::new(&LINT, rule, "a rule that another one covers").related(
        at(
            POLICY,
            "{\"action\": \"accept\", \"src\": [\"tag:wbe\"], \"dst\": [\"*:*\"]}",
        ),
        "this one",
    );
    assert_snapshot!(human(&inputs, &[finding], Style::default()));
}

#[test]
fn several_edits_and_insertions_are_shown_as_one_change() {
    let inputs = inputs(POLICY);
    let end = at(POLICY, "\"tag:web\"],\n      \"dst\"");
    let finding = Diagnostic::new(&PAGE, at(POLICY, "\"tag:web:22\""), "example").fix(Fix {
        title: "open another port too".to_owned(),
        edits: vec![
            Edit {
                span: Span::new(SourceId(0), end.start, end.start),
                text: "\"tag:db\", ".to_owned(),
            },
            Edit {
                span: at(POLICY, "\"tag:web:22\""),
                text: "\"tag:web:22,23\"".to_owned(),
            },
        ],
        safe: true,
    });
    assert_snapshot!(human(&inputs, &[finding], Style::default()));
}

#[test]
fn colours_only_when_asked() {
    let inputs = inputs(POLICY);
    let plain = human(&inputs, &[full()], Style::default());
    assert!(!plain.contains('\u{1b}'));
    let style = Style {
        colour: true,
        ..Style::default()
    };
    let coloured = human(&inputs, &[full()], style);
    assert!(coloured.contains("\u{1b}[1m\u{1b}[91merror[TN104]"), "{coloured:?}");
}

#[test]
fn escape_sequences_in_the_input_do_not_reach_the_terminal() {
    let text = "{\"\u{1b}]0;owned\u{7}\": 1}";
    let inputs = inputs(text);
    let finding = Diagnostic::new(
        &PAGE,
        at(text, "\"\u{1b}]0;owned\u{7}\""),
        "unknown field \"\u{1b}[2J\"",
    )
    .label("\u{1b}[2J")
    .help("\u{1b}[2J")
    .fix(Fix {
        title: "\u{1b}[2J".to_owned(),
        edits: Vec::new(),
        safe: false,
    });
    let shown = human(&inputs, &[finding], Style::default());
    assert!(!shown.contains(['\u{1b}', '\u{7}']), "{shown:?}");
}

#[test]
fn a_line_of_a_hundred_megabytes_is_clipped_and_its_column_exact() {
    let text = format!(
        "{{\"ä\": \"{}<here>{}\"}}",
        "x".repeat(50_000_000),
        "y".repeat(50_000_000)
    );
    let inputs = inputs(&text);
    let here = at(&text, "<here>");
    let whole = Span::new(SourceId(0), 7, text.len() as u32 - 1);
    let message = format!("endless {}", text.get(whole.range()).unwrap());
    let begun = std::time::Instant::now();
    let shown = human(
        &inputs,
        &[
            Diagnostic::new(&PAGE, here, "here"),
            Diagnostic::new(&PAGE, whole, message),
        ],
        Style::default(),
    );
    assert!(shown.contains("policy.hujson:1:50000008"), "{shown}");
    assert!(shown.len() < 6_000, "{} bytes", shown.len());
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
    assert_snapshot!(shown.lines().take(6).collect::<Vec<_>>().join("\n"));
}

#[test]
fn what_nix_handed_over_is_named_by_its_path() {
    let text = r#"{"policy":{"groups":{"group:a":["nobody"]}}}"#;
    let mut inputs = Inputs::default();
    inputs.push(Input {
        name: "declaration".to_owned(),
        origin: Origin::Nix,
        flavour: crate::hujson::Flavour::Hujson,
        text: text.to_owned(),
        lines: LineIndex::new(text),
        tree: None,
        prefix: "policy.groups".to_owned(),
    });
    let finding = Diagnostic::new(&PAGE, at(text, "\"nobody\""), "a user without `@`")
        .label("not a user")
        .related(at(text, "[\"nobody\"]"), "a member of this group");
    assert_snapshot!(human(&inputs, std::slice::from_ref(&finding), Style::default()));
    assert_snapshot!(serde_json::to_string_pretty(&json::Report::new(&inputs, &[finding])).unwrap());
}

#[test]
fn a_finding_without_a_place() {
    let finding = Diagnostic::without_place(&PAGE, "cannot read policy.hujson: no such file").help("check the name");
    assert_snapshot!(human(&Inputs::default(), &[finding], Style::default()));
}

#[test]
fn an_empty_span_at_the_end_of_an_empty_text() {
    let inputs = inputs("");
    let finding = Diagnostic::new(&PAGE, Span::new(SourceId(0), 0, 0), "unexpected end of the text");
    assert_snapshot!(human(&inputs, &[finding], Style::default()));
}

#[test]
fn spans_outside_the_text_or_inside_a_character_do_no_harm() {
    let text = "ä\nö";
    let inputs = inputs(text);
    for (start, end) in [(0, 1), (1, 2), (1, 9), (7, 9), (9, 3), (2, 3), (3, 3), (4, 5), (5, 5)] {
        let finding = Diagnostic::new(&PAGE, Span::new(SourceId(0), start, end), "somewhere");
        let shown = human(&inputs, std::slice::from_ref(&finding), Style::default());
        assert!(shown.contains("somewhere"), "{shown}");
        serde_json::to_string(&json::Report::new(&inputs, &[finding])).unwrap();
    }
}

#[test]
fn only_so_many_are_shown_and_all_are_counted() {
    let inputs = inputs(POLICY);
    let findings = vec![full(); 7];
    let shown = human(
        &inputs,
        &findings,
        Style {
            limit: 2,
            ..Style::default()
        },
    );
    assert_eq!(shown.matches("error[TN104]").count(), 2);
    assert!(shown.contains("... and 5 more"), "{shown}");
    assert!(
        shown.ends_with("7 errors; more about it: tailnet explain TN104\n"),
        "{shown}"
    );
}

#[test]
fn the_json_form() {
    let inputs = inputs(POLICY);
    assert_snapshot!(serde_json::to_string_pretty(&json::Report::new(&inputs, &[full()])).unwrap());
}

#[test]
fn the_markdown_form() {
    let inputs = inputs(POLICY);
    let mut out = Vec::new();
    let lint = Diagnostic::new(
        &LINT,
        at(POLICY, "\"*:*\""),
        "opens `everything` to <everyone> *always*",
    );
    markdown::write(&mut out, &inputs, &[full(), lint], "tailnet check").unwrap();
    assert_snapshot!(String::from_utf8(out).unwrap());
}

#[test]
fn backticks_cannot_leave_a_code_block() {
    assert_eq!(markdown::code("a`b``"), "``` a`b`` ```");
    assert_eq!(markdown::fence("x ```` y"), "`````");
}

#[test]
fn findings_are_sorted_by_place_then_code_and_never_repeated() {
    let spot = |start, page| Diagnostic::new(page, Span::new(SourceId(0), start, start + 1), "x");
    let nowhere = Diagnostic::without_place(&PAGE, "x");
    let mut list = vec![
        spot(5, &LINT),
        spot(5, &PAGE),
        spot(2, &LINT),
        nowhere.clone(),
        spot(5, &PAGE),
    ];
    normalise(&mut list);
    assert_eq!(list, [nowhere, spot(2, &LINT), spot(5, &PAGE), spot(5, &LINT)]);
}

#[test]
fn the_summary_counts_in_words() {
    let text = |errors, warnings| Counts { errors, warnings }.to_string();
    assert_eq!(text(2, 1), "2 errors, 1 warning");
    assert_eq!(text(0, 3), "3 warnings");
    assert_eq!(text(1, 0), "1 error");
    assert_eq!(text(0, 0), "nothing to report");
}
