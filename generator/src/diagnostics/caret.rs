//! The caret harness of the tests: an input says itself, in comments, what is found in it and where.
//!
//! ```hujson
//! {"acls": [{"action": "accept", "src": ["tag:nope"], "dst": ["*:*"]}]}
//! //                                     ^^^^^^^^^^ TN104: tag not found
//! ```
//!
//! A comment line that holds nothing but carets and words marks the text above the carets: the primary span of one
//! finding. Of a span over several lines the first line's part is marked, of an empty span the one character where it
//! stands. Where the marked text begins in the first three columns, which the slashes cover, `//<` stands for the first
//! column and `//<^^^` for everything up to the last caret (the second column cannot be marked: indent it). The words are free, unless they begin with a code: then the
//! finding must have this code, and what follows the colon must stand in its message.
//!
//! Such lines are cut out before the text is judged, so that they also work inside what is no comment (a string that
//! does not end); they are comments all the same, so that what a page shows can be pasted into a file.

use super::{Code, Diagnostic, Example};
use crate::hujson::Flavour;
use crate::input::{Inputs, Origin, read_bytes};
use crate::policy;
use crate::policy::dialect::Dialect;

/// What a comment line under a text marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The line, from 1, of the text without the marking lines.
    pub line: usize,
    /// The first column, from 1.
    pub column: usize,
    /// The characters above the carets.
    pub text: String,
    /// The code that the words begin with.
    pub code: Option<Code>,
    /// What the message must contain.
    pub words: String,
}

/// One text of a test.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a> {
    /// How findings call it.
    pub name: &'a str,
    /// The text with its marks.
    pub marked: &'a str,
}

/// Cuts the marking lines out of `marked`: the text to judge, and what they mark.
pub(crate) fn cut(marked: &str) -> (String, Vec<Mark>) {
    let mut text = String::new();
    let mut above = "";
    let mut lines = 0;
    let mut marks = Vec::new();
    for line in marked.split_inclusive('\n') {
        if let Some(mark) = read_mark(line.trim_end(), above, lines) {
            marks.push(mark);
        } else {
            text.push_str(line);
            above = line.trim_end_matches(['\n', '\r']);
            lines += 1;
        }
    }
    (text, marks)
}

/// Reads `line` as marking something in `above`, the line with this number.
fn read_mark(line: &str, above: &str, number: usize) -> Option<Mark> {
    let indent = line.chars().take_while(|c| *c == ' ').count();
    let rest = line.trim_start_matches(' ').strip_prefix("//")?;
    let (from_first, rest) = match rest.strip_prefix('<') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let blank = rest.chars().take_while(|c| *c == ' ').count();
    let rest = rest.trim_start_matches(' ');
    let carets = rest.chars().take_while(|c| *c == '^').count();
    if carets == 0 && !from_first {
        return None;
    }
    let (start, end) = match (from_first, carets) {
        (false, _) => (indent + 2 + blank, indent + 2 + blank + carets),
        (true, 0) => (0, 1),
        (true, _) => (0, 3 + blank + carets),
    };
    let text: String = above.chars().skip(start).take(end - start).collect();
    assert!(
        text.chars().count() == end - start || (text.is_empty() && end - start == 1),
        "the carets reach past the end of line {number}: {above}"
    );
    let words = rest.trim_start_matches('^').trim();
    let (code, words) = read_words(words);
    Some(Mark {
        line: number,
        column: start + 1,
        text,
        code,
        words,
    })
}

/// `TN104`, `TN104: words`, `error[TN104]: words`, or free words, which demand nothing.
fn read_words(words: &str) -> (Option<Code>, String) {
    let plain = words
        .strip_prefix("error[")
        .or_else(|| words.strip_prefix("warning["))
        .unwrap_or(words);
    let digits: String = plain
        .strip_prefix("TN")
        .unwrap_or_default()
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    match digits.parse() {
        Ok(code) => {
            let after = words.split_once(": ").map(|(_, after)| after).unwrap_or_default();
            (Some(Code(code)), after.trim().to_owned())
        }
        Err(_) => (None, String::new()),
    }
}

/// Where a finding's primary span begins and what of it stands on its first line, in the form of a [`Mark`].
/// `None`: it has no place.
pub(crate) fn place(inputs: &Inputs, diagnostic: &Diagnostic) -> Option<(usize, Mark)> {
    let span = diagnostic.span?;
    let input = inputs.get(span.source)?;
    let at = inputs.line_column(span)?;
    let under = inputs.text(span);
    let text = if under.is_empty() {
        let rest = input.text.get(span.start as usize..).unwrap_or_default();
        rest.chars().take(1).filter(|c| *c != '\n').collect()
    } else {
        under.lines().next().unwrap_or_default().to_owned()
    };
    let mark = Mark {
        line: at.line,
        column: at.column,
        text,
        code: Some(diagnostic.code),
        words: diagnostic.message.clone(),
    };
    Some((usize::from(span.source.0), mark))
}

/// Judges the texts with `judge` and compares what it finds with their marks: as many findings as marks, each at the
/// marked text, with the code and the words that the mark asks for. Gives what was found.
///
/// # Panics
/// When they differ; the panic shows the texts with the marks that would be right.
#[track_caller]
pub(crate) fn check_with(
    texts: &[Text<'_>],
    judge: impl FnOnce(&[(Text<'_>, String)]) -> (Inputs, Vec<Diagnostic>),
) -> Vec<Diagnostic> {
    let mut expected = Vec::new();
    let mut plain = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let (cut, marks) = cut(text.marked);
        expected.extend(marks.into_iter().map(|mark| (number, mark)));
        plain.push((*text, cut));
    }
    let (inputs, found) = judge(&plain);
    let mut places: Vec<_> = found
        .iter()
        .map(|finding| {
            place(&inputs, finding).unwrap_or_else(|| panic!("a finding without a place: {}", finding.message))
        })
        .collect();
    let key = |(text, mark): &(usize, Mark)| (*text, mark.line, mark.column, mark.text.clone(), mark.code);
    expected.sort_by_key(key);
    places.sort_by_key(key);
    let agree = expected.len() == places.len()
        && expected.iter().zip(&places).all(|((text, want), (other, got))| {
            text == other
                && (want.line, want.column, &want.text) == (got.line, got.column, &got.text)
                && (want.code.is_none() || want.code == got.code)
                && got.words.contains(&want.words)
        });
    assert!(
        agree,
        "the marks differ from what was found; with the right ones:\n{}",
        plain
            .iter()
            .enumerate()
            .map(|(number, (text, cut))| format!("--- {}\n{}", text.name, annotate(cut, number, &places)))
            .collect::<String>()
    );
    found
}

/// `text` with a marking line for each of `places` in it.
fn annotate(text: &str, number: usize, places: &[(usize, Mark)]) -> String {
    let mut out = String::new();
    for (index, line) in text.lines().enumerate() {
        out.push_str(line);
        out.push('\n');
        for (_, mark) in places.iter().filter(|(n, m)| *n == number && m.line == index + 1) {
            let width = mark.text.chars().count().max(1);
            let start = mark.column - 1;
            let carets = match (start, width) {
                (0, 1) => "//<".to_owned(),
                (0, width) => format!("//<{}", "^".repeat(width.saturating_sub(3).max(1))),
                (start, width) => format!("//{}{}", " ".repeat(start.saturating_sub(2)), "^".repeat(width)),
            };
            let code = mark.code.map(|code| code.to_string()).unwrap_or_default();
            out.push_str(&format!("{carets} {code}: {}\n", mark.words));
        }
    }
    out
}

/// The texts of `example`, with their marks. None: an input that no literal can hold.
pub(crate) fn texts(example: &Example) -> Vec<Text<'static>> {
    let text = |name, marked| Text { name, marked };
    match *example {
        Example::Input { .. } | Example::Host { .. } => Vec::new(),
        Example::Policy {
            text: policy, topology, ..
        } => std::iter::once(text("policy.hujson", policy))
            .chain(topology.map(|topology| text("topology.json", topology)))
            .collect(),
        Example::Declaration(declaration) => vec![text("cluster.json5", declaration)],
    }
}

/// Judges `example` as the command would, `texts` standing for its own (without their marks, or with them).
pub(crate) fn judge(example: &Example, texts: &[(Text<'_>, String)]) -> (Inputs, Vec<Diagnostic>) {
    let mut inputs = Inputs::default();
    let mut found = Vec::new();
    let read = |number: usize, flavour, inputs: &mut Inputs, found: &mut Vec<Diagnostic>| {
        let (text, plain) = texts.get(number)?;
        inputs.read(text.name, plain.as_bytes(), Origin::File, flavour, "", found)
    };
    match *example {
        Example::Input { open, .. } => {
            let id = read_bytes("policy.hujson", open(), &mut found)
                .and_then(|bytes| inputs.read_policy("policy.hujson", bytes, "", &mut found));
            if let Some(id) = id {
                found = policy::judge::judge(&inputs, id, None, Dialect::default(), found).diagnostics;
            }
        }
        Example::Policy { dialect, .. } => {
            let policy = read(0, Flavour::Hujson, &mut inputs, &mut found);
            let topology = read(1, Flavour::Hujson, &mut inputs, &mut found);
            if let Some(id) = policy {
                let dialect = dialect.parse().unwrap();
                found = policy::judge::judge(&inputs, id, topology, dialect, found).diagnostics;
            }
        }
        Example::Host { .. } => {}
        Example::Declaration(_) => {
            if let Some(id) = read(0, Flavour::Json5, &mut inputs, &mut found) {
                let options = crate::cluster::Options {
                    show_secrets: true,
                    ..Default::default()
                };
                found = crate::cluster::judge_with(&mut inputs, id, found, options).diagnostics;
            }
        }
    }
    (inputs, found)
}

mod tests {
    use super::*;
    use crate::diagnostics::{Page, Severity};
    use crate::input::{Input, Origin};
    use crate::source::{LineIndex, Span};

    const PAGE: Page = Page {
        code: Code(104),
        severity: Severity::Error,
        name: "word",
        what: "",
        why: "",
        wrong: Example::Declaration(""),
        right: Example::Declaration(""),
    };

    /// Finds every `bad` and, as an empty span, every `?`.
    fn judge(texts: &[(Text<'_>, String)]) -> (Inputs, Vec<Diagnostic>) {
        let mut inputs = Inputs::default();
        let mut found = Vec::new();
        for (text, plain) in texts {
            let id = inputs.push(Input {
                name: text.name.to_owned(),
                origin: Origin::File,
                flavour: Flavour::Hujson,
                text: plain.clone(),
                lines: LineIndex::new(plain),
                tree: None,
                prefix: String::new(),
            });
            for (word, length) in [("bad", 3), ("ba\nd", 4), ("?", 0)] {
                for (at, _) in plain.match_indices(word) {
                    let at = at as u32;
                    found.push(Diagnostic::new(&PAGE, Span::new(id, at, at + length), "a bad word"));
                }
            }
        }
        (inputs, found)
    }

    fn check(marked: &str) -> usize {
        let text = Text { name: "text", marked };
        check_with(&[text], judge).len()
    }

    #[test]
    fn marks_agree_with_what_is_found() {
        assert_eq!(check("all is well\n"), 0);
        assert_eq!(check("  ä bad\n  //^^^ error[TN104]: bad word\n"), 1);
        assert_eq!(check("?\n//<\n"), 1);
    }

    #[test]
    fn spans_over_lines_and_empty_spans_are_marked_where_they_begin() {
        assert_eq!(check("   ba\n// ^^ TN104\nd ?\n//^ nothing before the mark\n"), 2);
        assert_eq!(check("a b ?\n//  ^"), 1);
    }

    #[test]
    fn several_marks_may_stand_under_one_line() {
        assert_eq!(check("   bad bad\n// ^^^\n//     ^^^ the second\n"), 2);
    }

    #[test]
    fn marks_are_cut_out_also_where_they_are_no_comment() {
        let (text, marks) = cut("  \"x\n//^^ no end\n  y");
        assert_eq!(text, "  \"x\n  y");
        assert_eq!((marks[0].line, marks[0].column, marks[0].text.as_str()), (1, 3, "\"x"));
    }

    #[test]
    #[should_panic(expected = "//  ^^^ TN104: a bad word")]
    fn a_mark_too_few_shows_the_right_one() {
        check("    bad");
    }

    #[test]
    #[should_panic(expected = "differ")]
    fn a_mark_too_many_is_refused() {
        check("    good\n//  ^^^^");
    }

    #[test]
    #[should_panic(expected = "differ")]
    fn a_mark_too_wide_is_refused() {
        check("    bad bad\n//  ^^^^\n//      ^^^");
    }

    #[test]
    #[should_panic(expected = "differ")]
    fn another_code_is_refused() {
        check("    bad\n//  ^^^ TN105");
    }

    #[test]
    #[should_panic(expected = "differ")]
    fn other_words_are_refused() {
        check("    bad\n//  ^^^ TN104: a good word");
    }

    #[test]
    #[should_panic(expected = "reach past the end")]
    fn carets_beyond_the_line_are_refused() {
        cut("  bad\n//^^^^");
    }

    #[test]
    fn a_finding_in_a_second_text_is_marked_there() {
        let [first, second] = ["   bad\n// ^^^", "   bad\n// ^^^"].map(|marked| Text { name: "text", marked });
        assert_eq!(check_with(&[first, second], judge).len(), 2);
    }
}
