//! TN136: `ipPool` of nodeAttrs.

use std::net::Ipv4Addr;

use ipnet::{IpNet, Ipv4Net};

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::hujson::{Kind, Member, Value};
use crate::policy::words::{Prefix, Quoted};

/// TN136.
pub const PAGE: Page = Page {
    code: Code(136),
    severity: Severity::Error,
    name: "ip-pool",
    what: "An entry of nodeAttrs has an `ipPool`.",
    why: "headscale reads the field and refuses to use it: its allocator gives addresses from the whole prefix \
          (`ErrNodeAttrIPPoolUnsupported`, hscontrol/policy/v2/types.go). Leaving it out changes only which addresses \
          new nodes get.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [],
  "nodeAttrs": [
    { "target": ["autogroup:member"], "ipPool": ["100.81.0.0/16"] },
//                                    ^^^^^^^^ TN136: nodeAttrs ipPool requires the IP allocator (https://github.com/juanfont/headscale/issues/2912)
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [],
  "nodeAttrs": [
    { "target": ["autogroup:member"], "attr": ["magicdns-aaaa"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// `member`, which is `ipPool`, has entries.
pub(crate) fn finding(member: &Member, entries: &[Value]) -> Diagnostic {
    let words = "nodeAttrs ipPool requires the IP allocator (https://github.com/juanfont/headscale/issues/2912)";
    // What is no range at all fails earlier.
    let unreadable = entries.iter().find_map(|entry| match &entry.kind {
        Kind::String(text) if text.is_empty() => None,
        Kind::String(text) => Prefix::parse_cidr(text).err().map(|error| error.to_string()),
        Kind::Null => None,
        kind => Some(format!(
            "json: cannot unmarshal JSON {} into Go netip.Prefix",
            kind.name()
        )),
    });
    let message = unreadable.unwrap_or_else(|| {
        let refused = entries.iter().filter_map(refused);
        std::iter::once(words.to_owned())
            .chain(refused)
            .collect::<Vec<_>>()
            .join("; ")
    });
    Diagnostic::new(&PAGE, member.name.span, message)
        .help("take it out: nodes get addresses from the prefixes of headscale's configuration")
}

/// What headscale says beside of a range that its allocator would not take either (`validateNodeAttrIPPool`).
fn refused(entry: &Value) -> Option<String> {
    let text = entry.as_str().unwrap_or_default();
    let outside = |shown: &str| {
        Some(format!(
            "nodeAttrs ipPool must be within 100.64.0.0/10: {}",
            Quoted(shown)
        ))
    };
    let Ok(prefix) = Prefix::parse_cidr(text) else {
        return outside("invalid Prefix");
    };
    let IpNet::V4(net) = prefix.network() else {
        return outside(text);
    };
    if !CGNAT.contains(&net) {
        return outside(text);
    }
    let reserved = RESERVED
        .iter()
        .find(|reserved| net.contains(*reserved) || reserved.contains(&net))?;
    Some(format!(
        "nodeAttrs ipPool must not overlap reserved Tailscale ranges: {} overlaps {}",
        Quoted(text),
        Quoted(&reserved.to_string())
    ))
}

/// The addresses that a tailnet has.
const CGNAT: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(100, 64, 0, 0), 10);
/// Those of them that Tailscale keeps for itself: MagicDNS, and virtual machines on ChromeOS.
const RESERVED: [Ipv4Net; 2] = [
    Ipv4Net::new_assert(Ipv4Addr::new(100, 100, 100, 0), 24),
    Ipv4Net::new_assert(Ipv4Addr::new(100, 115, 92, 0), 23),
];

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_page, check, one};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn none_is_no_mistake() {
        check(r#"{"acls": [], "nodeAttrs": [{"target": ["*"], "ipPool": []}, {"target": ["*"], "ipPool": null}]}"#);
    }

    #[test]
    fn what_cannot_be_read() {
        let message = |pool| one(&format!(r#"{{"acls": [], "nodeAttrs": [{{"ipPool": {pool}}}]}}"#)).message;
        assert_eq!(message(r#"["x"]"#), r#"netip.ParsePrefix("x"): no '/'"#);
        assert_eq!(
            message("[5]"),
            "json: cannot unmarshal JSON number into Go netip.Prefix"
        );
        assert!(message(r#"["", null]"#).starts_with("nodeAttrs ipPool requires"));
        assert!(message(r#"["", null]"#).ends_with(r#"must be within 100.64.0.0/10: "invalid Prefix""#));
    }

    #[test]
    fn ranges_that_would_not_do_either() {
        let message = |pool| one(&format!(r#"{{"acls": [], "nodeAttrs": [{{"ipPool": [{pool:?}]}}]}}"#)).message;
        for (pool, words) in [
            (
                "100.0.0.0/8",
                r#"nodeAttrs ipPool must be within 100.64.0.0/10: "100.0.0.0/8""#,
            ),
            (
                "fd7a::/48",
                r#"nodeAttrs ipPool must be within 100.64.0.0/10: "fd7a::/48""#,
            ),
            (
                "100.100.0.0/16",
                r#"nodeAttrs ipPool must not overlap reserved Tailscale ranges: "100.100.0.0/16" overlaps "100.100.100.0/24""#,
            ),
            ("100.115.93.0/24", r#"overlaps "100.115.92.0/23""#),
        ] {
            assert!(message(pool).contains(words), "{}", message(pool));
        }
        assert!(message("100.81.0.0/16").ends_with("issues/2912)"));
    }
}
