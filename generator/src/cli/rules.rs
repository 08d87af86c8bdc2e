//! Rules as commands name them: `policy.grants[2]` and the place.

use serde::Serialize;

use crate::input::{Inputs, Origin};
use crate::policy::ask::opens::Opens;
use crate::policy::ask::show;
use crate::policy::lower::Lowered;
use crate::policy::permit::{PermitId, Section};
use crate::policy::tailnet::NodeId;
use crate::source::Span;

/// A rule for machines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Rule {
    /// `grants[2]`, `acls[0]`; `default`: the policy has no rules and so allows everything. Counted over the whole
    /// policy: a declaration's presets and needs come after its own rules.
    pub rule: String,
    /// The option or value that the rule was written as.
    pub path: String,
    /// The file, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

impl Rule {
    /// The rule of a permit.
    pub(super) fn of(inputs: &Inputs, lowered: &Lowered<'_>, id: PermitId) -> Self {
        let permit = &lowered.permits()[id];
        let rule = match permit.section {
            Section::Absent => "default".to_owned(),
            Section::Grants => format!("grants[{}]", permit.rule),
            Section::Acls => format!("acls[{}]", permit.rule),
        };
        Self::at(inputs, rule, permit.span)
    }

    /// What is called `rule` and stands at `span`.
    pub(super) fn at(inputs: &Inputs, rule: String, span: Span) -> Self {
        let input = inputs.get(span.source).filter(|input| input.origin == Origin::File);
        Self {
            rule,
            path: inputs.path(span),
            file: input.map(|input| input.name.clone()),
            line: input.and_then(|_| inputs.line_column(span)).map(|place| place.line),
        }
    }

    /// The option or value, or where nothing was written the rule.
    pub(super) fn name(&self) -> &str {
        if self.path.is_empty() { &self.rule } else { &self.path }
    }

    /// In one phrase: the name, and the place if there is one.
    pub(super) fn phrase(&self) -> String {
        let name = self.name();
        match (&self.file, self.line) {
            (Some(file), Some(line)) => format!("{name} ({file}:{line})"),
            _ => name.to_owned(),
        }
    }
}

/// The rules of permits, each once.
pub(super) fn list(inputs: &Inputs, lowered: &Lowered<'_>, permits: &[PermitId]) -> Vec<Rule> {
    let mut rules: Vec<Rule> = permits.iter().map(|&id| Rule::of(inputs, lowered, id)).collect();
    rules.dedup();
    rules
}

/// Traffic by family, for machines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Traffic {
    ipv4: Vec<String>,
    ipv6: Vec<String>,
}

impl From<&Opens> for Traffic {
    fn from(opens: &Opens) -> Self {
        Self {
            ipv4: show::traffic(&opens.v4),
            ipv6: show::traffic(&opens.v6),
        }
    }
}

/// Names in a phrase: the first three, and how many more.
pub(super) fn some(names: &[String]) -> String {
    match names {
        [first, second, third, _, ..] => format!("{first}, {second}, {third} and {} more", names.len() - 3),
        _ => names.join(", "),
    }
}

/// The names of nodes.
pub(super) fn names(lowered: &Lowered<'_>, nodes: &[NodeId]) -> Vec<String> {
    nodes
        .iter()
        .map(|&node| lowered.index().node(node).name.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::some;

    #[test]
    fn many_names_are_counted() {
        let names: Vec<String> = (1..=5).map(|n| format!("n{n}")).collect();
        assert_eq!(some(&names), "n1, n2, n3 and 2 more");
        assert_eq!(some(names.get(..3).unwrap()), "n1, n2, n3");
        assert_eq!(some(&[]), "");
    }
}
