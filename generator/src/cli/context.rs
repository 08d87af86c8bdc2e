//! What every command works with: where to write, in which form, in which colours.

use std::io::{self, Write};

use serde::Serialize;

use super::{Exit, Surroundings};
use crate::diagnostics::render::{human, json, markdown, normalise};
use crate::diagnostics::{Diagnostic, Severity};
use crate::input::Inputs;
use crate::input::rules::{too_large, unreadable};
use crate::policy::dialect::Dialect;

/// The form of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "full", derive(clap::ValueEnum))]
pub enum Format {
    /// For people at a terminal
    #[default]
    Human,
    /// For machines
    Json,
    /// For a merge request's comment
    Markdown,
}

/// What a command works with.
pub struct Context<'a> {
    /// Where the answer goes: standard output, buffered.
    pub out: &'a mut dyn Write,
    /// Where everything goes that is not the answer.
    pub err: &'a mut dyn Write,
    /// The form of the answer.
    pub format: Format,
    /// The headscale that policies are judged for.
    pub dialect: Dialect,
    /// Whether the arguments name it, rather than leaving it to the default.
    pub dialect_given: bool,
    /// Whether the answer may hold colours.
    pub colour: bool,
    /// Whether what goes to [`Context::err`] may.
    pub err_colour: bool,
    /// Whether somebody watches: progress may be shown on [`Context::err`].
    pub watched: bool,
    /// Columns to keep to.
    pub width: usize,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "full", derive(clap::ValueEnum))]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Whether to use colours on a stream.
    fn decide(self, surroundings: Surroundings, is_terminal: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => is_terminal && !surroundings.no_color && !surroundings.dumb,
        }
    }
}

/// Columns where the terminal does not say how many it has.
const WIDTH: usize = 100;

impl<'a> Context<'a> {
    /// Puts together what the surroundings and the global arguments say.
    pub fn new(
        surroundings: Surroundings,
        format: Format,
        color: Color,
        dialect: Option<Dialect>,
        out: &'a mut dyn Write,
        err: &'a mut dyn Write,
    ) -> Self {
        Self {
            out,
            err,
            format,
            dialect: dialect.unwrap_or_default(),
            dialect_given: dialect.is_some(),
            colour: color.decide(surroundings, surroundings.out_is_terminal),
            err_colour: color.decide(surroundings, surroundings.err_is_terminal),
            watched: surroundings.err_is_terminal && !surroundings.dumb,
            width: surroundings.width.unwrap_or(WIDTH).clamp(40, 400),
        }
    }

    /// Findings as the answer, in the form asked for: sorted, on standard output. `subject` is what a comment's
    /// heading says: `tailnet check policy.hujson`.
    ///
    /// # Errors
    /// When the answer cannot be written.
    pub fn findings(
        &mut self,
        inputs: &Inputs,
        mut found: Vec<Diagnostic>,
        subject: &str,
        paths: bool,
    ) -> io::Result<Exit> {
        normalise(&mut found);
        let style = self.style(self.colour, paths);
        match self.format {
            Format::Human => human::write(self.out, inputs, &found, style)?,
            Format::Json => self.json(&json::Report::new(inputs, &found))?,
            Format::Markdown => markdown::write(self.out, inputs, &found, subject)?,
        }
        Ok(Self::exit_of(&found))
    }

    /// Findings beside an answer that has a form of its own: for people, on standard error. Nothing is said when
    /// there are none, and nothing for machines, whose answers carry their findings themselves.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn remarks(&mut self, inputs: &Inputs, mut found: Vec<Diagnostic>, paths: bool) -> io::Result<Exit> {
        normalise(&mut found);
        if !found.is_empty() && self.format != Format::Json {
            let style = self.style(self.err_colour, paths);
            human::write(self.err, inputs, &found, style)?;
        }
        Ok(Self::exit_of(&found))
    }

    /// A value as indented JSON with a newline at its end.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *self.out, value)?;
        writeln!(self.out)
    }

    /// Refuses the forms that a command does not have.
    ///
    /// # Errors
    /// When the form asked for is none of `known`.
    pub fn only(&self, known: &[Format]) -> anyhow::Result<()> {
        let word = |format: &Format| match format {
            Format::Human => "human",
            Format::Json => "json",
            Format::Markdown => "markdown",
        };
        anyhow::ensure!(
            known.contains(&self.format),
            "this command has no form `{}`; it has {}",
            word(&self.format),
            known.iter().map(word).collect::<Vec<_>>().join(", ")
        );
        Ok(())
    }

    /// What findings make of the exit: an input that could not be read is 2, any other error 1; warnings alone are
    /// none.
    #[must_use]
    pub fn exit_of(found: &[Diagnostic]) -> Exit {
        let unreadable = [unreadable::PAGE.code, too_large::PAGE.code];
        if found.iter().any(|d| unreadable.contains(&d.code)) {
            Exit::Unusable
        } else if found.iter().any(|d| d.severity == Severity::Error) {
            Exit::Findings
        } else {
            Exit::Fine
        }
    }

    fn style(&self, colour: bool, paths: bool) -> human::Style {
        human::Style {
            colour,
            width: self.width,
            paths,
            ..human::Style::default()
        }
    }
}
