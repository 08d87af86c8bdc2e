//! TN159: `autogroup:self` reached from sources that have no devices of their own.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::{Span, Spanned};

use super::super::words::{Alias, Autogroup};
use super::autogroup_source::is_source;
use super::context::Context;

/// The page of TN159.
pub const PAGE: Page = Page {
    code: Code(159),
    severity: Severity::Error,
    name: "self-with-others",
    what: "A rule to `autogroup:self` has a source that is not a user, a group or `autogroup:member`.",
    why: "`autogroup:self` means the devices of the user who connects; tags, hosts and addresses have no user. Since \
          0.29 headscale refuses the policy (`validateACLSrcDstCombination`, `validateGrantSrcDstCombination`, \
          hscontrol/policy/v2/types.go). An ACL may have the source `*`, a grant may not.",
    wrong: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:server": [] },
  "acls": [
    { "action": "accept", "src": ["autogroup:member", "tag:server"], "dst": ["autogroup:self:*"] },
    //                                                ^^^^^^^^^^^^ TN159: autogroup:self can only be used with users, groups, or supported autogroups
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

/// Finds such rules: one finding a rule, as headscale has it, at the first source to blame.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    if context.is_0_28() {
        return;
    }
    for acl in context.document.acls.iter().flatten() {
        let own = acl.dst.iter().find(|dst| is_self(&dst.value.alias)).map(|dst| dst.span);
        judge(&acl.src, own, true, out);
    }
    for grant in context.document.grants.iter().flatten() {
        let own = grant.dst.iter().find(|dst| is_self(&dst.value)).map(|dst| dst.span);
        judge(&grant.src, own, false, out);
    }
}

fn is_self(alias: &Alias) -> bool {
    *alias == Alias::Autogroup(Autogroup::OwnDevices)
}

fn judge(sources: &[Spanned<Alias>], own: Option<Span>, wildcard: bool, out: &mut Vec<Diagnostic>) {
    let Some(own) = own else { return };
    let mut blamed = sources.iter().filter(|source| match &source.value {
        Alias::User(_) | Alias::Group(_) | Alias::Autogroup(Autogroup::Member) => false,
        Alias::Wildcard => !wildcard,
        // Not a source at all: TN150 says so.
        Alias::Autogroup(autogroup) => is_source(*autogroup),
        Alias::Tag(_) | Alias::Host(_) | Alias::Prefix(_) => true,
    });
    let Some(first) = blamed.next() else { return };
    let mut found = Diagnostic::new(
        &PAGE,
        first.span,
        "autogroup:self can only be used with users, groups, or supported autogroups",
    )
    .label("has no devices of its own")
    .related(own, "autogroup:self is reached here");
    for source in blamed {
        found = found.related(source.span, "nor has this");
    }
    let found = found.help("make two rules of it: one to autogroup:self from users and groups, one for the rest");
    out.push(if first.value == Alias::Wildcard {
        found.help("for everybody's own devices write \"autogroup:member\" instead of \"*\"")
    } else {
        found
    });
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_found, assert_none, assert_page};
    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn grants_are_stricter_than_acls() {
        assert_found(
            &PAGE,
            r#"{
  "groups": { "group:a": [] },
  "hosts": { "h": "10.0.0.1" },
  "acls": [
    { "action": "accept", "src": ["*", "a@", "group:a", "autogroup:member"], "dst": ["autogroup:self:*"] },
    { "action": "accept", "src": ["h", "10.0.0.1"], "dst": ["*:*", "autogroup:self:*"] },
    //                            ^^^ TN159: autogroup:self can only be used with
    { "action": "accept", "src": ["autogroup:danger-all"], "dst": ["autogroup:self:*"] },
    //                            ^^^^^^^^^^^^^^^^^^^^^^ TN159
  ],
  "grants": [
    { "src": ["*"], "dst": ["autogroup:self"], "ip": ["*"] },
    //        ^^^ TN159
    { "src": ["a@", "autogroup:tagged"], "dst": ["autogroup:self"], "ip": ["*"] },
    //              ^^^^^^^^^^^^^^^^^^ TN159
    { "src": ["a@", "group:a", "autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"] },
  ],
}"#,
            "0.29",
        );
    }

    #[test]
    fn v0_28_does_not_look() {
        assert_none(
            &PAGE,
            r#"{ "acls": [{ "action": "accept", "src": ["10.0.0.1"], "dst": ["autogroup:self:*"] }] }"#,
            "0.28",
        );
    }
}
