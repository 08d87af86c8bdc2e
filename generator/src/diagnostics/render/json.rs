//! Findings for machines: the form of `report.json` and of `--format json`.

use serde::Serialize;

use super::excerpt::short;
use super::severity_word;
use crate::diagnostics::{Diagnostic, Severity};
use crate::input::{Inputs, Origin};
use crate::source::Span;

/// What was found, and whether anything stops.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// True when there is no error (there may be warnings).
    pub ok: bool,
    /// All findings, sorted by place and code.
    pub diagnostics: Vec<Finding>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Its stable code: `TN104`.
    pub code: String,
    /// `error` or `warning`.
    pub severity: String,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// One sentence.
    pub message: String,
    /// What to do, one entry a way out.
    pub help: Vec<String>,
    /// Other places that belong to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    /// Changes of the text that would mend it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fixes: Vec<FixForm>,
}

/// A place in what was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The option or value, as Nix writes it: `policy.grants[2].dst[0]`. Empty: the whole text.
    pub path: String,
    /// The file; absent when Nix handed the text over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column, from 1, in Unicode scalar values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// The line in which the place ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_line: Option<usize>,
    /// The column after its last character.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_column: Option<usize>,
}

/// A place that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Related {
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// What is there: `defined here`.
    pub message: String,
}

/// A change that would mend a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FixForm {
    /// What it does.
    pub title: String,
    /// Whether `check --fix` applies it.
    pub safe: bool,
    /// The replacements.
    pub edits: Vec<EditForm>,
}

/// One replacement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EditForm {
    /// What is replaced.
    #[serde(flatten)]
    pub place: Place,
    /// By what.
    pub text: String,
}

impl Report {
    /// The report of `diagnostics`.
    #[must_use]
    pub fn new(inputs: &Inputs, diagnostics: &[Diagnostic]) -> Self {
        Self {
            ok: diagnostics.iter().all(|d| d.severity != Severity::Error),
            diagnostics: diagnostics.iter().map(|d| Finding::new(inputs, d)).collect(),
        }
    }
}

impl Finding {
    /// One finding in this form.
    #[must_use]
    pub fn new(inputs: &Inputs, diagnostic: &Diagnostic) -> Self {
        Self {
            code: diagnostic.code.to_string(),
            severity: severity_word(diagnostic.severity).to_owned(),
            place: diagnostic.span.map(|span| Place::new(inputs, span)).unwrap_or_default(),
            message: short(&diagnostic.message).into_owned(),
            help: diagnostic.help.iter().map(|help| short(help).into_owned()).collect(),
            related: diagnostic
                .related
                .iter()
                .map(|(span, label)| Related {
                    place: Place::new(inputs, *span),
                    message: short(label).into_owned(),
                })
                .collect(),
            fixes: diagnostic
                .fixes
                .iter()
                .map(|fix| FixForm {
                    title: short(&fix.title).into_owned(),
                    safe: fix.safe,
                    edits: fix
                        .edits
                        .iter()
                        .map(|edit| EditForm {
                            place: Place::new(inputs, edit.span),
                            text: edit.text.clone(),
                        })
                        .collect(),
                })
                .collect(),
        }
    }
}

impl Place {
    /// The place of `span`.
    #[must_use]
    pub fn new(inputs: &Inputs, span: Span) -> Self {
        let path = inputs.path(span);
        let Some(input) = inputs.get(span.source).filter(|input| input.origin == Origin::File) else {
            return Self {
                path,
                ..Self::default()
            };
        };
        let start = input.lines.line_column(&input.text, span.start);
        let end = input.lines.line_column(&input.text, span.end);
        Self {
            path,
            file: Some(input.name.clone()),
            line: Some(start.line),
            column: Some(start.column),
            end_line: Some(end.line),
            end_column: Some(end.column),
        }
    }
}
