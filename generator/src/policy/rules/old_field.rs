//! TN112: a field's name from Tailscale's earlier syntax.

use crate::diagnostics::{Code, Diagnostic, Edit, Example, Fix, Page, Severity};
use crate::policy::dialect::Dialect;
use crate::source::Spanned;

use super::{unknown_field, wording};

/// TN112.
pub const PAGE: Page = Page {
    code: Code(112),
    severity: Severity::Error,
    name: "old-field-name",
    what: "A field has the name that it had in Tailscale's syntax before 2022.",
    why: "ACLs said `users` and `ports` then, and tests `user` and `allow`. Tailscale still reads the old names, \
          headscale does not (`ErrUnknownField`, hscontrol/policy/v2/types.go).",
    wrong: Example::Policy {
        text: r#"{
  "acls": [
    { "action": "accept", "users": ["*"], "ports": ["*:*"] },
//                        ^^^^^^^ TN112: unknown field: "users"
//                                        ^^^^^^^ TN112: unknown field: "ports"
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [
    { "action": "accept", "src": ["*"], "dst": ["*:*"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// `name` is what `field` was called once. `taken`: `field` stands beside it.
pub(crate) fn finding(name: &Spanned<Box<str>>, field: &str, taken: bool, dialect: Dialect) -> Diagnostic {
    let finding = Diagnostic::new(&PAGE, name.span, unknown_field::words(&name.value, dialect));
    let field = wording::json(field);
    if taken {
        return finding.help(format!(
            "it is called {field} today, which stands here too: move its entries there"
        ));
    }
    finding.help(format!("it is called {field} today")).fix(Fix {
        title: format!("write {field}"),
        edits: vec![Edit {
            span: name.span,
            text: field,
        }],
        safe: true,
    })
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
    fn the_fix_renames() {
        assert_fixed(
            r#"{"acls": [{"action": "accept", "users": ["*"], "Ports": ["*:*"]}], "tests": [{"user": "1.1.1.1", "allow": ["1.1.1.1:1"]}]}"#,
            r#"{"acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"]}], "tests": [{"src": "1.1.1.1", "accept": ["1.1.1.1:1"]}]}"#,
        );
    }

    #[test]
    fn what_stands_in_an_old_field_is_judged_too() {
        check(
            r#"{
  "acls": [
    {"action": "accept", "users": ["a:b"], "src": ["*"], "ports": ["x"]},
//                       ^^^^^^^ TN112
//                                                       ^^^^^^^ TN112
//                                                                 ^^^ TN119
  ],
}"#,
        );
    }
}
