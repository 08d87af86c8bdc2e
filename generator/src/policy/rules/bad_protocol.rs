//! TN118: a protocol that is none.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::dialect::Dialect;
use crate::policy::words::protocol::ProtocolError;
use crate::policy::words::{Protocol, Quoted};
use crate::source::Span;

use super::{mend, not_in_dialect, wording};

/// TN118.
pub const PAGE: Page = Page {
    code: Code(118),
    severity: Severity::Error,
    name: "bad-protocol",
    what: "A protocol is neither a name that headscale knows nor a number from 1 to 255.",
    why: "Known names are icmp, igmp, ipv4, ip-in-ip, tcp, egp, igp, udp, gre, esp, ah, ipv6-icmp, sctp and fc \
          (`Protocol.validate`, hscontrol/policy/v2/types.go). `*` is not among them: without a protocol, TCP, UDP and \
          ICMP are meant. In a grant's `ip` the name is compared as written, so `TCP:22` is refused.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [
    { "action": "accept", "proto": "*", "src": ["*"], "dst": ["*:443"] },
//                                 ^^^ TN118: proto name "*" not known
    { "action": "accept", "proto": "http", "src": ["*"], "dst": ["*:80"] },
//                                 ^^^^^^ TN118: invalid protocol number: "http" must be a known protocol name
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [
    { "action": "accept", "src": ["*"], "dst": ["*:443"] },
    { "action": "accept", "proto": "tcp", "src": ["*"], "dst": ["*:80"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// headscale's words for `error`.
fn words(error: &ProtocolError, dialect: Dialect) -> String {
    match (error, dialect) {
        (ProtocolError::LeadingZero(text), Dialect::V0_28) => {
            format!("leading 0 not permitted in protocol number \"{text}\"")
        }
        (ProtocolError::Unknown(text), Dialect::V0_28) => format!(
            "invalid protocol {}: must be a known protocol name or valid protocol number 0-255",
            Quoted(text)
        ),
        (ProtocolError::OutOfRange(number), Dialect::V0_28) => {
            format!("protocol number {number} out of range (0-255)")
        }
        _ => error.to_string(),
    }
}

/// `proto` of an ACL or a test is `text`.
pub(crate) fn finding(text: &str, span: Span, error: &ProtocolError, dialect: Dialect) -> Diagnostic {
    let words = words(error, dialect);
    // Only 0.29 knows it.
    if let Ok(protocol) = Protocol::parse(text, Dialect::V0_29) {
        return not_in_dialect::protocol(span, words, protocol, dialect);
    }
    let finding = Diagnostic::new(&PAGE, span, words);
    match error {
        ProtocolError::Wildcard => finding
            .help("without `proto`, TCP, UDP and ICMP are meant: take it out")
            .fix(mend::word(span, "", true)),
        _ => mended(finding, text, span, "", dialect),
    }
}

/// The protocol before the ports of a grant's entry `text` is wrong.
pub(super) fn in_traffic(text: &str, span: Span, error: &ProtocolError, dialect: Dialect) -> Diagnostic {
    let finding = Diagnostic::new(&PAGE, span, words(error, dialect));
    let (protocol, ports) = text.split_once(':').unwrap_or((text, ""));
    match error {
        ProtocolError::Wildcard => finding
            .help("without a protocol, TCP, UDP and ICMP are meant: write the ports alone")
            .fix(mend::word(span, ports, true)),
        _ => mended(finding, protocol, span, &format!(":{ports}"), dialect),
    }
}

/// Adds what mends the protocol `text`, which `rest` follows.
fn mended(finding: Diagnostic, text: &str, span: Span, rest: &str, dialect: Dialect) -> Diagnostic {
    let trimmed = text.trim();
    if let Ok(protocol) = Protocol::parse(trimmed, dialect) {
        return finding.fix(mend::word(span, &format!("{protocol}{rest}"), true));
    }
    let lower = trimmed.to_ascii_lowercase();
    let known = match &*lower {
        "icmpv6" | "icmp6" | "ipv6icmp" => Some("ipv6-icmp"),
        "icmpv4" => Some("icmp"),
        "ipip" => Some("ip-in-ip"),
        _ => None,
    };
    if let Some(name) = known {
        let name = if Protocol::names(dialect).any(|known| known == name) {
            name
        } else {
            "58"
        };
        return finding.fix(mend::word(span, &format!("{name}{rest}"), true));
    }
    match &*lower {
        "any" | "all" => finding.help("without a protocol, TCP, UDP and ICMP are meant: leave it out"),
        "http" | "https" | "ssh" => finding
            .help("this is a service, not a protocol of IP: it runs over TCP")
            .fix(mend::word(span, &format!("tcp{rest}"), false)),
        _ => match mend::nearest(trimmed, Protocol::names(dialect)) {
            Some(near) => finding
                .help(format!("did you mean {}?", wording::json(near)))
                .fix(mend::word(span, &format!("{near}{rest}"), false)),
            None => {
                let names: Vec<&str> = Protocol::names(dialect).collect();
                finding.help(format!("known names are {}", names.join(", ")))
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_fixed, assert_page, check, one, one_in};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn in_acls_grants_and_tests() {
        check(
            r#"{
  "acls": [{"proto": 0}, {"proto": 256}, {"proto": null}, {"proto": 6.0}, {"proto": "007"}, {"proto": "06"}],
//                   ^ TN118: leading 0 not permitted in protocol number: "0"
//                                 ^^^ TN118: protocol number out of range (0-255): 256
//                                                 ^^^^ TN118: invalid protocol number: "null"
//                                                                                  ^^^^^ TN118: leading 0 not permitted in protocol number: "007"
  "grants": [{"ip": ["*:443", "TCP:22", "06:1"]}],
//                   ^^^^^^^ TN118: proto name "*" not known
//                            ^^^^^^^^ TN118: invalid protocol number: "TCP"
//                                      ^^^^^^ TN118: leading 0 not permitted in protocol number: "06"
  "tests": [{"src": "1.1.1.1", "proto": 6.0, "accept": ["1.1.1.1:1"]}],
//                                      ^^^ TN118: invalid protocol number: "6.0"
}"#,
        );
    }

    #[test]
    fn the_fixes_say_what_was_meant() {
        assert_fixed(
            r#"{"acls": [{"proto": " TCP"}, {"proto": "icmpv6"}, {"proto": "*"}], "grants": [{"ip": ["*:443", "UDP:53", "06:1"]}]}"#,
            r#"{"acls": [{"proto": "tcp"}, {"proto": "ipv6-icmp"}, {"proto": ""}], "grants": [{"ip": ["443", "udp:53", "tcp:1"]}]}"#,
        );
        assert_eq!(one(r#"{"acls": [{"proto": "tpc"}]}"#).help, ["did you mean \"tcp\"?"]);
    }

    #[test]
    fn words_of_0_28() {
        for (proto, words) in [
            ("007", "leading 0 not permitted in protocol number \"007\""),
            (
                "x",
                "invalid protocol \"x\": must be a known protocol name or valid protocol number 0-255",
            ),
            ("300", "protocol number 300 out of range (0-255)"),
        ] {
            let policy = format!(r#"{{"acls": [{{"action": "accept", "proto": "{proto}"}}]}}"#);
            assert_eq!(one_in(Dialect::V0_28, &policy).message, words);
        }
    }
}
