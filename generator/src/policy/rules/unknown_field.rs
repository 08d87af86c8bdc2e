//! TN110: a field that nobody knows.

use crate::diagnostics::{Code, Diagnostic, Edit, Example, Fix, Page, Severity};
use crate::policy::dialect::Dialect;
use crate::policy::read::shape::Shape;
use crate::policy::words::Quoted;
use crate::source::Spanned;

use super::{mend, wording};

/// TN110.
pub const PAGE: Page = Page {
    code: Code(110),
    severity: Severity::Error,
    name: "unknown-field",
    what: "A field of the policy has a name that headscale does not know.",
    why: "headscale refuses the whole policy at the first unknown field, so that a misspelt section is not silently \
          left out (go-json-experiment with RejectUnknownMembers, hscontrol/policy/v2/types.go). Case, `-` and `_` do \
          not count. A remark belongs into a comment; only in ACLs a field whose name begins with `#` is skipped.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [
    {
      "action": "accept",
      "comment": "everybody, everywhere",
//    ^^^^^^^^^ TN110: unknown field: "comment"
      "src": ["*"],
      "dst": ["*:*"],
    },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [
    {
      // everybody, everywhere
      "action": "accept",
      "src": ["*"],
      "dst": ["*:*"],
    },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// headscale's words for an unknown field.
pub(super) fn words(name: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::V0_28 => format!("unknown field {}", Quoted(name)),
        _ => format!("unknown field: {}", Quoted(name)),
    }
}

/// The field `name` stands in an object of `shape`, which has none of that name.
pub(crate) fn finding(name: &Spanned<Box<str>>, shape: &Shape, dialect: Dialect) -> Diagnostic {
    let finding = Diagnostic::new(&PAGE, name.span, words(&name.value, dialect));
    let known = || {
        shape.fields.iter().copied().filter(|field| {
            shape
                .features
                .iter()
                .all(|(name, feature)| name != field || dialect.knows(*feature))
        })
    };
    let lower = name.value.to_ascii_lowercase();
    if [
        "comment",
        "comments",
        "description",
        "note",
        "notes",
        "remark",
        "//",
        "_comment",
    ]
    .contains(&&*lower)
        || name.value.starts_with('#')
    {
        return finding.help("remarks are written as HuJSON comments: // to the end of the line, or /* ... */");
    }
    match mend::nearest(&name.value, known()) {
        Some(near) => finding.help(format!("did you mean {}?", wording::json(near))).fix(Fix {
            title: format!("write {}", wording::json(near)),
            edits: vec![Edit {
                span: name.span,
                text: wording::json(near),
            }],
            safe: false,
        }),
        None => {
            let list: Vec<&str> = known().collect();
            finding.help(format!("{} has the fields {}", shape.what, list.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_page, check, one};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn the_nearest_known_name_is_named() {
        let finding = one(r#"{"acls": [], "tagOwner": {}}"#);
        assert_eq!(finding.help, ["did you mean \"tagOwners\"?"]);
        assert_eq!(finding.fixes[0].edits[0].text, "\"tagOwners\"");
        assert!(!finding.fixes[0].safe);
    }

    #[test]
    fn in_every_kind_of_object() {
        check(
            r##"{
  "acls": [{"action": "accept", "#ha-meta": {"x": 1}, "srcs": ["*"]}],
//                                                    ^^^^^^ TN110: unknown field: "srcs"
  "grants": [{"#no": 1, "src": ["*"], "dst": ["*"], "ip": ["*"], "ips": ["*"]}],
//            ^^^^^ TN110
//                                                               ^^^^^ TN110
  "nodeAttrs": [{"target": ["*"], "attrs": ["x"]}],
//                                ^^^^^^^ TN110
  "autoApprovers": {"exitNodes": []},
//                  ^^^^^^^^^^^ TN110
  "ssh": [{"action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self"], "user": ["root"], "users": ["a"]}],
//                                                                                     ^^^^^^ TN110
  "tests": [{"src": "*", "accepts": ["*:1"], "accept": ["1.1.1.1:1"]}],
//                       ^^^^^^^^^ TN110
  "sshTests": [{"src": "a@", "dst": ["*"], "accept": ["root"], "proto": "tcp"}],
//                                                             ^^^^^^^ TN110
}"##,
        );
    }

    #[test]
    fn names_are_folded() {
        check(r#"{"ACLs": [], "tag_owners": {}, "auto-approvers": {"EXITNODE": []}}"#);
    }

    #[test]
    fn words_of_0_28() {
        assert_eq!(words("x", Dialect::V0_28), r#"unknown field "x""#);
    }
}
