//! TN117: ports that are none.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::dialect::Dialect;
use crate::policy::words::port::PortError;
use crate::policy::words::{Alias, PortRange, Quoted};
use crate::source::Span;

use super::mend;

/// TN117.
pub const PAGE: Page = Page {
    code: Code(117),
    severity: Severity::Error,
    name: "bad-port",
    what: "What stands where ports belong is no list of ports.",
    why: "Ports are numbers from 1 to 65535, ranges (`8000-8999`), both separated by commas and without spaces, or `*` \
          (`parsePortRange`, hscontrol/policy/v2/utils.go). Names of services (`ssh`) are not looked up. In an ACL the \
          ports follow the last colon, so a destination that ends with the name of a tag has none.",
    wrong: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:web": [] },
  "acls": [
    { "action": "accept", "src": ["*"], "dst": ["tag:web:https"] },
//                                              ^^^^^^^^^^^^^^^ TN117: dst="tag:web:https": port range "https": invalid first integer
    { "action": "accept", "src": ["*"], "dst": ["tag:web"] },
//                                              ^^^^^^^^^ TN117: dst="tag:web": port range "web": invalid first integer
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:web": [] },
  "acls": [
    { "action": "accept", "src": ["*"], "dst": ["tag:web:443"] },
    { "action": "accept", "src": ["*"], "dst": ["tag:web:80"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// headscale's words for `error`.
fn words(error: PortError, dialect: Dialect) -> String {
    match (error, dialect) {
        (PortError::NotANumber, Dialect::V0_28) => "invalid port number".into(),
        _ => error.to_string(),
    }
}

/// The destination `text` has the wrong `ports`.
pub(crate) fn in_destination(text: &str, ports: &str, span: Span, error: PortError, dialect: Dialect) -> Diagnostic {
    let words = match dialect {
        Dialect::V0_28 => words(error, dialect),
        _ => format!("dst={}: port range {}: {error}", Quoted(text), Quoted(ports)),
    };
    let finding = Diagnostic::new(&PAGE, span, words);
    // The whole text names somebody: only the ports are missing.
    let portless = match Alias::parse(text) {
        Ok(Alias::Tag(_) | Alias::Group(_)) => text.matches(':').count() == 1,
        Ok(Alias::Autogroup(_) | Alias::User(_) | Alias::Prefix(_)) => true,
        _ => text.starts_with("autogroup:") && text.matches(':').count() == 1,
    };
    if portless {
        let all = format!("{text}:*");
        return finding
            .label("no ports")
            .help("the ports follow a colon: `:443`, `:80,443`, `:*` for all")
            .fix(mend::word(span, &all, false));
    }
    let host = text.strip_suffix(ports).unwrap_or(text);
    helped(finding, ports, error, span, |ports| format!("{host}{ports}"))
}

/// The ports of a grant's entry `text` are wrong.
pub(super) fn in_traffic(text: &str, ports: &str, span: Span, error: PortError, dialect: Dialect) -> Diagnostic {
    let words = format!("port range {}: {}", Quoted(ports), words(error, dialect));
    let protocol = text.strip_suffix(ports).unwrap_or(text);
    helped(Diagnostic::new(&PAGE, span, words), ports, error, span, |ports| {
        format!("{protocol}{ports}")
    })
}

/// Adds what mends `ports`; `whole` puts the mended ones in their place.
fn helped(
    finding: Diagnostic,
    ports: &str,
    error: PortError,
    span: Span,
    whole: impl Fn(&str) -> String,
) -> Diagnostic {
    let plain: String = ports.split_whitespace().collect();
    let plain = plain.trim_end_matches(',');
    if plain != ports && PortRange::parse_list(plain).is_ok() {
        return finding.fix(mend::word(span, &whole(plain), true));
    }
    if ports.split(',').any(|part| part.trim() == "*") {
        return finding
            .help("`*` means all ports and stands alone")
            .fix(mend::word(span, &whole("*"), true));
    }
    if let Some(number) = service_port(ports) {
        let help = format!("names of services are not looked up; {ports} usually listens on {number}");
        return finding.help(help).fix(mend::word(span, &whole(number), false));
    }
    match error {
        PortError::Zero => finding.help("port 0 is none; for all ports write `*`"),
        PortError::OutOfRange => finding.help("ports go from 1 to 65535"),
        PortError::Inverted => finding.help("the lower port comes first"),
        PortError::NotANumber | PortError::Format => {
            finding.help("ports are written `443`, `80,443`, `8000-8999` or `*`, without spaces")
        }
    }
}

/// The port of a service that people write by name.
fn service_port(name: &str) -> Option<&'static str> {
    Some(match &*name.to_ascii_lowercase() {
        "ssh" => "22",
        "dns" | "domain" => "53",
        "http" => "80",
        "https" => "443",
        "smb" => "445",
        "rdp" => "3389",
        "mysql" => "3306",
        "postgres" | "postgresql" => "5432",
        _ => return None,
    })
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
  "acls": [{"action": "accept", "src": ["*"], "dst": ["*:0", "*:70000", "*:9-8", "*:1-2-3"]}],
//                                                    ^^^^^ TN117: first port must be >0, or use '*' for wildcard
//                                                           ^^^^^^^^^ TN117: port number out of range
//                                                                      ^^^^^^^ TN117: first port is greater than last port
//                                                                               ^^^^^^^^^ TN117: invalid port range format
  "grants": [{"src": ["*"], "dst": ["*"], "ip": ["tcp", "icmp", "tcp:ssh", "0"]}],
//                                               ^^^^^ TN117: port range "tcp": invalid first integer
//                                                      ^^^^^^ TN117: port range "icmp": invalid first integer
//                                                              ^^^^^^^^^ TN117: port range "ssh": invalid first integer
//                                                                         ^^^ TN117: port range "0": first port must be >0
  "tests": [{"src": "1.1.1.1", "accept": ["1.1.1.1:x"]}],
//                                        ^^^^^^^^^^^ TN117: test 0, accept "1.1.1.1:x": dst="1.1.1.1:x": port range "x"
}"#,
        );
    }

    #[test]
    fn spaces_and_stray_wildcards_are_mended() {
        assert_fixed(
            r#"{"acls": [{"src": ["*"], "dst": ["*:80, 443", "*:*,80", "*:22,"]}], "grants": [{"src": ["*"], "dst": ["*"], "ip": ["tcp: 22"]}]}"#,
            r#"{"acls": [{"src": ["*"], "dst": ["*:80,443", "*:*", "*:22"]}], "grants": [{"src": ["*"], "dst": ["*"], "ip": ["tcp:22"]}]}"#,
        );
    }

    #[test]
    fn what_was_probably_meant() {
        let edit = |policy| one(policy).fixes[0].edits[0].text.clone();
        assert_eq!(edit(r#"{"acls": [{"dst": ["srv:ssh"]}]}"#), r#""srv:22""#);
        assert_eq!(
            edit(r#"{"acls": [{"dst": ["autogroup:self"]}]}"#),
            r#""autogroup:self:*""#
        );
        assert_eq!(edit(r#"{"acls": [{"dst": ["fd7a::beef"]}]}"#), r#""fd7a::beef:*""#);
        assert_eq!(edit(r#"{"grants": [{"ip": ["tcp"]}]}"#), r#""tcp:*""#);
    }

    #[test]
    fn words_of_0_28() {
        let finding = one_in(Dialect::V0_28, r#"{"acls": [{"action": "accept", "dst": ["*:x"]}]}"#);
        assert_eq!(finding.message, "invalid port number");
    }
}
