//! What porting did, for machines and for people.

use serde::Serialize;
use serde_json::Value as Json;

use crate::input::Inputs;
use crate::policy::dialect::Dialect;

use super::change::Effect;
use super::{Change, Ported};

/// The report as `tailnet port --format json` prints it.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The headscale that the policy is for: `0.29`.
    pub dialect: &'static str,
    /// The changes, in the order of the text.
    pub changes: Vec<ReportedChange>,
    /// Empty groups that have to be filled.
    pub groups: Vec<RoleGroup>,
    /// What belongs elsewhere now: options of a declaration, by name.
    pub fragments: serde_json::Map<String, Json>,
    /// Remarks on the whole.
    pub remarks: Vec<String>,
    /// The policy; absent where it was written to a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
}

/// A change.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct ReportedChange {
    /// Where in the policy: `acls[2].src[0]`.
    pub path: String,
    /// The line of the policy as it was, from 1.
    pub line: usize,
    /// What stood there; empty where something was put in.
    pub was: String,
    /// What stands there now; null: nothing.
    pub now: Option<String>,
    /// What that does.
    pub effect: Effect,
    /// Why, and what to do about it.
    pub why: String,
}

/// A group that stands for people headscale does not know.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleGroup {
    /// Its name: `group:admin`.
    pub name: String,
    /// What it stands for: `autogroup:admin`.
    pub stands_for: String,
}

impl Report {
    /// The report of what `ported` is; `inputs` holds the policy as it was.
    #[must_use]
    pub fn new(inputs: &Inputs, ported: &Ported, dialect: Dialect) -> Self {
        let reported = |change: &Change| ReportedChange {
            path: inputs.path(change.span),
            line: inputs.line_column(change.span).map_or(0, |at| at.line),
            was: change.was.clone(),
            now: change.now.clone(),
            effect: change.effect,
            why: change.why.clone(),
        };
        let mut remarks: Vec<String> = ported
            .fragments
            .iter()
            .flat_map(|fragment| &fragment.remarks)
            .cloned()
            .collect();
        if ported.tests_may_fail {
            remarks.push(
                "rules were narrowed or left out: tests that need them fail now, and headscale takes no policy whose \
                 tests fail"
                    .to_owned(),
            );
        }
        Self {
            dialect: dialect.name(),
            changes: ported.changes.iter().map(reported).collect(),
            groups: ported
                .groups
                .iter()
                .map(|(name, stands_for)| RoleGroup {
                    name: name.clone(),
                    stands_for: stands_for.clone(),
                })
                .collect(),
            fragments: ported
                .fragments
                .iter()
                .map(|fragment| (fragment.option.to_owned(), fragment.value.clone()))
                .collect(),
            remarks,
            policy: None,
        }
    }

    /// How many changes have `effect`.
    #[must_use]
    pub fn count(&self, effect: Effect) -> usize {
        self.changes.iter().filter(|change| change.effect == effect).count()
    }
}
