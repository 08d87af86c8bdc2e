//! TN129: the name of a tag.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::dialect::Dialect;
use crate::policy::words::Quoted;
use crate::policy::words::alias::NameError;
use crate::source::Span;

use super::{mend, user_without_at};

/// TN129.
pub const PAGE: Page = Page {
    code: Code(129),
    severity: Severity::Error,
    name: "tag-name",
    what: "A tag does not begin with `tag:` and a letter.",
    why: "headscale asks for the prefix and for an ASCII letter after it, in `tagOwners` and in destinations of ACLs \
          (`Tag.Validate`, hscontrol/policy/v2/types.go); later characters are free.",
    wrong: Example::Policy {
        text: r#"{
  "tagOwners": {
    "web": ["alice@"],
//  ^^^^^ TN129: tag must start with 'tag:', got: "web"
    "tag:3d-printer": ["alice@"],
//  ^^^^^^^^^^^^^^^^ TN129: tagOwners["tag:3d-printer"]: tag names must start with a letter, after 'tag:'
  },
  "acls": [],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": {
    "tag:web": ["alice@"],
    "tag:printer-3d": ["alice@"],
  },
  "acls": [],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// The tag `text` of `tagOwners` is wrong; `name` is the same with escapes decoded.
pub(crate) fn finding(text: &str, name: &str, span: Span, error: &NameError, dialect: Dialect) -> Diagnostic {
    let words = match (error, dialect) {
        (NameError::TagLetter, _) => format!("tagOwners[{}]: {error}", Quoted(name)),
        (_, Dialect::V0_28) => format!("tag has to start with \"tag:\", got: {}", Quoted(text)),
        _ => error.to_string(),
    };
    let finding = Diagnostic::new(&PAGE, span, words);
    let name = match text.trim().split_once(':') {
        Some((prefix, name)) if prefix.eq_ignore_ascii_case("tag") => name,
        Some((prefix, name)) if prefix.eq_ignore_ascii_case("tags") => {
            return finding.fix(mend::word(span, &format!("tag:{name}"), false));
        }
        _ if user_without_at::is_plain_name(text.trim()) => text.trim(),
        _ => return finding.help("the name of a tag is written `tag:web`"),
    };
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return finding.fix(mend::word(span, &format!("tag:{name}"), true));
    }
    finding.help("choose a name that begins with a letter, here and wherever the tag is used and given")
}

/// The destination `text` of an ACL or a test names a tag whose name begins with no letter.
pub(crate) fn in_destination(span: Span, error: &NameError) -> Diagnostic {
    Diagnostic::new(&PAGE, span, error.to_string())
        .help("choose a name that begins with a letter, here and wherever the tag is used and given")
}

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_fixed, assert_page, check, check_in, one_in};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn in_destinations_of_acls_too() {
        check(
            r#"{
  "acls": [{"src": [], "dst": ["tag:1:80", "tag::80"]}],
//                             ^^^^^^^^^^ TN129: tag names must start with a letter, after 'tag:'
//                                         ^^^^^^^^^ TN129
}"#,
        );
    }

    #[test]
    fn the_prefix_is_mended() {
        assert_fixed(
            r#"{"tagOwners": {"web": [], "Tag:b": []}, "acls": []}"#,
            r#"{"tagOwners": {"tag:web": [], "tag:b": []}, "acls": []}"#,
        );
    }

    #[test]
    fn in_0_28_any_name_will_do() {
        check_in(
            Dialect::V0_28,
            r#"{"tagOwners": {"tag:1": []}, "acls": [{"action": "accept", "dst": ["tag:1:80"]}]}"#,
        );
        let finding = one_in(Dialect::V0_28, r#"{"tagOwners": {"web": []}, "acls": []}"#);
        assert_eq!(finding.message, "tag has to start with \"tag:\", got: \"web\"");
    }
}
