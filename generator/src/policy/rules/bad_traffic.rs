//! TN120: an entry of a grant's `ip` with too many colons; and where wrong ports and protocols of one go.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::dialect::Dialect;
use crate::policy::words::Protocol;
use crate::policy::words::traffic::TrafficError;
use crate::source::Span;

use super::{bad_port, bad_protocol, mend};

/// TN120.
pub const PAGE: Page = Page {
    code: Code(120),
    severity: Severity::Error,
    name: "bad-traffic",
    what: "An entry of a grant's `ip` has more than one colon.",
    why: "An entry is `*`, ports, or `protocol:ports` (`ProtocolPort.UnmarshalJSON`, hscontrol/policy/v2/types.go). \
          Several ports of one protocol are separated by commas, several protocols are entries of their own; the \
          destination stands in `dst`.",
    wrong: Example::Policy {
        text: r#"{
  "grants": [
    { "src": ["*"], "dst": ["*"], "ip": ["tcp:80:443"] },
//                                       ^^^^^^^^^^^^ TN120: expected only one colon in Internet protocol and port type, got: [tcp 80 443](3)
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "grants": [
    { "src": ["*"], "dst": ["*"], "ip": ["tcp:80,443"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// The entry `text` is wrong.
pub(crate) fn finding(text: &str, span: Span, error: &TrafficError, dialect: Dialect) -> Diagnostic {
    match error {
        TrafficError::Protocol(error) => bad_protocol::in_traffic(text, span, error, dialect),
        TrafficError::Ports { ports, error }
            if text == &**ports && Protocol::parse(text, dialect).is_ok_and(|p| p.name() == Some(text)) =>
        {
            bad_port::in_traffic(text, ports, span, *error, dialect)
                .help("a word without a colon is taken for ports: a protocol needs them, `*` for all")
                .fix(mend::word(span, &format!("{text}:*"), true))
        }
        TrafficError::Ports { ports, error } => bad_port::in_traffic(text, ports, span, *error, dialect),
        TrafficError::Colons(_) => Diagnostic::new(&PAGE, span, error.to_string())
            .help("several ports are separated by commas: `tcp:80,443`; the destination stands in `dst`"),
    }
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
    fn a_protocol_alone_gets_all_ports() {
        assert_fixed(
            r#"{"grants": [{"src": ["*"], "dst": ["*"], "ip": ["icmp"]}]}"#,
            r#"{"grants": [{"src": ["*"], "dst": ["*"], "ip": ["icmp:*"]}]}"#,
        );
    }

    #[test]
    fn one_wrong_entry_is_one_finding() {
        check(
            r#"{
  "grants": [{"src": ["*"], "dst": ["*"], "ip": ["[::1]:80"]}],
//                                               ^^^^^^^^^^ TN120
}"#,
        );
    }
}
