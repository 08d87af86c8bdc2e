//! TN198: a user's name that nobody of the tailnet bears.

use std::collections::HashMap;

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::dialect::Dialect;
use crate::policy::document::Document;
use crate::policy::tailnet::{Index, UserMatch};

use super::user_places::{Kind, user_places};

/// The page of TN198.
pub const PAGE: Page = Page {
    code: Code(198),
    severity: Severity::Warning,
    name: "unknown-user",
    what: "The policy names a user whom the tailnet does not have, or a grant one whom it has twice.",
    why: "headscale passes over such a name without a word: the rule is for nobody, or for the rest of the group. A test \
          that names the group then fails, and an SSH check is not asked for. Names are compared as written, by provider \
          identifier, email and name.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{"action": "accept", "src": ["alcie@"], "dst": ["*:22"]}],
  //                                    ^^^^^^^^ TN198: user not found: token "alcie@"
}"#,
        topology: Some(r#"{"users": [{"name": "alice"}], "nodes": {}}"#),
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{"acls": [{"action": "accept", "src": ["alice@"], "dst": ["*:22"]}]}"#,
        topology: Some(r#"{"users": [{"name": "alice"}], "nodes": {}}"#),
        dialect: "0.29",
    },
};

/// How alike a name must be to be offered: 0 to 1 (Jaro-Winkler).
const ALIKE: f64 = 0.85;

/// How many names are compared with users in search of what was meant.
const SUGGESTED: usize = 32;

/// Finds names that mean nobody, each where it stands first. Where an error says the same, and while no users are
/// known at all, nothing is said.
pub(super) fn check(document: &Document, index: &Index<'_>, found: &mut Vec<Diagnostic>) {
    let users = &index.tailnet().users;
    if users.is_empty() {
        return;
    }
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for place in user_places(document).filter(|place| place.kind != Kind::Target) {
        let name = place.name.as_str();
        let tolerated = place.kind == Kind::Grant || document.dialect == Dialect::V0_28;
        let words = match index.find_user(name) {
            UserMatch::Unknown => format!("user not found: token {name:?}"),
            UserMatch::Ambiguous(several) if tolerated => {
                format!("multiple users found: token {name:?} fits {} users", several.len())
            }
            UserMatch::One(_) | UserMatch::Ambiguous(_) => continue,
        };
        if let Some(&first) = seen.get(name) {
            if let Some(first) = found.get_mut(first) {
                first.related.push((place.span, "and here".to_owned()));
            }
            continue;
        }
        let mut finding = Diagnostic::new(&PAGE, place.span, words);
        if seen.len() < SUGGESTED
            && let Some(near) = nearest(index, place.name.token())
        {
            finding = finding.help(format!("did you mean \"{near}\"?"));
        }
        seen.insert(name, found.len());
        found.push(finding);
    }
}

/// The name or email that is most like `token`, as a policy writes it.
fn nearest(index: &Index<'_>, token: &str) -> Option<String> {
    let names = index.tailnet().users.iter().flat_map(|user| [&user.email, &user.name]);
    let (_, near) = names
        .filter(|name| !name.is_empty())
        .map(|name| (strsim::jaro_winkler(token, name), name))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(if near.contains('@') {
        near.clone()
    } else {
        format!("{near}@")
    })
}
