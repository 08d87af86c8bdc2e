//! TN123: an autogroup that does not exist.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::dialect::{Dialect, Feature};
use crate::policy::read::Place;
use crate::policy::words::{Autogroup, Quoted};
use crate::source::Span;

use super::{mend, role_autogroup, test_source, wording};

/// TN123.
pub const PAGE: Page = Page {
    code: Code(123),
    severity: Severity::Error,
    name: "unknown-autogroup",
    what: "An autogroup has a name that headscale does not know.",
    why: "There are six: internet, member, nonroot, tagged, self and danger-all, in small letters \
          (hscontrol/policy/v2/types.go). `autogroup:members` is an old spelling of `autogroup:member`.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [
    { "action": "accept", "src": ["autogroup:members"], "dst": ["autogroup:self:*"] },
//                                ^^^^^^^^^^^^^^^^^^^ TN123: autogroup not supported for ACL sources: "autogroup:members", can be [autogroup:member autogroup:tagged autogroup:danger-all]
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [
    { "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self:*"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Those that stand where they help, by place.
fn allowed(place: Place, dialect: Dialect) -> Vec<Autogroup> {
    use Autogroup::{DangerAll, Internet, Member, OwnDevices, Tagged};
    match place {
        Place::Source if dialect.knows(Feature::DangerAll) => vec![Member, Tagged, DangerAll],
        Place::AclDestination | Place::GrantDestination => vec![Internet, Member, Tagged, OwnDevices],
        Place::SshDestination | Place::Test => vec![Member, Tagged, OwnDevices],
        Place::Source | Place::SshSource | Place::Target => vec![Member, Tagged],
        Place::TagOwner | Place::AutoApprover | Place::GroupMember => Vec::new(),
    }
}

/// headscale's words for the autogroup `text` at `place`.
fn words(text: &str, place: Place, dialect: Dialect) -> String {
    let quoted = Quoted(text);
    let can_be = wording::list(&allowed(place, dialect));
    if place == Place::AclDestination {
        let known: Vec<Autogroup> = Autogroup::ALL
            .into_iter()
            .filter(|autogroup| *autogroup != Autogroup::DangerAll || dialect.knows(Feature::DangerAll))
            .collect();
        let known = wording::list(&known);
        return match dialect {
            Dialect::V0_28 => format!("AutoGroup is invalid, got: {quoted}, must be one of {known}"),
            _ => format!("invalid autogroup: got {quoted}, must be one of {known}"),
        };
    }
    match (place, dialect) {
        // 0.28 says sources of both.
        (Place::SshSource | Place::SshDestination, Dialect::V0_28) => {
            format!("autogroup {quoted} is not supported for SSH sources, can be {can_be}")
        }
        (_, Dialect::V0_28) => format!("autogroup {quoted} is not supported for ACL sources, can be {can_be}"),
        (Place::GrantDestination, _) => {
            format!("autogroup not supported for ACL destinations: {quoted}, can be {can_be}")
        }
        (Place::SshSource, _) => format!("autogroup not supported for SSH sources: {quoted}, can be {can_be}"),
        (Place::SshDestination, _) => {
            format!("autogroup not supported for SSH destinations: {quoted}, can be {can_be}")
        }
        (Place::Target, _) => {
            format!("nodeAttrs target does not support this autogroup: {quoted}, can be {can_be}")
        }
        (Place::Test, _) => test_source::words(text),
        _ => format!("autogroup not supported for ACL sources: {quoted}, can be {can_be}"),
    }
}

/// `text`, which may have ports behind it where the place has them, is an autogroup that nobody knows.
pub(crate) fn finding(text: &str, span: Span, place: Place, dialect: Dialect) -> Diagnostic {
    let (name, ports) = match place {
        Place::AclDestination => text.rsplit_once(':').map_or((text, ""), |(name, _)| {
            (name, text.strip_prefix(name).unwrap_or_default())
        }),
        _ => (text, ""),
    };
    let words = words(name, place, dialect);
    if place == Place::Test {
        // headscale finds out when it runs the test.
        return test_source::with_help(name, Diagnostic::new(&test_source::PAGE, span, words));
    }
    if role_autogroup::is_role(name) {
        return role_autogroup::finding(name, span, place, words);
    }
    let finding = Diagnostic::new(&PAGE, span, words);
    let allowed = allowed(place, dialect);
    let short = name
        .strip_prefix("autogroup:")
        .unwrap_or(name)
        .trim()
        .to_ascii_lowercase();
    let write = |autogroup: Autogroup, safe| mend::word(span, &format!("{autogroup}{ports}"), safe);
    // The old spelling and other cases leave no doubt, other near words do.
    let certain = Autogroup::ALL.into_iter().find(|autogroup| {
        let known = autogroup.as_str().trim_start_matches("autogroup:");
        known == short || (*autogroup == Autogroup::Member && short == "members")
    });
    if let Some(autogroup) = certain {
        return finding.fix(write(autogroup, true));
    }
    let names = allowed.iter().map(|autogroup| autogroup.as_str());
    let near = mend::nearest(name, names).and_then(Autogroup::parse);
    match near {
        Some(autogroup) => finding
            .help(format!("did you mean {}?", wording::json(autogroup.as_str())))
            .fix(write(autogroup, false)),
        None => finding.help(format!(
            "headscale takes here: {}",
            allowed
                .iter()
                .map(|autogroup| autogroup.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        )),
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_fixed, assert_page, check, one_in};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn headscales_words_of_each_place() {
        check(
            r#"{
  "acls": [{"src": ["autogroup:x"], "dst": ["autogroup:x:80"]}],
//                  ^^^^^^^^^^^^^ TN123: autogroup not supported for ACL sources: "autogroup:x", can be [autogroup:member autogroup:tagged autogroup:danger-all]
//                                          ^^^^^^^^^^^^^^^^ TN123: invalid autogroup: got "autogroup:x", must be one of [autogroup:internet autogroup:member autogroup:nonroot autogroup:tagged autogroup:self autogroup:danger-all]
  "grants": [{"src": ["autogroup:x"], "dst": ["autogroup:x"], "ip": ["*"]}],
//                    ^^^^^^^^^^^^^ TN123: autogroup not supported for ACL sources: "autogroup:x"
//                                            ^^^^^^^^^^^^^ TN123: autogroup not supported for ACL destinations: "autogroup:x", can be [autogroup:internet autogroup:member autogroup:tagged autogroup:self]
  "ssh": [{"action": "accept", "src": ["autogroup:x"], "dst": ["autogroup:x"], "users": ["autogroup:x"]}],
//                                     ^^^^^^^^^^^^^ TN123: autogroup not supported for SSH sources: "autogroup:x", can be [autogroup:member autogroup:tagged]
//                                                             ^^^^^^^^^^^^^ TN123: autogroup not supported for SSH destinations: "autogroup:x", can be [autogroup:member autogroup:tagged autogroup:self]
  "nodeAttrs": [{"target": ["autogroup:x"], "attr": ["a"]}],
//                          ^^^^^^^^^^^^^ TN123: nodeAttrs target does not support this autogroup: "autogroup:x", can be [autogroup:member autogroup:tagged]
  "tests": [{"src": "1.1.1.1", "accept": ["autogroup:x:80"]}],
//                                        ^^^^^^^^^^^^^^^^ TN123: test(s) failed: test 0, accept "autogroup:x:80": invalid autogroup: got "autogroup:x"
}"#,
        );
    }

    #[test]
    fn spelling_is_mended_with_ports() {
        assert_fixed(
            r#"{"acls": [{"src": ["autogroup:Member", "autogroup:members"], "dst": ["autogroup:members:80", "autogroup:Self:*"]}]}"#,
            r#"{"acls": [{"src": ["autogroup:member", "autogroup:member"], "dst": ["autogroup:member:80", "autogroup:self:*"]}]}"#,
        );
    }

    #[test]
    fn words_of_0_28() {
        let message = |policy| one_in(Dialect::V0_28, policy).message;
        assert_eq!(
            message(r#"{"acls": [{"action": "accept", "src": ["autogroup:x"]}]}"#),
            r#"autogroup "autogroup:x" is not supported for ACL sources, can be [autogroup:member autogroup:tagged]"#
        );
        assert_eq!(
            message(r#"{"acls": [{"action": "accept", "dst": ["autogroup:x:1"]}]}"#),
            "AutoGroup is invalid, got: \"autogroup:x\", must be one of [autogroup:internet autogroup:member \
             autogroup:nonroot autogroup:tagged autogroup:self]"
        );
    }
}
