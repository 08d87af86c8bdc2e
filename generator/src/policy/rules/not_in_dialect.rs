//! TN113: right in a later headscale, not in this one.

use crate::diagnostics::{Code, Diagnostic, Edit, Example, Fix, Page, Severity};
use crate::policy::dialect::{Dialect, Feature};
use crate::policy::words::{Alias, Protocol, Quoted};
use crate::source::{Span, Spanned};

use super::{mend, unknown_field};

/// TN113.
pub const PAGE: Page = Page {
    code: Code(113),
    severity: Severity::Error,
    name: "not-in-dialect",
    what: "The policy uses something that the headscale it is written for does not know yet.",
    why: "Each series of headscale reads a language of its own. 0.28 (nixos-26.05) has neither grants nor nodeAttrs, \
          tests, sshTests, randomizeClientPort, acceptEnv, autogroup:danger-all and brackets around IPv6 addresses; \
          `tailscale.com/cap/secrets` comes with 0.30. headscale refuses the whole policy and, at start, exits.",
    wrong: Example::Policy {
        text: r#"{
  "grants": [{ "src": ["*"], "dst": ["*"], "ip": ["tcp:443"] }],
//^^^^^^^^ TN113: unknown field "grants"
}
"#,
        topology: None,
        dialect: "0.28",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "proto": "tcp", "src": ["*"], "dst": ["*:443"] }],
}
"#,
        topology: None,
        dialect: "0.28",
    },
};

fn new(span: Span, feature: Feature, dialect: Dialect, message: String) -> Diagnostic {
    Diagnostic::new(&PAGE, span, message).label(format!(
        "headscale {dialect} does not know {}: it came with {}",
        feature.what(),
        feature.since()
    ))
}

/// A field.
pub(crate) fn field(name: &Spanned<Box<str>>, feature: Feature, dialect: Dialect) -> Diagnostic {
    let finding = new(name.span, feature, dialect, unknown_field::words(&name.value, dialect));
    match feature {
        Feature::Grants => finding.help("write ACLs instead; what `app` and `via` say has no equivalent there"),
        Feature::RandomizeClientPort => finding.help("0.28 has it in its configuration: `randomize_client_port: true`"),
        _ => finding.help("take it out, or deploy a newer headscale"),
    }
}

/// The word `text` has space around it, and is `trimmed` without. As a user's name it passes and means nobody;
/// otherwise it is refused.
pub(crate) fn word(text: &str, span: Span, dialect: Dialect, trimmed: &str) -> Diagnostic {
    let message = format!("headscale {dialect} takes the space around a word for a part of it");
    let mut finding = new(span, Feature::Trimming, dialect, message).fix(mend::word(span, trimmed, true));
    if let Ok(Alias::User(_)) = Alias::parse(text) {
        finding.severity = Severity::Warning;
    }
    finding
}

/// `autogroup:danger-all`.
pub(crate) fn autogroup(span: Span, dialect: Dialect) -> Diagnostic {
    let message = "autogroup \"autogroup:danger-all\" is not supported for ACL sources, can be [autogroup:member \
                   autogroup:tagged]";
    new(span, Feature::DangerAll, dialect, message.into())
        .help("`*` means every address, also outside the tailnet, to headscale 0.28")
        .fix(mend::word(span, "*", false))
}

/// `[v6]:ports`.
pub(crate) fn brackets(text: &str, span: Span, dialect: Dialect) -> Diagnostic {
    let host = text.rsplit_once(':').map_or(text, |(host, _)| host);
    let message = format!("Invalid alias {}", Quoted(host));
    let plain = text.replacen('[', "", 1).replacen(']', "", 1);
    new(span, Feature::Brackets, dialect, message)
        .help("the text is split at its last colon, so the address needs no brackets")
        .fix(mend::word(span, &plain, true))
}

/// An ACL without `action`.
pub(crate) fn missing_action(span: Span, dialect: Dialect) -> Diagnostic {
    let edit = Edit {
        span: Span::new(span.source, span.start.saturating_add(1), span.start.saturating_add(1)),
        text: "\"action\": \"accept\", ".into(),
    };
    new(span, Feature::MissingAction, dialect, "invalid action".into())
        .help("add \"action\": \"accept\"")
        .fix(Fix {
            title: "add \"action\": \"accept\"".into(),
            edits: vec![edit],
            safe: true,
        })
}

/// The protocol `text`, in 0.28's words, which is `protocol` later.
pub(crate) fn protocol(span: Span, words: String, protocol: Protocol, dialect: Dialect) -> Diagnostic {
    let mended = match protocol {
        // The number is what 0.28 takes for the protocols whose names it lacks.
        Protocol::Number(number) if Protocol::names(dialect).all(|name| Some(name) != protocol.name()) => {
            number.to_string()
        }
        _ => protocol.to_string(),
    };
    new(span, Feature::ProtocolNames, dialect, words).fix(mend::word(span, &mended, true))
}

/// The number of a protocol whose name only may have ports.
pub(crate) fn protocol_number(span: Span, proto: Protocol, dialect: Dialect) -> Diagnostic {
    let number = match proto {
        Protocol::Number(number) => number.to_string(),
        Protocol::Any => String::new(),
    };
    let words = format!(
        "protocol {} does not support specific ports; only \"*\" is allowed",
        Quoted(&number)
    );
    protocol(span, words, proto, dialect)
}

/// A capability.
pub(crate) fn capability(span: Span, words: String, dialect: Dialect) -> Diagnostic {
    new(span, Feature::SecretsCapability, dialect, words).help("take it out, or deploy a newer headscale")
}

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_fixed_in, assert_page, check_in, one_in};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn what_0_28_does_not_know() {
        check_in(
            Dialect::V0_28,
            r#"{
  "nodeAttrs": [],
//^^^^^^^^^^^ TN113: unknown field "nodeAttrs"
  "tests": [],
//^^^^^^^ TN113
  "sshTests": [],
//^^^^^^^^^^ TN113
  "randomizeClientPort": true,
//^^^^^^^^^^^^^^^^^^^^^ TN113
  "acls": [
    {"action": "accept", "src": ["autogroup:danger-all"], "dst": ["*:*"]},
//                               ^^^^^^^^^^^^^^^^^^^^^^ TN113: autogroup "autogroup:danger-all" is not supported
    {"action": "accept", "src": ["*"], "dst": ["[fd7a::1]:80"]},
//                                             ^^^^^^^^^^^^^^ TN113: Invalid alias "[fd7a::1]"
    {"action": "accept", "proto": "ipv6-icmp", "src": ["*"], "dst": ["*:*"]},
//                                ^^^^^^^^^^^ TN113: invalid protocol "ipv6-icmp"
    {"action": "accept", "proto": "06", "src": ["*"], "dst": ["*:*"]},
//                                ^^^^ TN113: leading 0 not permitted in protocol number "06"
    {"action": "accept", "proto": 6, "src": ["*"], "dst": ["*:80"]},
//                                ^ TN113: protocol "6" does not support specific ports
    {"action": "accept", "proto": 6, "src": ["*"], "dst": ["*:*"]},
    {"src": [" *"], "dst": []},
//  ^^^^^^^^^^^^^^^^^^^^^^^^^^ TN113: invalid action
//           ^^^^ TN113: takes the space
  ],
  "ssh": [{"action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": [], "acceptEnv": []}],
//                                                                                                  ^^^^^^^^^^^ TN113
}"#,
        );
    }

    #[test]
    fn a_user_with_space_around_passes_and_means_nobody() {
        let severity = |src| {
            let policy = format!(r#"{{"acls": [{{"action": "accept", "src": ["{src}"], "dst": []}}]}}"#);
            one_in(Dialect::V0_28, &policy).severity
        };
        assert_eq!(severity(" alice@"), Severity::Warning);
        assert_eq!(severity("tag:a "), Severity::Error);
    }

    #[test]
    fn secrets_come_with_0_30() {
        let policy = r#"{
  "grants": [{"src": ["*"], "dst": ["*"], "app": {"tailscale.com/cap/secrets": []}}],
//                                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN113: capability name must not be in
}"#;
        check_in(Dialect::V0_29, policy);
        let (text, _) = crate::diagnostics::caret::cut(policy);
        check_in(Dialect::V0_30, &text);
    }

    #[test]
    fn fixes_say_the_same_to_0_28() {
        assert_fixed_in(
            Dialect::V0_28,
            r#"{"acls": [{"proto": "fc", "src": [" *"], "dst": ["[fd7a::1]/64:*"]}, {"action": "accept", "proto": 17, "src": [], "dst": ["*:53"]}]}"#,
            r#"{"acls": [{"action": "accept", "proto": "133", "src": ["*"], "dst": ["fd7a::1/64:*"]}, {"action": "accept", "proto": "udp", "src": [], "dst": ["*:53"]}]}"#,
        );
    }
}
