//! TN114: a value of the wrong JSON type.

use crate::diagnostics::{Code, Diagnostic, Edit, Example, Fix, Page, Severity};
use crate::hujson::{Kind, Value};
use crate::source::Span;

/// TN114.
pub const PAGE: Page = Page {
    code: Code(114),
    severity: Severity::Error,
    name: "policy-wrong-type",
    what: "A value has the wrong JSON type: a string where a list belongs, a number where a string belongs.",
    why: "headscale reads the policy into typed structures and refuses what does not fit (go-json-experiment). A single \
          name must stand in a list too; `null` counts as absent in most places.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [
    { "action": "accept", "src": "autogroup:member", "dst": ["*:*"] },
//                               ^^^^^^^^^^^^^^^^^^ TN114: json: cannot unmarshal JSON string into Go []v2.AliasEnc
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [
    { "action": "accept", "src": ["autogroup:member"], "dst": ["*:*"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// `value` does not fit the type `go`; `expected` says what would.
pub(crate) fn finding(value: &Value, go: &str, expected: &str) -> Diagnostic {
    let kind = value.kind.name();
    let finding = Diagnostic::new(
        &PAGE,
        value.span,
        format!("json: cannot unmarshal JSON {kind} into Go {go}"),
    )
    .label(expected);
    if !is_single(value, go) {
        return finding;
    }
    let at = |offset| Span::new(value.span.source, offset, offset);
    let (open, close) = (at(value.span.start), at(value.span.end));
    finding.fix(Fix {
        title: "put it in a list".into(),
        edits: vec![
            Edit {
                span: open,
                text: "[".into(),
            },
            Edit {
                span: close,
                text: "]".into(),
            },
        ],
        safe: true,
    })
}

/// Whether `value` is one thing where the type `go` is a list of such things.
pub(crate) fn is_single(value: &Value, go: &str) -> bool {
    match value.kind {
        Kind::String(_) => LISTS_OF_STRINGS.contains(&go),
        Kind::Object(_) => LISTS_OF_OBJECTS.contains(&go),
        _ => false,
    }
}

/// Go's types of lists whose elements are written as strings.
const LISTS_OF_STRINGS: [&str; 10] = [
    "[]v2.AliasEnc",
    "[]v2.AliasWithPorts",
    "[]v2.ProtocolPort",
    "[]v2.Tag",
    "[]v2.OwnerEnc",
    "[]v2.AutoApproverEnc",
    "v2.SSHUsers",
    "[]v2.SSHUser",
    "[]tailcfg.NodeCapability",
    "[]string",
];

/// Go's types of lists whose elements are objects.
const LISTS_OF_OBJECTS: [&str; 6] = [
    "[]v2.ACL",
    "[]v2.Grant",
    "[]v2.NodeAttrGrant",
    "[]v2.SSH",
    "[]v2.PolicyTest",
    "[]v2.SSHPolicyTest",
];

/// [`finding`] where headscale has other words.
pub(crate) fn in_words(value: &Value, words: &str, expected: &str) -> Diagnostic {
    Diagnostic::new(&PAGE, value.span, words).label(expected)
}

/// The number `value` does not fit Go's `float64`, through which all of an ACL goes.
pub(crate) fn too_large(value: &Value) -> Diagnostic {
    let literal = match &value.kind {
        Kind::Number(literal) => literal,
        _ => "",
    };
    let words = format!("json: cannot unmarshal JSON number {literal} into Go float64: value out of range");
    Diagnostic::new(&PAGE, value.span, words)
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
    fn everywhere() {
        check(
            r##"{
  "groups": [],
//          ^^ TN114: json: cannot unmarshal JSON array into Go map[string]interface {}
  "hosts": {"h": 5},
//               ^ TN114: json: cannot unmarshal JSON number into Go string
  "tagOwners": {"tag:a": {}},
//                       ^^ TN114: json: cannot unmarshal JSON object into Go []v2.OwnerEnc
  "acls": [5, {"src": [5], "dst": [null, 5]}, {"#x": 1e999}],
//         ^ TN114: json: cannot unmarshal JSON number into Go map[string]interface {}
//                     ^ TN114: json: cannot unmarshal JSON number into Go string
//                                 ^^^^ TN114: type not supported: <nil>
//                                       ^ TN114: type not supported: float64
//                                                   ^^^^^ TN114: cannot unmarshal JSON number 1e999 into Go float64: value out of range
  "grants": [{"ip": [true], "app": {"x": 5}}],
//                   ^^^^ TN114: type not supported: bool
//                                       ^ TN114: json: cannot unmarshal JSON number into Go []tailcfg.RawMessage
  "nodeAttrs": [{"target": ["*"], "attr": [5]}],
//                                         ^ TN114: json: cannot unmarshal JSON number into Go tailcfg.NodeCapability
  "autoApprovers": [],
//                 ^^ TN114: json: cannot unmarshal JSON array into Go v2.AutoApproverPolicy
  "ssh": [{"action": "accept", "users": 5}],
//                                      ^ TN114: json: cannot unmarshal JSON number into Go v2.SSHUsers
  "tests": [{"src": 5, "accept": ["1.1.1.1:1"]}],
//                  ^ TN114: json: cannot unmarshal JSON number into Go string
  "sshTests": 5,
//            ^ TN114: json: cannot unmarshal JSON number into Go []v2.SSHPolicyTest
  "randomizeClientPort": "true",
//                       ^^^^^^ TN114: json: cannot unmarshal JSON string into Go bool
}"##,
        );
        check("  []\n//^^ TN114: json: cannot unmarshal JSON array into Go v2.Policy");
    }

    #[test]
    fn null_is_as_good_as_absent() {
        check(
            r#"{"groups": null, "hosts": null, "tagOwners": {"tag:a": null}, "acls": [null, {"src": null, "dst": null}],
                "grants": null, "nodeAttrs": [null], "autoApprovers": {"routes": null, "exitNode": null}, "ssh": null,
                "tests": null, "sshTests": null, "randomizeClientPort": null}"#,
        );
        check("null");
    }

    #[test]
    fn one_thing_is_put_in_a_list() {
        assert_fixed(
            r#"{"acls": {"action": "accept", "src": "*", "dst": "*:*"}}"#,
            r#"{"acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"]}]}"#,
        );
    }
}
