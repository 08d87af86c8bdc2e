//! Where headscale is known to differ from the Tailscale service: the files that its own runners skip, with what
//! headscale does instead, and which aspects each kind of capture compares.

use serde_json::Value;

use crate::case::{Case, Verdict};
use crate::report::Aspect;

/// What headscale 0.29 does with a capture that its runners skip; `None`: they do not skip it.
pub(crate) fn verdict(id: &str) -> Option<Verdict> {
    let refused = |message: &str| {
        Some(Verdict::Refused {
            by_tests: false,
            message: Some(message.to_owned()),
        })
    };
    match id {
        // `user:*@passkey`: users of a passkey login. headscale has none; `user:*@passkey` is a user name like any
        // other and resolves to nobody.
        "grant-k20" | "grant-k21" | "ssh-b5" | "ssh-d10" => Some(Verdict::Accepted),
        // The service knows which domains belong to the tailnet and refuses local parts of others; headscale does not.
        "ssh-b4" | "ssh-d1" | "ssh-e1" | "ssh-e2" | "ssh-malformed-user-localpart-multi-glob" => {
            Some(Verdict::Accepted)
        }
        // The service takes a bare IPv6 destination and lets the test fail; in headscale it passes.
        "sshtest-malformed-dst-bare-ipv6" => Some(Verdict::Accepted),
        "nodeattrs-ippool-g1-admin" | "nodeattrs-ippool-g2-group" | "nodeattrs-ippool-g3-mixed" => {
            refused("nodeAttrs ipPool requires the IP allocator")
        }
        "nodeattrs-target-a10-autogroup-admin" => refused("autogroup:admin"),
        "nodeattrs-target-a11-autogroup-owner" => refused("autogroup:owner"),
        "nodeattrs-attr-c1-funnel" | "nodeattrs-funnel-f1-tag" | "nodeattrs-funnel-f2-user" => {
            refused("nodeAttrs uses a feature headscale does not yet support: \"funnel\"")
        }
        _ => None,
    }
}

/// Whether headscale's runners skip this capture.
pub(crate) fn is_known_different(id: &str) -> bool {
    verdict(id).is_some()
}

/// The files of `issue_3212`.
const ISSUE_3212: [&str; 2] = [
    "routes-b17-autogroup-internet-with-exit-autoapprover",
    "routes-b18-autogroup-internet-wildcard-src-with-exit-autoapprover",
];

/// Whether `aspect` of this case's nodes is what headscale would answer.
pub(crate) fn records(case: &Case, aspect: Aspect) -> bool {
    if case.is_random() {
        return true;
    }
    if is_known_different(&case.id) {
        return false;
    }
    match aspect {
        // Upstream's files hold the whole network map; what the service gave without nodeAttrs is of no concern.
        Aspect::CapMap | Aspect::PeerCaps => case.category == "nodeattrs",
        // Of the two files about headscale#3212 headscale compares who sees whom. The service writes "the internet" as
        // ranges, headscale as CIDRs, and lets exit nodes use subnet routes that the policy does not speak of.
        Aspect::Filter | Aspect::PeerRoutes if ISSUE_3212.contains(&case.id.as_str()) => false,
        // The node that the policy names had another address when the service was asked; headscale's runner judges this
        // file for a tailnet of its own and compares the verdict.
        Aspect::Filter if case.id == "policytest-allpass-grants-only-tag-src-ipv6-literal-dst" => false,
        // The service lists neighbouring addresses one by one, headscale joins them into a range: the same addresses.
        // Elsewhere in the captures no two addresses of a source are neighbours.
        Aspect::Filter if case.id == "nodeattrs-interaction-h3-policy-uses-everything" => false,
        // Without acls and grants the service falls back to a rule for the tailnet's own addresses, headscale to one for
        // everything. headscale compares filters only where the policy has rules.
        Aspect::Filter => has_rules(&case.policy),
        _ => true,
    }
}

fn has_rules(policy: &str) -> bool {
    let policy: Value = serde_json::from_str(policy).unwrap_or_default();
    ["acls", "grants"].iter().any(|section| policy.get(section).is_some())
}
