//! TN503: one key for two.

use std::collections::BTreeMap;

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// The page of TN503.
pub const PAGE: Page = Page {
    code: Code(503),
    severity: Severity::Error,
    name: "key-used-twice",
    what: "Two relays, or a relay and headscale, have the same key.",
    why: "headscale does not start when its noise key and its relay's are the same. Clients tell relays apart \
          by their keys and take two with one key for one behind a load balancer; and a key on two hosts is \
          lost with either.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        r#"  nodes: { primer: { tags: ["tag:primer"] }, relay: { tags: ["tag:primer"] } },
  derp: {
    regions: {
      "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } },
      "901": { code: "other", nodes: { relay: { hostName: "relay.example.org" } } },
    },
  },
  keys: {
    derp: {
      primer: { publicKey: "nodekey:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" },
      relay: { publicKey: "nodekey:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" },
//                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN503
    },
  },
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        r#"  nodes: { primer: { tags: ["tag:primer"] }, relay: { tags: ["tag:primer"] } },
  derp: {
    regions: {
      "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } },
      "901": { code: "other", nodes: { relay: { hostName: "relay.example.org" } } },
    },
  },
  keys: {
    derp: {
      primer: { publicKey: "nodekey:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" },
      relay: { publicKey: "nodekey:fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210" },
    },
  },
}
"#
    )),
};

/// Judges the keys.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let digits = |text: &str| text.rsplit(':').next().unwrap_or_default().to_owned();
    let mut seen: BTreeMap<String, (String, Span)> = BTreeMap::new();
    if let Some(noise) = &declaration.keys.noise {
        seen.insert(digits(noise.value.as_str()), ("headscale".to_owned(), noise.span));
    }
    for (name, keys) in declaration.keys.derp.iter() {
        let Some(key) = &keys.public_key else { continue };
        let owner = format!("the relay on {}", name.value);
        if let Some((other, span)) = seen.get(&digits(key.value.as_str())) {
            findings.push(
                Diagnostic::new(&PAGE, key.span, format!("{owner} has the key of {other}"))
                    .related(*span, "the same key")
                    .help("make a key of its own: `tailnet keys init`"),
            );
        } else {
            seen.insert(digits(key.value.as_str()), (owner, key.span));
        }
    }
}
