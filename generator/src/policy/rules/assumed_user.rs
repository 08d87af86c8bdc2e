//! TN197: a user of the policy whom a topology without a list of users cannot know.

use std::collections::HashMap;

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::document::Document;
use crate::policy::tailnet::topology::Topology;
use crate::source::Span;

use super::user_places::user_places;

/// The page of TN197.
pub const PAGE: Page = Page {
    code: Code(197),
    severity: Severity::Warning,
    name: "assumed-user",
    what: "The policy names a user who owns no untagged node, and the topology does not list the users.",
    why: "A list of nodes knows only people who have one. Whoever is named in a policy most likely exists, so they are \
          assumed to; were they unknown to headscale, tests that speak of them would fail, and with nodeAttrs the whole \
          policy.",
    wrong: Example::Policy {
        text: r#"{
  "groups": {"group:admins": ["alice@", "bob@"]},
  //                                    ^^^^^^ TN197: "bob@" is assumed to exist
  "acls": [{"action": "accept", "src": ["group:admins"], "dst": ["*:22"]}],
}"#,
        topology: Some(r#"[{"id": 1, "given_name": "laptop", "user": {"id": 1, "name": "alice"}}]"#),
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "groups": {"group:admins": ["alice@", "bob@"]},
  "acls": [{"action": "accept", "src": ["group:admins"], "dst": ["*:22"]}],
}"#,
        topology: Some(
            r#"{
  "users": [{"id": 1, "name": "alice"}, {"id": 2, "name": "bob"}],
  "nodes": [{"id": 1, "given_name": "laptop", "user": {"id": 1, "name": "alice"}}],
}"#,
        ),
        dialect: "0.29",
    },
};

/// Adds the users whom only `document` knows to a topology that does not list them ([`Topology::assume`]), and says so.
pub fn assume(document: &Document, topology: &mut Topology) -> Vec<Diagnostic> {
    let mut first: HashMap<&str, Span> = HashMap::new();
    for place in user_places(document) {
        first.entry(place.name.as_str()).or_insert(place.span);
    }
    let assumed = topology.assume(user_places(document).map(|place| place.name));
    let assumed = assumed.into_iter().map(|name| name.as_str());
    assumed
        .filter_map(|name| Some((name, *first.get(name)?)))
        .map(|(name, span)| {
            Diagnostic::new(
                &PAGE,
                span,
                format!("the topology does not list users, {name:?} is assumed to exist"),
            )
            .help("give { \"users\": what `headscale users list -o json` prints, \"nodes\": what `headscale nodes list -o json` prints }")
        })
        .collect()
}
