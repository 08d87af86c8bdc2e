//! TN111: a field that only Tailscale's own service has.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::hujson::{Member, same_name};
use crate::policy::dialect::Dialect;
use crate::policy::read::shape::Shape;

use super::unknown_field;

/// TN111.
pub const PAGE: Page = Page {
    code: Code(111),
    severity: Severity::Error,
    name: "service-only-field",
    what: "A field of the policy belongs to Tailscale's own service and not to headscale.",
    why: "headscale refuses fields that it does not know (`ErrUnknownField`, hscontrol/policy/v2/types.go), also those \
          that mean something to Tailscale. Some have a place elsewhere (relays: `derp`; DNS records: `dns`), some have \
          no equivalent: then leaving them out changes who may do what, which is said here.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["autogroup:member"], "dst": ["*:*"] }],
  "postures": {
//^^^^^^^^^^ TN111: unknown field: "postures"
    "posture:current": ["node:tsVersion >= '1.80'"],
  },
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["autogroup:member"], "dst": ["*:*"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// What a field is to Tailscale, and what to do without it. By the type in Go of the object it stands in.
const FIELDS: &[(&str, &str, &str)] = &[
    (
        "v2.Policy",
        "derpMap",
        "relays are not part of the policy: declare them in `derp` of the declaration, or in a file of headscale's \
         `derp.paths`",
    ),
    (
        "v2.Policy",
        "postures",
        "headscale knows nothing of device postures: without them, rules that asked for a posture apply to every \
         device of their sources, so narrow the sources of those rules",
    ),
    (
        "v2.Policy",
        "defaultSrcPosture",
        "headscale knows nothing of device postures: without this field every rule applies to every device of its \
         sources",
    ),
    (
        "v2.Policy",
        "ipsets",
        "write the addresses of a set as entries of `hosts`, one for each address or CIDR, and name those in the rules",
    ),
    (
        "v2.Policy",
        "services",
        "headscale has no services with addresses of their own: name the node or tag that serves, and its port",
    ),
    (
        "v2.Policy",
        "extraDNSRecords",
        "DNS records are not part of the policy: declare them in `dns.extraRecords`, headscale's `dns.extra_records`",
    ),
    (
        "v2.Policy",
        "disableIPv4",
        "set the node attribute `disable-ipv4` in `nodeAttrs`, or leave `prefixes.v4` out of headscale's configuration",
    ),
    (
        "v2.Policy",
        "OneCGNATRoute",
        "headscale leaves this to the clients: take the field out",
    ),
    (
        "v2.Policy",
        "regions",
        "relays are not part of the policy: declare them in `derp` of the declaration",
    ),
    (
        "v2.Policy",
        "attrConfig",
        "headscale knows nothing of custom attributes: take the field out, and the rules that ask for them",
    ),
    (
        "map[string]interface {}",
        "srcPosture",
        "headscale knows nothing of device postures: without this field the rule applies to every device of its sources",
    ),
    (
        "v2.Grant",
        "srcPosture",
        "headscale knows nothing of device postures: without this field the grant applies to every device of its sources",
    ),
    (
        "v2.SSH",
        "srcPosture",
        "headscale knows nothing of device postures: without this field the rule applies to every device of its sources",
    ),
    (
        "v2.SSH",
        "recorder",
        "headscale records no SSH sessions: without this field the rule lets sessions through unrecorded",
    ),
    (
        "v2.SSH",
        "enforceRecorder",
        "headscale records no SSH sessions: without this field the rule lets sessions through unrecorded",
    ),
    (
        "v2.NodeAttrGrant",
        "app",
        "headscale has no app connectors: announce the addresses of the service as subnet routes of a node instead",
    ),
    (
        "v2.AutoApproverPolicy",
        "services",
        "headscale has no services with addresses of their own: take the field out",
    ),
    (
        "v2.PolicyTest",
        "srcPostureAttrs",
        "headscale knows nothing of device postures: take the field out",
    ),
    (
        "struct",
        "srcPostureAttrs",
        "headscale knows nothing of device postures: take the field out",
    ),
];

/// The finding, if `member` of an object of `shape` is a field of Tailscale's service.
pub(crate) fn finding(member: &Member, shape: &Shape, dialect: Dialect) -> Option<Diagnostic> {
    let name = &*member.name.value;
    let (_, _, help) = FIELDS
        .iter()
        .find(|(go, field, _)| *go == shape.go && same_name(field, name))?;
    Some(
        Diagnostic::new(&PAGE, member.name.span, unknown_field::words(name, dialect))
            .label("only Tailscale's own service knows it")
            .help(*help),
    )
}

#[cfg(test)]
mod tests {
    use crate::policy::read;
    use crate::policy::read::testing::{assert_page, check};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn no_field_of_headscales_is_called_foreign() {
        for shape in read::SHAPES {
            for (_, field, _) in FIELDS.iter().filter(|(go, ..)| *go == shape.go) {
                assert_eq!(shape.field(field), None);
            }
        }
        for (go, field, _) in FIELDS {
            assert!(read::SHAPES.iter().any(|shape| shape.go == *go), "{go}.{field}");
        }
    }

    #[test]
    fn sections_and_fields_that_real_policies_bring() {
        check(
            r#"{
  "derpMap": {"OmitDefaultRegions": true},
//^^^^^^^^^ TN111: unknown field: "derpMap"
  "services": {},
//^^^^^^^^^^ TN111
  "ipsets": {},
//^^^^^^^^ TN111
  "acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"], "srcPosture": ["posture:x"]}],
//                                                            ^^^^^^^^^^^^ TN111
  "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"], "srcPosture": []}],
//                                                     ^^^^^^^^^^^^ TN111
  "nodeAttrs": [{"target": ["*"], "app": {}}],
//                                ^^^^^ TN111
  "ssh": [{"action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": ["a"], "recorder": ["tag:r"]}],
//                                                                                                     ^^^^^^^^^^ TN111
}"#,
        );
    }
}
