//! TN702: a value of another type.

use super::mend;
use crate::diagnostics::{Code, Diagnostic, Edit, Example, Fix, Page, Severity};
use crate::hujson::{Kind, Value};
use crate::source::Span;

/// TN702.
pub const PAGE: Page = Page {
    code: Code(702),
    severity: Severity::Error,
    name: "wrong-option-type",
    what: "An option has a value of another type than it takes.",
    why: "Nothing is converted: a port that is a string and a list that is a single string are refused, since the \
          NixOS options refuse them too and both read the same declaration.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  nodes: {
    worker: { tags: "tag:worker" },
//                  ^^^^^^^^^^^^ TN702: this must be a list, not a string
  },
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  nodes: {
    worker: { tags: ["tag:worker"] },
  },
}
"#,
    ),
};

/// `value`, which is `what`, must be `wanted` and is not.
pub(crate) fn finding(value: &Value, what: &str, wanted: &str) -> Diagnostic {
    let is = match value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(on) => on.to_string(),
        Kind::Array(_) => "a list".to_owned(),
        Kind::Object(_) => "an object".to_owned(),
        Kind::Number(_) | Kind::String(_) => format!("a {}", value.kind.name()),
    };
    let finding = Diagnostic::new(&PAGE, value.span, format!("{what} must be {wanted}, not {is}"));
    match (&value.kind, wanted) {
        (Kind::String(_), "a list") => finding.fix(Fix {
            title: "put it into brackets".to_owned(),
            edits: around(value.span),
            safe: true,
        }),
        (Kind::String(text), "a number") if is_plain_number(text) => {
            finding.fix(mend::raw(value.span, text.to_string(), true))
        }
        (Kind::Number(literal), "a string") => finding.fix(mend::word(value.span, literal, false)),
        (Kind::String(text), "true or false") if matches!(&**text, "true" | "false") => {
            finding.fix(mend::raw(value.span, text.to_string(), true))
        }
        _ => finding,
    }
}

/// Brackets around what stands at `span`.
fn around(span: Span) -> Vec<Edit> {
    let [start, end] = [span.start, span.end].map(|at| Span::new(span.source, at, at));
    vec![
        Edit {
            span: start,
            text: "[".to_owned(),
        },
        Edit {
            span: end,
            text: "]".to_owned(),
        },
    ]
}

fn is_plain_number(text: &str) -> bool {
    (1..=18).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0')
}
