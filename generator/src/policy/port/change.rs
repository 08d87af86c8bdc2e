//! What was changed, and what that changes.

use serde::Serialize;

use crate::source::Span;

use super::plan::MARK;

/// What a change does to what the policy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Nothing: it is said in headscale's words.
    Same,
    /// It allows less than before.
    Narrower,
    /// It is not there any more.
    #[serde(rename = "left out")]
    LeftOut,
}

impl Effect {
    /// How reports call it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Narrower => "narrower",
            Self::LeftOut => "left out",
        }
    }
}

/// A change of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What was changed, in the text as it was; an empty span where something was put in.
    pub span: Span,
    /// What stood there, on one line, shortened where it is long.
    pub was: String,
    /// What stands there now; `None`: nothing.
    pub now: Option<String>,
    /// What that does.
    pub effect: Effect,
    /// Why, and what to do about it.
    pub why: String,
}

impl Change {
    /// The comment that stands at the change.
    pub(super) fn comment(&self) -> String {
        match (&self.now, self.was.is_empty()) {
            (Some(_), true) => format!("{MARK}{}", self.why),
            (Some(_), false) => format!("{MARK}was {}: {}", self.was, self.why),
            (None, _) => format!("{MARK}left out {}: {}", self.was, self.why),
        }
    }

    /// The comment that stands above what was left out, when that stands on as a comment itself.
    pub(super) fn comment_above(&self) -> String {
        format!("{MARK}left out: {}", self.why)
    }
}
