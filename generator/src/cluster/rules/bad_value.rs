//! TN704: a value of the right type that is none of those the option takes.

use super::mend::{self, nearest};
use crate::cluster::words::{BadWord, Word};
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// TN704.
pub const PAGE: Page = Page {
    code: Code(704),
    severity: Severity::Error,
    name: "bad-value",
    what: "An option has a value that is not of the form it takes.",
    why: "headscale, derper, tailscale or k3s would refuse it, or quietly take it for something else: MagicDNS makes \
          a DNS label of every node name, a client compares a certificate pin with lower-case digits only, a URL in \
          the place of a host name is looked up as a name.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "headscale.example.org" },
//                      ^^^^^^^^^^^^^^^^^^^^^^^ TN704: "headscale.example.org" is not a URL: it must start with https://
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
}
"#,
    ),
};

/// `text` is not the word `W`.
pub(crate) fn finding<W: Word>(text: &str, span: Span, bad: &BadWord) -> Diagnostic {
    // What stands in the place of a key may be the private one: not repeated.
    let subject = if W::SENSITIVE {
        "this".to_owned()
    } else {
        mend::quote(text)
    };
    let finding = Diagnostic::new(&PAGE, span, format!("{subject} is not {}: {}", W::WHAT, bad.why));
    match &bad.meant {
        Some(meant) => finding.fix(mend::word(span, meant, true)),
        None => finding,
    }
}

/// `text` is not one of `names`.
pub(crate) fn not_one_of(text: &str, span: Span, what: &str, names: &[&str]) -> Diagnostic {
    let near = nearest(text, names.iter().copied());
    Diagnostic::new(&PAGE, span, format!("{} is not {what}", mend::quote(text))).offer(span, near, || {
        format!("there are {}", mend::enumerate(names.iter().copied()))
    })
}

/// The number `literal` is not a whole one from `first` to `last`.
pub(crate) fn out_of_range(literal: &str, span: Span, what: &str, first: u64, last: u64) -> Diagnostic {
    let literal: String = literal.chars().take(40).collect();
    let message = format!("{literal} is not {what}: it is a whole number from {first} to {last}");
    Diagnostic::new(&PAGE, span, message)
}

/// `literal` is none that can be calculated with.
pub(crate) fn no_number(literal: &str, span: Span) -> Diagnostic {
    let literal: String = literal.chars().take(40).collect();
    Diagnostic::new(&PAGE, span, format!("{literal} is not a finite number"))
}
