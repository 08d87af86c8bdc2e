//! TN163: a CIDR of length 0 as the destination of a grant.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::{Alias, Prefix};
use super::context::Context;
use super::places::Place;
use super::wording::quote;

/// The page of TN163.
pub const PAGE: Page = Page {
    code: Code(163),
    severity: Severity::Error,
    name: "everything-as-destination",
    what: "A grant has a CIDR with the length 0 as its destination.",
    why: "headscale refuses the policy (`ErrGrantDefaultRouteCIDR`, hscontrol/policy/v2/types.go): `*` is every \
          address of the tailnet, `autogroup:internet` what lies behind exit nodes, and `0.0.0.0/0` would leave open \
          which is meant. ACLs may have it, and so may `hosts`.",
    wrong: Example::Policy {
        text: r#"{
  "grants": [
    { "src": ["autogroup:member"], "dst": ["0.0.0.0/0"], "ip": ["*"] },
    //                                     ^^^^^^^^^^^ TN163: dst "0.0.0.0/0": to allow all IP addresses, use "*" or "autogroup:internet"
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "grants": [
    { "src": ["autogroup:member"], "dst": ["autogroup:internet"], "ip": ["*"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for reference in context.references_at(&[Place::GrantDestination]) {
        if let Alias::Prefix(prefix) = reference.alias
            && Prefix::bits(*prefix) == 0
        {
            let message = format!(
                "dst {}: to allow all IP addresses, use \"*\" or \"autogroup:internet\"",
                quote(&prefix.to_string())
            );
            out.push(
                Diagnostic::new(&PAGE, reference.span, message)
                    .help("write \"*\" for the tailnet, \"autogroup:internet\" for what lies behind exit nodes"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_found, assert_page};
    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn host_bits_do_not_hide_it_and_acls_may() {
        assert_found(
            &PAGE,
            r#"{
  "hosts": { "all": "0.0.0.0/0" },
  "acls": [{ "action": "accept", "src": ["0.0.0.0/0"], "dst": ["0.0.0.0/0:*"] }],
  "grants": [{ "src": ["::/0"], "dst": ["::/0", "10.0.0.0/0", "all", "0.0.0.0/1"], "ip": ["*"] }],
  //                                    ^^^^^^ TN163: dst "::/0": to allow all IP addresses
  //                                            ^^^^^^^^^^^^ TN163: dst "10.0.0.0/0": to allow all IP addresses
}"#,
            "0.29",
        );
    }
}
