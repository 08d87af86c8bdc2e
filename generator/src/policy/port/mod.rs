//! A policy for Tailscale's service, brought to headscale.
//!
//! What headscale says otherwise is rewritten ([`alias`], [`sections`], [`rules`]); what it cannot say is left out, so
//! that never more is allowed than before: a rule that loses a condition goes whole, a list that loses its last word
//! takes its rule along, a role becomes a group that stays empty until somebody fills it. What none of these know is
//! found by judging the result as headscale would, and left out too ([`mend`]), until nothing is found. What is left out
//! stands on as a comment, the author's comments stay where they are, and every change is reported.
//!
//! The way of data: text -> tree -> [`plan`] (changes of the text) -> text -> judged -> more changes.

mod alias;
mod carry_out;
mod change;
mod deny;
mod fragments;
mod grants_0_28;
mod mend;
mod names;
mod plan;
mod report;
mod rules;
mod sections;
mod tree;

#[cfg(test)]
mod tests;

use crate::diagnostics::{Diagnostic, Severity};
use crate::hujson::{self, Flavour, Value};
use crate::input::rules::{duplicate_name, syntax};
use crate::input::{self, Inputs, Origin};
use crate::source::{SourceId, Span};

use super::dialect::{Dialect, Feature};
use super::document::Document;
use super::read::read_input;
use alias::{Outcome, Place, translate};
use carry_out::Changed;
use names::Names;
use plan::Plan;

pub use change::{Change, Effect};
pub use fragments::Fragment;
pub use report::{Report, ReportedChange, RoleGroup};

/// A policy brought to headscale.
#[derive(Clone, Debug)]
pub struct Ported {
    /// The policy, in the author's layout and with the author's comments.
    pub text: String,
    /// What was changed, in the order of the text.
    pub changes: Vec<Change>,
    /// The groups that somebody has to fill: name, and what it stands for.
    pub groups: Vec<(String, String)>,
    /// What belongs elsewhere now.
    pub fragments: Vec<Fragment>,
    /// Whether rules that `tests` rely on may be gone: headscale refuses a policy whose tests fail.
    pub tests_may_fail: bool,
}

/// After so many rounds of mending something is wrong with the porter, not with the policy. A round mends what the reader
/// reports at most ([`super::read::MAX_FINDINGS`]), and what the rules find.
const ROUNDS: usize = 1_000;

/// Brings the policy that the input `id` is to the headscale of `dialect`. What comes out is accepted by
/// [`read_input`] and the rules.
///
/// # Errors
/// The findings that hinder: a text that is no HuJSON, or that says one thing twice, so that nobody knows what holds.
/// Should the result not be accepted after all, what is found in it, without places.
pub fn port(inputs: &Inputs, id: SourceId, dialect: Dialect) -> Result<Ported, Vec<Diagnostic>> {
    let Some((text, root)) = inputs
        .get(id)
        .and_then(|input| Some((input.text.as_str(), input.tree.as_ref()?)))
    else {
        return unreadable(inputs, id);
    };
    let errors = hujson::parse(id, text, Flavour::Hujson).errors;
    let mut found: Vec<Diagnostic> = errors.into_iter().map(input::rules::finding).collect();
    // As the newest dialect reads it: an older one would not look into sections that it does not know.
    let mut read = Vec::new();
    read_input(inputs, id, Dialect::V0_30, &mut read);
    let twice = duplicate_name::PAGE.code;
    found.extend(read.iter().filter(|finding| finding.code == twice).cloned());
    if root.as_object().is_none() {
        found.extend(read);
    }
    if !found.is_empty() {
        return Err(found);
    }
    let mut porter = Porter::new(text, root, dialect);
    porter.translate();
    if !dialect.knows(Feature::Grants)
        && let Some(grants) = tree::member(root, "grants")
    {
        // Only what is right can be said in other words.
        porter.settle(Dialect::V0_29, Some(tree::whole(grants)))?;
        porter.grants_to_acls();
    }
    let changed = porter.settle(dialect, None)?;
    Ok(porter.ported(changed))
}

/// A text without a tree: of no bytes it is a policy that allows everything, and stays so.
fn unreadable(inputs: &Inputs, id: SourceId) -> Result<Ported, Vec<Diagnostic>> {
    match inputs.get(id) {
        Some(input) if input.text.is_empty() => Ok(Ported {
            text: String::new(),
            changes: Vec::new(),
            groups: Vec::new(),
            fragments: Vec::new(),
            tests_may_fail: false,
        }),
        _ => Err(Vec::new()),
    }
}

/// The errors of a changed text, with the places in the old one that they come from.
fn judge(changed: &Changed, dialect: Dialect) -> (Vec<Diagnostic>, Vec<Vec<Span>>) {
    let mut inputs = Inputs::default();
    let mut found = Vec::new();
    let id = inputs.read(
        "ported",
        changed.text.as_bytes(),
        Origin::File,
        Flavour::Hujson,
        "",
        &mut found,
    );
    let document: Option<Document> = id.and_then(|id| read_input(&inputs, id, dialect, &mut found));
    if let Some(document) = document {
        super::rules::check(&document, &mut found);
    }
    found.retain(|finding| finding.severity == Severity::Error);
    let places = found
        .iter()
        .map(|finding| {
            let related = finding.related.iter().map(|(span, _)| *span);
            let all = finding.span.into_iter().chain(related);
            all.map(|span| changed.origin(span)).collect()
        })
        .collect();
    (found, places)
}

/// What is said when the result is not accepted: the places would be those of a text nobody has.
fn unmended(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    found
        .into_iter()
        .map(|finding| Diagnostic {
            span: None,
            related: Vec::new(),
            fixes: Vec::new(),
            ..finding
        })
        .collect()
}

/// A policy on its way.
struct Porter<'a> {
    root: &'a Value,
    dialect: Dialect,
    plan: Plan<'a>,
    names: Names,
    fragments: Vec<Fragment>,
}

impl<'a> Porter<'a> {
    fn new(text: &'a str, root: &'a Value, dialect: Dialect) -> Self {
        Self {
            root,
            dialect,
            plan: Plan::new(text, root.span.source),
            names: Names::of(root),
            fragments: Vec::new(),
        }
    }

    /// Says in headscale's words what can be said in them.
    fn translate(&mut self) {
        self.sections();
        self.rules();
        self.sweep();
        self.fill_in_groups();
    }

    /// Leaves out what the headscale of `dialect` refuses, of the text or of the part `only`, until nothing is found.
    fn settle(&mut self, dialect: Dialect, only: Option<Span>) -> Result<Changed, Vec<Diagnostic>> {
        let mut found = Vec::new();
        for _ in 0..ROUNDS {
            self.sweep();
            let changed = self.plan.carry_out().map_err(|error| {
                let why = format!("the changes cannot be put into the text: {error}");
                vec![Diagnostic::without_place(&syntax::PAGE, why)]
            })?;
            let places;
            (found, places) = judge(&changed, dialect);
            // Not what the policy says would be wrong then, but what was made of it.
            if found.iter().any(|finding| finding.code == syntax::PAGE.code) {
                break;
            }
            let inside = |places: &[Span]| {
                let first = places.first();
                only.is_none_or(|only| first.is_some_and(|first| only.encloses(*first)))
            };
            let mut here = found.iter().zip(places).filter(|(_, places)| inside(places)).peekable();
            if here.peek().is_none() {
                return Ok(changed);
            }
            let before = self.plan.revision();
            for (finding, places) in here {
                self.mend(finding, &places);
            }
            if self.plan.revision() == before {
                break;
            }
        }
        Err(unmended(found))
    }

    /// Translates one word of a list.
    fn word(&mut self, value: &Value, place: Place) {
        let Some(text) = value.as_str() else { return };
        let outcome = translate(text, place, &mut self.names, self.dialect);
        self.carry(value, outcome);
    }

    /// Translates a destination with ports.
    fn destination(&mut self, value: &Value, place: Place) {
        let Some((host, ports)) = value.as_str().and_then(|text| text.rsplit_once(':')) else {
            return;
        };
        let outcome = match translate(host, place, &mut self.names, self.dialect) {
            Outcome::Become(words, effect, why) => {
                let words = words.iter().map(|word| format!("{word}:{ports}")).collect();
                Outcome::Become(words, effect, why)
            }
            other => other,
        };
        self.carry(value, outcome);
    }

    /// Plans what is to become of an element.
    fn carry(&mut self, value: &Value, outcome: Outcome) {
        match outcome {
            Outcome::Keep => {}
            Outcome::Become(words, effect, why) => {
                let words: Vec<String> = words.iter().map(|word| hujson::edit::quote(word)).collect();
                self.plan.replace(value.span, words.join(", "), effect, why);
            }
            Outcome::LeaveOut(why) => self.plan.leave_out(value.span, Effect::Narrower, why),
        }
    }

    fn ported(self, changed: Changed) -> Ported {
        let less = changed.changes.iter().any(|change| change.effect != Effect::Same);
        let tests = ["tests", "sshTests"].map(|section| tree::items(tree::field(self.root, section)));
        let tested = tests.into_iter().flatten().any(|test| !self.plan.is_gone(test.span));
        Ported {
            text: changed.text,
            changes: changed.changes,
            groups: self.names.made.into_iter().collect(),
            fragments: self.fragments,
            tests_may_fail: less && tested,
        }
    }
}
