//! TN134: a `via` that is no tag.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

use super::{mend, user_without_at, wording};

/// TN134.
pub const PAGE: Page = Page {
    code: Code(134),
    severity: Severity::Error,
    name: "via-not-a-tag",
    what: "An entry of a grant's `via` is not a tag.",
    why: "`via` names the subnet routers and exit nodes by their tags (`ErrGrantViaNotATag`, \
          hscontrol/policy/v2/types.go); as in `tagOwners` a letter must follow `tag:`.",
    wrong: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:router": [] },
  "grants": [
    { "src": ["*"], "dst": ["192.0.2.0/24"], "ip": ["*"], "via": ["router"] },
//                                                                ^^^^^^^^ TN134: via can only be a tag
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:router": [] },
  "grants": [
    { "src": ["*"], "dst": ["192.0.2.0/24"], "ip": ["*"], "via": ["tag:router"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// The entry `text` is no tag.
pub(crate) fn finding(text: &str, span: Span) -> Diagnostic {
    let finding = Diagnostic::new(&PAGE, span, "via can only be a tag");
    if let Some(name) = text.strip_prefix("tag:") {
        return finding.help(format!(
            "after `tag:` a letter must follow, not {}",
            wording::json(name)
        ));
    }
    let trimmed = text.trim();
    let lower = match trimmed.split_once(':') {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("tag") => format!("tag:{rest}"),
        _ if user_without_at::is_plain_name(trimmed) => {
            return finding.fix(mend::word(span, &format!("tag:{trimmed}"), false));
        }
        _ => return finding.help("name the tag of the subnet routers or exit nodes"),
    };
    finding.fix(mend::word(span, &lower, true))
}

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_fixed, assert_page, check};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn nothing_else_will_do() {
        check(
            r#"{
  "grants": [{"src": [], "dst": [], "ip": ["*"], "via": ["alice@", "group:a", "tag:1", 5, null, "*"]}],
//                                                       ^^^^^^^^ TN134: via can only be a tag
//                                                                 ^^^^^^^^^ TN134
//                                                                            ^^^^^^^ TN134
//                                                                                     ^ TN134
//                                                                                        ^^^^ TN134
//                                                                                              ^^^ TN134
}"#,
        );
    }

    #[test]
    fn space_and_case_are_mended() {
        assert_fixed(
            r#"{"tagOwners": {"tag:a": []}, "grants": [{"src": [], "dst": [], "ip": ["*"], "via": [" tag:a", "Tag:a"]}]}"#,
            r#"{"tagOwners": {"tag:a": []}, "grants": [{"src": [], "dst": [], "ip": ["*"], "via": ["tag:a", "tag:a"]}]}"#,
        );
    }
}
