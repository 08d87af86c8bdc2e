//! TN133: a route of `autoApprovers` that is no CIDR.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::words::Prefix;
use crate::policy::words::prefix::PrefixError;
use crate::source::Span;

use super::mend;

/// TN133.
pub const PAGE: Page = Page {
    code: Code(133),
    severity: Severity::Error,
    name: "approver-route",
    what: "A route of `autoApprovers` is not a CIDR.",
    why: "Go's netip reads it and wants the `/` also for a single address; names from `hosts` do not stand here \
          (`AutoApproverPolicy`, hscontrol/policy/v2/types.go).",
    wrong: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:router": [] },
  "autoApprovers": {
    "routes": { "192.0.2.7": ["tag:router"] },
//              ^^^^^^^^^^^ TN133: netip.ParsePrefix("192.0.2.7"): no '/'
  },
  "acls": [],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:router": [] },
  "autoApprovers": {
    "routes": { "192.0.2.7/32": ["tag:router"] },
  },
  "acls": [],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// The route `text` is none.
pub(crate) fn finding(text: &str, span: Span, error: &PrefixError) -> Diagnostic {
    let finding = Diagnostic::new(&PAGE, span, error.to_string());
    let trimmed = text.trim();
    if trimmed != text && Prefix::parse_cidr(trimmed).is_ok() {
        return finding.fix(mend::word(span, trimmed, true));
    }
    match Prefix::parse(trimmed) {
        Ok(address) if !address.has_slash() => {
            let cidr = format!("{address}/{}", address.bits());
            finding.fix(mend::word(span, &cidr, true))
        }
        _ => finding.help("write a CIDR: `192.0.2.0/24`, or `192.0.2.7/32` for one address"),
    }
}

/// The route at `span` is the empty text, which headscale reads and never matches.
pub(crate) fn empty(span: Span) -> Diagnostic {
    Diagnostic {
        severity: Severity::Warning,
        ..Diagnostic::new(
            &PAGE,
            span,
            "an empty route matches no route, so nothing is approved by it",
        )
    }
    .help("write a CIDR: `192.0.2.0/24`, or `192.0.2.7/32` for one address")
}

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_fixed, assert_page, check, one};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn a_single_address_gets_its_length() {
        assert_fixed(
            r#"{"autoApprovers": {"routes": {"10.0.0.1": [], "fd7a::1": [], " 10.0.0.0/8": []}}, "acls": []}"#,
            r#"{"autoApprovers": {"routes": {"10.0.0.1/32": [], "fd7a::1/128": [], "10.0.0.0/8": []}}, "acls": []}"#,
        );
    }

    #[test]
    fn two_ways_to_write_one_prefix_are_a_duplicate() {
        check(
            r#"{
  "autoApprovers": {"routes": {"fd00::/8": [], "FD00::/8": [], "10.0.0.0/8": [], "10.1.0.0/8": []}},
//                                             ^^^^^^^^^^ TN101: duplicate object member name "FD00::/8"
}"#,
        );
    }

    #[test]
    fn an_empty_route_is_accepted_by_headscale() {
        let finding = one(r#"{"autoApprovers": {"routes": {"": []}}, "acls": []}"#);
        assert_eq!((finding.code, finding.severity), (PAGE.code, Severity::Warning));
    }
}
