//! TN121: a word that names nobody.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::dialect::Dialect;
use crate::policy::read::Place;
use crate::policy::words::{Alias, Destination, Quoted};
use crate::source::Span;

use super::{mend, service_alias, unfilled_template};

/// TN121.
pub const PAGE: Page = Page {
    code: Code(121),
    severity: Severity::Error,
    name: "invalid-alias",
    what: "A word that should name sources or destinations has a colon, but none of the forms that have one.",
    why: "A name is an address or CIDR, `*`, a user (with `@`), `group:...`, `tag:...`, `autogroup:...`, or a host \
          without a colon (`parseAlias`, hscontrol/policy/v2/types.go). Case matters; ports belong to `dst` of an ACL \
          and to `ip` of a grant only.",
    wrong: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:web": [] },
  "grants": [
    { "src": ["Tag:web"], "dst": ["nas:443"], "ip": ["*"] },
//            ^^^^^^^^^ TN121: invalid alias format: "Tag:web"
//                                ^^^^^^^^^ TN121: invalid alias format: "nas:443"
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "hosts": { "nas": "192.0.2.10" },
  "tagOwners": { "tag:web": [] },
  "grants": [
    { "src": ["tag:web"], "dst": ["nas"], "ip": ["tcp:443"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// `name` is no alias; `text` is the whole word, which in a destination of an ACL has brackets and ports besides.
pub(crate) fn finding(text: &str, name: &str, span: Span, place: Place, dialect: Dialect) -> Diagnostic {
    // The ports stay behind what is mended.
    let ports = match place {
        Place::AclDestination => text
            .rsplit_once(':')
            .map_or("", |(host, _)| text.strip_prefix(host).unwrap_or("")),
        _ => "",
    };
    let words = match dialect {
        Dialect::V0_28 => format!("Invalid alias {}", Quoted(name)),
        _ => format!("invalid alias format: {}", Quoted(name)),
    };
    if unfilled_template::is_template(text) {
        return unfilled_template::finding(text, span, words);
    }
    if let Some(kind) = service_alias::kind(name) {
        return service_alias::finding(kind, span, words);
    }
    let finding = Diagnostic::new(&PAGE, span, words);
    let mended = |name: &str, safe| mend::word(span, &format!("{name}{ports}"), safe);
    let trimmed = name.trim();
    if trimmed != name && Alias::parse(trimmed).is_ok() {
        return finding
            .help("headscale does not trim this word")
            .fix(mended(trimmed, true));
    }
    if let Some((prefix, rest)) = trimmed.split_once(':') {
        let lower = prefix.trim().to_ascii_lowercase();
        let known = ["tag", "group", "autogroup"];
        if known.contains(&&*lower) {
            return finding.fix(mended(&format!("{lower}:{}", rest.trim()), true));
        }
        let without_s = lower.strip_suffix('s').unwrap_or(&lower);
        if known.contains(&without_s) {
            return finding.fix(mended(&format!("{without_s}:{}", rest.trim()), false));
        }
        if lower == "user" {
            return finding
                .help("a user is written with an `@`: `alice@`, or the mail address")
                .fix(mended(&format!("{}@", rest.trim()), false));
        }
        if lower == "host" {
            return finding.fix(mended(rest.trim(), false));
        }
    }
    let inner = trimmed.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
    if let Some(address) = inner.filter(|address| Alias::parse(address).is_ok()) {
        return finding
            .help("without ports an address needs no brackets")
            .fix(mended(address, true));
    }
    match Destination::parse(trimmed) {
        Ok(Destination { alias, .. }) if place != Place::AclDestination => finding
            .label("a name with ports")
            .help(match place {
                Place::GrantDestination => "a grant names its ports in `ip`",
                Place::Source => "sources have no ports: those of the destination are meant everywhere",
                _ => "ports are named in `dst` of an ACL and in `ip` of a grant only",
            })
            .fix(mend::word(span, &alias.to_string(), false)),
        _ => finding.help(
            "write an address or CIDR, `*`, a user with `@`, `group:...`, `tag:...`, `autogroup:...`, or a name from \
             `hosts`",
        ),
    }
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
    fn in_every_list_of_names() {
        check(
            r#"{
  "acls": [{"src": ["a:b"], "dst": ["a:b:80", " tag:a:80"]}],
//                  ^^^^^ TN121: invalid alias format: "a:b"
//                                  ^^^^^^^^ TN121: invalid alias format: "a:b"
//                                            ^^^^^^^^^^^ TN121: invalid alias format: " tag:a"
  "ssh": [{"action": "accept", "src": ["a:b"], "dst": ["a:b"], "users": ["a"]}],
//                                     ^^^^^ TN121
//                                                     ^^^^^ TN121
  "nodeAttrs": [{"target": ["a:b"]}],
//                          ^^^^^ TN121
  "sshTests": [{"src": "a:b", "dst": ["a:b"], "accept": ["a"]}],
//                     ^^^^^ TN121
//                                    ^^^^^ TN121
}"#,
        );
    }

    #[test]
    fn case_space_and_brackets_are_mended() {
        assert_fixed(
            r#"{"acls": [{"src": ["Group:a"], "dst": [" tag:a:80", "TAG:a:1-2"]}], "grants": [{"src": ["AutoGroup:member"], "dst": ["[fd7a::1]"], "ip": ["*"]}]}"#,
            r#"{"acls": [{"src": ["group:a"], "dst": ["tag:a:80", "tag:a:1-2"]}], "grants": [{"src": ["autogroup:member"], "dst": ["fd7a::1"], "ip": ["*"]}]}"#,
        );
    }

    #[test]
    fn what_was_probably_meant() {
        let edit = |policy| one(policy).fixes[0].edits[0].text.clone();
        assert_eq!(edit(r#"{"acls": [{"src": ["tags:web"]}]}"#), r#""tag:web""#);
        assert_eq!(edit(r#"{"acls": [{"src": ["user:alice"]}]}"#), r#""alice@""#);
        assert_eq!(edit(r#"{"grants": [{"dst": ["nas:443"], "ip": ["*"]}]}"#), r#""nas""#);
    }
}
