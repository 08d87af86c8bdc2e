//! TN106: a host that `hosts` does not have.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::{Alias, HostName};
use super::context::Context;
use super::mend;
use super::places::{Place, Reference};
use super::ssh_test_without_source::is_empty;
use super::wording::{quote, test_failed};

/// The page of TN106.
pub const PAGE: Page = Page {
    code: Code(106),
    severity: Severity::Error,
    name: "undefined-host",
    what: "A rule, target or test names a host that `hosts` does not define.",
    why: "A word without `@`, `:` or a valid address is read as the name of a host, and headscale refuses the whole \
          policy when `hosts` has no such name (`Hosts.exist`, hscontrol/policy/v2/types.go). Mostly it was meant as \
          something else: a user without `@`, a tag without `tag:`, a mistyped address. Names of nodes are no hosts. \
          In `tests` and `sshTests` the name is not looked up, but then nothing can be resolved and the test fails.",
    wrong: Example::Policy {
        text: r#"{
  "hosts": { "database": "100.64.0.7" },
  "acls": [
    { "action": "accept", "src": ["*"], "dst": ["databse:5432"] },
    //                                          ^^^^^^^^^^^^^^ TN106: host not defined in policy: "databse"
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "hosts": { "database": "100.64.0.7" },
  "acls": [
    { "action": "accept", "src": ["*"], "dst": ["database:5432"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Finds references to hosts that do not exist.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for reference in context.references() {
        if let Alias::Host(host) = reference.alias
            && context.host(host).is_none()
            && let Some(message) = message(context, reference, host)
        {
            out.push(finding(context, reference, host, message));
        }
    }
}

/// headscale's words depend on the place; `None` where another rule speaks.
fn message(context: &Context<'_>, reference: &Reference<'_>, host: &HostName) -> Option<String> {
    let name = quote(host.as_str());
    let text = quote(&reference.text());
    Some(match reference.place {
        // No place for hosts, defined or not. (0.28 takes any name as an SSH destination and matches nothing with it.)
        Place::SshSource | Place::SshDestination => return None,
        // TN176 speaks of an empty one.
        Place::SshTestSource if is_empty(reference.alias) => return None,
        Place::TestSource | Place::SshTestSource => test_failed(&format!(
            "failed to resolve source {text}: resolving: error resolving host: {name}"
        )),
        Place::TestAccept | Place::TestDeny => test_failed(&format!(
            "error testing {text}: resolving destination: error resolving host: {name}"
        )),
        Place::SshTestDestination => test_failed(&format!(
            "failed to resolve destinations: resolving destination {text}: error resolving host: {name}"
        )),
        _ if context.is_0_28() => {
            format!("Host {name} is not defined in the Policy, please define or remove the reference to it")
        }
        _ => format!("host not defined in policy: {name}"),
    })
}

fn finding(context: &Context<'_>, reference: &Reference<'_>, host: &HostName, message: String) -> Diagnostic {
    let name = host.as_str();
    let mut found = Diagnostic::new(&PAGE, reference.span, message).label("not in hosts");
    if let Some(near) = context.near_host(name) {
        found = context.suggest(found, Some(reference), &near);
    }
    for (kind, meant) in [("tag", format!("tag:{name}")), ("group", format!("group:{name}"))] {
        if let Some(span) = context.definition(&meant) {
            let written = reference.rewritten(&meant);
            found = found
                .related(span, format!("{} is defined here", quote(&meant)))
                .help(format!("to name the {kind}, write {}", quote(&written)))
                .fix(mend::word(reference.span, &written, false));
        }
    }
    if !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'/')) {
        return found
            .help("it looks like an address, but is none: four numbers from 0 to 255, and after a / at most 32");
    }
    if name.contains('$') || name.contains("{{") {
        return found.help("it looks like a template that nobody filled in");
    }
    found.help(format!(
        "define it under \"hosts\", or, if it is a user, write {} (users need an @)",
        quote(&format!("{name}@"))
    ))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_found, assert_page, findings};
    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn every_place_is_looked_at() {
        assert_found(
            &PAGE,
            r#"{
  "acls": [{ "action": "accept", "src": ["e"], "dst": ["f:22"] }],
  //                                     ^^^ TN106: host not defined in policy: "e"
  //                                                   ^^^^^^ TN106: host not defined in policy: "f"
  "grants": [{ "src": ["g"], "dst": ["h"], "ip": ["*"] }],
  //                   ^^^ TN106: host not defined in policy: "g"
  //                                 ^^^ TN106: host not defined in policy: "h"
  "nodeAttrs": [{ "target": ["l"], "attr": ["x"] }],
  //                         ^^^ TN106: host not defined in policy: "l"
  "tests": [{ "src": "m", "accept": ["n:22"], "deny": ["o:22"] }],
  //                 ^^^ TN106: failed to resolve source "m": resolving: error resolving host: "m"
  //                                 ^^^^^^ TN106: error testing "n:22": resolving destination: error resolving host: "n"
  //                                                   ^^^^^^ TN106: error testing "o:22": resolving destination: error resolving host: "o"
  "sshTests": [{ "src": "p", "dst": ["q"], "accept": ["root"] }],
  //                    ^^^ TN106: failed to resolve source "p": resolving: error resolving host: "p"
  //                                 ^^^ TN106: resolving destination "q": error resolving host: "q"
}"#,
            "0.29",
        );
    }

    #[test]
    fn what_else_it_may_have_been_is_said() {
        let help = |name: &str| {
            let text = format!(
                r#"{{ "tagOwners": {{ "tag:web": [] }}, "acls": [{{ "action": "accept", "src": ["{name}"], "dst": ["*:*"] }}] }}"#
            );
            let found = findings(&text, "0.29");
            assert_eq!(found.len(), 1, "{found:?}");
            found[0].help.join("; ")
        };
        assert!(help("web").contains("to name the tag, write \"tag:web\""));
        assert!(help("bob").contains("write \"bob@\""));
        assert!(help("10.0.0").contains("looks like an address"));
        assert!(help("${ADMIN_USERS}").contains("template"));
    }

    #[test]
    fn v0_28_has_its_own_words() {
        assert_found(
            &PAGE,
            r#"{
  "acls": [{ "action": "accept", "src": ["e"], "dst": ["*:22"] }],
  //                                     ^^^ TN106: Host "e" is not defined in the Policy, please define or remove the reference to it
}"#,
            "0.28",
        );
    }
}
