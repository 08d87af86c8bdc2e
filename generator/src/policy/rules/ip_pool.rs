//! TN136: `ipPool` of nodeAttrs.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::hujson::{Kind, Member, Value};
use crate::policy::words::Prefix;

/// TN136.
pub const PAGE: Page = Page {
    code: Code(136),
    severity: Severity::Error,
    name: "ip-pool",
    what: "An entry of nodeAttrs has an `ipPool`.",
    why: "headscale reads the field and refuses to use it: its allocator gives addresses from the whole prefix \
          (`ErrNodeAttrIPPoolUnsupported`, hscontrol/policy/v2/types.go). Leaving it out changes only which addresses \
          new nodes get.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [],
  "nodeAttrs": [
    { "target": ["autogroup:member"], "ipPool": ["100.81.0.0/16"] },
//                                    ^^^^^^^^ TN136: nodeAttrs ipPool requires the IP allocator (https://github.com/juanfont/headscale/issues/2912)
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [],
  "nodeAttrs": [
    { "target": ["autogroup:member"], "attr": ["magicdns-aaaa"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// `member`, which is `ipPool`, has entries.
pub(crate) fn finding(member: &Member, entries: &[Value]) -> Diagnostic {
    let words = "nodeAttrs ipPool requires the IP allocator (https://github.com/juanfont/headscale/issues/2912)";
    // What is no range at all fails earlier.
    let unreadable = entries.iter().find_map(|entry| match &entry.kind {
        Kind::String(text) if text.is_empty() => None,
        Kind::String(text) => Prefix::parse_cidr(text).err().map(|error| error.to_string()),
        Kind::Null => None,
        kind => Some(format!(
            "json: cannot unmarshal JSON {} into Go netip.Prefix",
            kind.name()
        )),
    });
    Diagnostic::new(&PAGE, member.name.span, unreadable.unwrap_or_else(|| words.into()))
        .help("take it out: nodes get addresses from the prefixes of headscale's configuration")
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
    fn none_is_no_mistake() {
        check(r#"{"acls": [], "nodeAttrs": [{"target": ["*"], "ipPool": []}, {"target": ["*"], "ipPool": null}]}"#);
    }

    #[test]
    fn what_cannot_be_read() {
        let message = |pool| one(&format!(r#"{{"acls": [], "nodeAttrs": [{{"ipPool": {pool}}}]}}"#)).message;
        assert_eq!(message(r#"["x"]"#), r#"netip.ParsePrefix("x"): no '/'"#);
        assert_eq!(
            message("[5]"),
            "json: cannot unmarshal JSON number into Go netip.Prefix"
        );
        assert!(message(r#"["", null]"#).starts_with("nodeAttrs ipPool requires"));
    }
}
