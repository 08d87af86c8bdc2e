//! TN133: a route of `autoApprovers` that is no CIDR.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::dialect::Dialect;
use crate::policy::words::prefix::PrefixError;
use crate::policy::words::{Owner, Prefix, Quoted};
use crate::source::{Span, Spanned};

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

/// The route at `span` is the empty text, which headscale reads and never matches. What it names must be defined all
/// the same: `undefined` is not.
pub(crate) fn empty(span: Span, undefined: Option<&Spanned<Owner>>, dialect: Dialect) -> Diagnostic {
    let help = "write a CIDR: `192.0.2.0/24`, or `192.0.2.7/32` for one address";
    let Some(undefined) = undefined else {
        let words = "an empty route matches no route, so nothing is approved by it";
        return Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::new(&PAGE, span, words)
        }
        .help(help);
    };
    let name = Quoted(undefined.value.as_str());
    let words = match (&undefined.value, dialect) {
        (Owner::Group(_), Dialect::V0_28) => {
            format!("Group {name} is not defined in the Policy, please define or remove the reference to it")
        }
        (_, Dialect::V0_28) => {
            format!("Tag {name} is not defined in the Policy, please define or remove the reference to it")
        }
        (Owner::Group(_), _) => format!("group not defined in policy: {name}"),
        _ => format!("tag not found: {name}"),
    };
    Diagnostic::new(&PAGE, span, words)
        .related(undefined.span, "named here")
        .help(help)
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
        let finding = one(r#"{"autoApprovers": {"routes": {"": ["tag:a"]}}, "acls": []}"#);
        assert_eq!(
            (&*finding.message, finding.severity),
            ("tag not found: \"tag:a\"", Severity::Error)
        );
    }
}
