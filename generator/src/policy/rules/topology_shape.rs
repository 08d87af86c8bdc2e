//! TN190: a topology that cannot be read.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::hujson::Value;
use crate::source::Span;

/// The page of TN190.
pub const PAGE: Page = Page {
    code: Code(190),
    severity: Severity::Error,
    name: "topology-shape",
    what: "The topology has a value of the wrong type, an address or route that does not parse, or a node without a name.",
    why: "A policy is judged for the nodes of one tailnet; one that is read only in part would give answers that nobody \
          can trust.",
    wrong: Example::Policy {
        text: r#"{"acls": []}"#,
        topology: Some(
            r#"{
  "users": [{"name": "alice"}],
  "nodes": {
    "laptop": {
      "user": "alice",
      "ipv4": "100.64.0",
      //      ^^^^^^^^^^ TN190: not an address
    },
  },
}"#,
        ),
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{"acls": []}"#,
        topology: Some(
            r#"{
  "users": [{"name": "alice"}],
  "nodes": {"laptop": {"user": "alice", "ipv4": "100.64.0.1"}},
}"#,
        ),
        dialect: "0.29",
    },
};

/// `value` should have been `wanted`.
pub(crate) fn wrong_type(value: &Value, wanted: &str) -> Diagnostic {
    Diagnostic::new(
        &PAGE,
        value.span,
        format!("expected {wanted}, found {}", value.kind.name()),
    )
}

/// An object that is no topology.
pub(crate) fn no_nodes(span: Span) -> Diagnostic {
    Diagnostic::new(&PAGE, span, "a topology needs \"nodes\"")
        .help("give what `headscale nodes list -o json` prints, or { \"users\": [...], \"nodes\": {...} }")
}

/// An entry without something it needs.
pub(crate) fn missing(span: Span, entry: &str, member: &str) -> Diagnostic {
    Diagnostic::new(&PAGE, span, format!("{entry} needs \"{member}\""))
}

/// A tag without its prefix.
pub(crate) fn not_a_tag(value: &Value, text: &str) -> Diagnostic {
    Diagnostic::new(&PAGE, value.span, format!("not a tag: {text:?}")).help(format!("write \"tag:{text}\""))
}

/// A route that is no CIDR.
pub(crate) fn not_a_route(value: &Value, text: &str) -> Diagnostic {
    let finding = Diagnostic::new(&PAGE, value.span, format!("not a route in CIDR notation: {text:?}"));
    match text.parse() {
        Ok(std::net::IpAddr::V4(_)) => finding.help(format!("write \"{text}/32\"")),
        Ok(std::net::IpAddr::V6(_)) => finding.help(format!("write \"{text}/128\"")),
        Err(_) => finding,
    }
}

/// Prefixes of a family that are none.
pub(crate) fn not_a_prefix(value: &Value, text: &str, family: &str) -> Diagnostic {
    Diagnostic::new(
        &PAGE,
        value.span,
        format!("not a range of IP{family} addresses in CIDR notation: {text:?}"),
    )
}

/// An address that is none.
pub(crate) fn not_an_address(value: &Value, text: &str) -> Diagnostic {
    Diagnostic::new(&PAGE, value.span, format!("not an address: {text:?}"))
}

/// headscale gives a node one address a family.
pub(crate) fn second_address(value: &Value, text: &str) -> Diagnostic {
    Diagnostic::new(
        &PAGE,
        value.span,
        format!("a second address of the same family: {text:?}"),
    )
    .help("headscale gives a node one IPv4 and one IPv6 address; routes belong to \"routable_ips\"")
}
