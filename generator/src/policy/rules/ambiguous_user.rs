//! TN193: a user's name that several users of the tailnet bear.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::document::Document;
use crate::policy::tailnet::{Index, UserMatch};

use super::user_places::{Kind, user_places};

/// The page of TN193.
pub const PAGE: Page = Page {
    code: Code(193),
    severity: Severity::Error,
    name: "ambiguous-user",
    what: "A user's name in the policy fits several users of the tailnet.",
    why: "headscale looks for a provider identifier first, then for the one user whose email or name it is; with two of \
          them it refuses the policy, and does not start with it (validateUserReferences in \
          hscontrol/policy/v2/policy.go). It happens when somebody logs in by OIDC who had a local user before.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{"action": "accept", "src": ["erin@"], "dst": ["*:22"]}],
  //                                    ^^^^^^^ TN193: multiple users found: token "erin@" found: [ 2: erin, 3: erin,  ]
}"#,
        topology: Some(
            r#"{
  "users": [
    {"id": 2, "name": "erin"},
    {"id": 3, "name": "erin", "email": "erin@example.org"},
  ],
  "nodes": {},
}"#,
        ),
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{"acls": [{"action": "accept", "src": ["erin@example.org"], "dst": ["*:22"]}]}"#,
        topology: Some(
            r#"{
  "users": [
    {"id": 2, "name": "erin"},
    {"id": 3, "name": "erin", "email": "erin@example.org"},
  ],
  "nodes": {},
}"#,
        ),
        dialect: "0.29",
    },
};

/// Finds ambiguous names where headscale looks for them: not in grants, tests and nodeAttrs; and not at all while it
/// knows no users. 0.28 does not look.
pub(super) fn check(document: &Document, index: &Index<'_>, found: &mut Vec<Diagnostic>) {
    if index.tailnet().users.is_empty() || document.dialect == crate::policy::dialect::Dialect::V0_28 {
        return;
    }
    let places = user_places(document).filter(|place| !matches!(place.kind, Kind::Grant | Kind::Test | Kind::Target));
    for place in places {
        let UserMatch::Ambiguous(users) = index.find_user(place.name.as_str()) else {
            continue;
        };
        let users: Vec<_> = users.iter().map(|&user| index.user(user)).collect();
        let listed: String = users
            .iter()
            .map(|user| format!("{}: {}, ", user.id, user.name))
            .collect();
        let name = place.name.as_str();
        let mut finding = Diagnostic::new(
            &PAGE,
            place.span,
            format!("multiple users found: token {name:?} found: [ {listed} ]"),
        );
        let emails = users.iter().map(|user| &user.email).filter(|email| {
            // An email helps only if it does not fit both.
            !email.is_empty() && matches!(index.find_user(email), UserMatch::One(_))
        });
        for email in emails {
            finding = finding.help(format!("write \"{email}\""));
        }
        found.push(finding.help("rename or remove one of them with `headscale users`"));
    }
}
