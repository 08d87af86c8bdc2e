//! TN160: tags that own each other, on 0.28.

use std::collections::HashMap;

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

use super::super::words::Owner;
use super::context::Context;

/// The page of TN160.
pub const PAGE: Page = Page {
    code: Code(160),
    severity: Severity::Error,
    name: "owner-cycle",
    what: "Tags own each other in a circle.",
    why: "headscale 0.28 refuses the policy (`flattenTags`, hscontrol/policy/v2/policy.go). Since 0.29 the link that \
          closes the circle is dropped and the other owners count.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "tagOwners": {
    "tag:build": ["tag:deploy"],
    //            ^^^^^^^^^^^^ TN160: circular reference detected: tag:build -> tag:deploy
    "tag:deploy": ["tag:build"],
  },
}
"#,
        topology: None,
        dialect: "0.28",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "tagOwners": {
    "tag:build": ["tag:deploy"],
    "tag:deploy": ["alice@example.org"],
  },
}
"#,
        topology: None,
        dialect: "0.28",
    },
};

/// How far the walk has come with a tag.
#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    /// On the chain that is being followed.
    Open,
    Done,
}

/// Finds each circle once. The chain is kept by hand: a thousand tags in a row are no thousand calls.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    if !context.is_0_28() {
        return;
    }
    let owners = &context.document.tag_owners;
    let index: HashMap<&str, usize> = owners
        .iter()
        .enumerate()
        .map(|(i, owner)| (owner.tag.value.as_str(), i))
        .collect();
    let links: Vec<Vec<(usize, Span)>> = owners
        .iter()
        .map(|owner| {
            owner
                .owners
                .iter()
                .filter_map(|link| match &link.value {
                    Owner::Tag(tag) => index.get(tag.as_str()).map(|to| (*to, link.span)),
                    Owner::User(_) | Owner::Group(_) => None,
                })
                .collect()
        })
        .collect();
    let name = |tag: usize| owners.get(tag).map_or("", |owner| owner.tag.value.as_str());
    let mut states = vec![State::New; owners.len()];
    for start in 0..owners.len() {
        if states.get(start) != Some(&State::New) {
            continue;
        }
        // Every entry: a tag of the chain, which of its links comes next, and the link that was taken last.
        let mut chain: Vec<(usize, usize, Option<Span>)> = vec![(start, 0, None)];
        set(&mut states, start, State::Open);
        while let Some((tag, next, taken)) = chain.last_mut() {
            let tag = *tag;
            let Some(&(to, span)) = links.get(tag).and_then(|links| links.get(*next)) else {
                set(&mut states, tag, State::Done);
                chain.pop();
                continue;
            };
            *next += 1;
            *taken = Some(span);
            match states.get(to) {
                Some(State::New) => {
                    set(&mut states, to, State::Open);
                    chain.push((to, 0, None));
                }
                Some(State::Open) => {
                    let circle: Vec<_> = chain.iter().skip_while(|(tag, ..)| *tag != to).collect();
                    out.push(finding(&circle, name));
                }
                Some(State::Done) | None => {}
            }
        }
    }
}

fn set(states: &mut [State], tag: usize, state: State) {
    if let Some(slot) = states.get_mut(tag) {
        *slot = state;
    }
}

fn finding<'a>(circle: &[&(usize, usize, Option<Span>)], name: impl Fn(usize) -> &'a str) -> Diagnostic {
    let mut names: Vec<&str> = circle.iter().map(|(tag, ..)| name(*tag)).collect();
    // headscale sorts them, so the arrows say nothing.
    names.sort_unstable();
    let message = format!("circular reference detected: {}", names.join(" -> "));
    let mut links = circle.iter().filter_map(|(.., link)| *link);
    let mut found = match links.next() {
        Some(first) => Diagnostic::new(&PAGE, first, message),
        None => Diagnostic::without_place(&PAGE, message),
    };
    for link in links {
        found = found.related(link, "and on to this owner");
    }
    found.help("take one of the links out, and name users or groups instead")
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
    fn each_circle_is_found_once() {
        assert_found(
            &PAGE,
            r#"{
  "tagOwners": {
    "tag:z": ["tag:a", "a@"],
    "tag:a": ["tag:c", "tag:b"],
    //        ^^^^^^^ TN160: circular reference detected: tag:a -> tag:c
    "tag:b": ["tag:b"],
    //        ^^^^^^^ TN160: circular reference detected: tag:b
    "tag:c": ["tag:a"],
  },
}"#,
            "0.28",
        );
    }

    #[test]
    fn since_0_29_circles_are_legal() {
        assert_none(
            &PAGE,
            r#"{ "tagOwners": { "tag:a": ["tag:b"], "tag:b": ["tag:a"] } }"#,
            "0.29",
        );
    }

    #[test]
    fn a_long_chain_is_no_deep_call() {
        let mut text = String::from("{ \"tagOwners\": {");
        for i in 0..20_000 {
            text.push_str(&format!("\"tag:t{i}\": [\"tag:t{}\"],", (i + 1) % 20_000));
        }
        text.push_str("} }");
        assert_eq!(super::super::testing::findings(&text, "0.28").len(), 1);
    }
}
