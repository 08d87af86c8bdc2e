//! Findings as a compiler shows them: source line, caret, related places, ways out, the change that would mend it.

use std::io;

use annotate_snippets::normalize_untrusted_str as plain;
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Patch, Renderer, Snippet};

use super::excerpt::{Excerpt, short};
use super::{Counts, severity_word};
use crate::diagnostics::{Diagnostic, Edit, Fix, Severity};
use crate::input::{Input, Inputs, Origin};
use crate::source::Span;

/// How findings are shown.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether to use ANSI colours.
    pub colour: bool,
    /// Columns of the terminal; source lines are cut to it.
    pub width: usize,
    /// Whether the option path is shown although there is a file: in a declaration it says more than a line number.
    pub paths: bool,
    /// How many findings are shown in full; of the rest, how many they are.
    pub limit: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            colour: false,
            width: 120,
            paths: false,
            limit: 100,
        }
    }
}

/// Writes all findings and the closing line.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(out: &mut dyn io::Write, inputs: &Inputs, diagnostics: &[Diagnostic], style: Style) -> io::Result<()> {
    for diagnostic in diagnostics.iter().take(style.limit) {
        writeln!(out, "{}\n", one(inputs, diagnostic, style))?;
    }
    if let Some(more) = diagnostics.len().checked_sub(style.limit).filter(|&more| more > 0) {
        writeln!(out, "... and {more} more (`--format json` lists all)\n")?;
    }
    writeln!(out, "{}", summary(diagnostics))
}

/// The closing line: `2 errors, 1 warning; more about one of them: tailnet explain TN104`.
#[must_use]
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    let counts = Counts::of(diagnostics);
    let worst = diagnostics.iter().min_by_key(|d| d.severity);
    match worst {
        Some(worst) => format!("{counts}; more about it: tailnet explain {}", worst.code),
        None => counts.to_string(),
    }
}

/// One finding, without a newline at its end.
#[must_use]
pub fn one(inputs: &Inputs, diagnostic: &Diagnostic, style: Style) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level
        .with_name(severity_word(diagnostic.severity))
        .primary_title(short(&diagnostic.message))
        .id(diagnostic.code.to_string());
    let shown = Shown::of(inputs, diagnostic);
    let mut main = title.elements(shown.elements);
    if let Some(path) = extra_path(inputs, diagnostic, style) {
        main = main.element(Level::NOTE.with_name("path").message(plain(&path)));
    }
    for help in &diagnostic.help {
        main = main.element(Level::HELP.message(plain(&short(help))));
    }
    let mut groups = vec![main];
    groups.extend(diagnostic.fixes.iter().map(|fix| suggestion(inputs, fix)));
    let renderer = if style.colour {
        Renderer::styled().hyperlink(false)
    } else {
        Renderer::plain()
    };
    let rendered = renderer
        .decor_style(DecorStyle::Ascii)
        .term_width(style.width)
        .render(&groups);
    let correct = |text: String, (wrong, right): &(String, String)| text.replacen(wrong, right, 1);
    shown.places.iter().fold(rendered, correct)
}

/// The option path, where the arrow does not say it already.
fn extra_path(inputs: &Inputs, diagnostic: &Diagnostic, style: Style) -> Option<String> {
    let span = diagnostic.span?;
    let input = inputs.get(span.source)?;
    let path = inputs.path(span);
    (input.origin == Origin::File && (style.paths || !input.prefix.is_empty()) && !path.is_empty()).then_some(path)
}

/// Something to underline.
struct Place<'a> {
    span: Span,
    label: Option<&'a str>,
    primary: bool,
}

/// The excerpts with the primary span and the related ones, near ones in one excerpt.
struct Shown<'a> {
    /// The snippets.
    elements: Vec<Element<'a>>,
    /// The library counts columns in what it is shown: where that is a part of a line, what it says and what is right.
    places: Vec<(String, String)>,
}

impl<'a> Shown<'a> {
    fn of(inputs: &'a Inputs, diagnostic: &'a Diagnostic) -> Self {
        let primary = diagnostic.span.map(|span| Place {
            span,
            label: diagnostic.label.as_deref(),
            primary: true,
        });
        let related = diagnostic.related.iter().map(|(span, label)| Place {
            span: *span,
            label: Some(label),
            primary: false,
        });
        let mut excerpts: Vec<(&Input, Excerpt, Vec<Place<'_>>)> = Vec::new();
        for place in primary.into_iter().chain(related) {
            let Some(input) = inputs.get(place.span.source) else {
                continue;
            };
            let excerpt = Excerpt::new(input, place.span);
            let near = excerpts.iter_mut().find_map(|(other, joined, places)| {
                (std::ptr::eq(*other, input) && joined.join(input, &excerpt)).then_some(places)
            });
            match near {
                Some(places) => places.push(place),
                None => excerpts.push((input, excerpt, vec![place])),
            }
        }
        let mut shown = Self {
            elements: Vec::new(),
            places: Vec::new(),
        };
        for (input, excerpt, marked) in excerpts {
            let annotations = excerpt.marks.iter().zip(&marked).map(|(mark, place)| {
                let kind = if place.primary {
                    AnnotationKind::Primary
                } else {
                    AnnotationKind::Context
                };
                let label = place.label.map(|label| plain(&short(label)));
                kind.span(mark.clone()).label(label)
            });
            let annotations = annotations.collect::<Vec<Annotation<'_>>>();
            let mut snippet = snippet(input, &excerpt).annotations(annotations);
            if let (true, Some(place), Some(mark)) = (excerpt.clipped, marked.first(), excerpt.marks.first()) {
                let name = match input.origin {
                    Origin::Nix => super::place_line(inputs, place.span),
                    Origin::File => input.name.clone(),
                };
                let before = excerpt.text.get(..mark.start).unwrap_or_default().chars().count();
                let wrong = format!("{name}:{}:{}", excerpt.first_line, before + 1);
                shown.places.push((wrong, super::place_line(inputs, place.span)));
                snippet = snippet.path(name);
            }
            shown.elements.push(Element::Cause(snippet));
        }
        shown
    }
}

/// The snippet of `excerpt`.
fn snippet<'a, T: Clone>(input: &'a Input, excerpt: &Excerpt) -> Snippet<'a, T> {
    Snippet::source(excerpt.text.clone())
        .line_start(excerpt.first_line)
        .line_numbering(input.origin == Origin::File)
        .path(input.name.as_str())
}

/// A fix: what it does, and the lines before and after.
fn suggestion<'a>(inputs: &'a Inputs, fix: &'a Fix) -> Group<'a> {
    let title = Level::HELP.secondary_title(plain(&short(&fix.title)));
    let mut shown: Vec<(&Input, Excerpt, Vec<&Edit>)> = Vec::new();
    for edit in &fix.edits {
        let Some(input) = inputs.get(edit.span.source) else {
            continue;
        };
        let excerpt = Excerpt::new(input, edit.span);
        let complete = excerpt.marks.iter().all(|mark| mark.len() == edit.span.range().len());
        if input.origin == Origin::Nix || !complete || edit.text.len() > 2000 {
            // Nobody can edit what Nix wrote, and half of a change says nothing: the title has to do.
            return Group::with_title(title);
        }
        let near = shown
            .last_mut()
            .filter(|(other, joined, _)| std::ptr::eq(*other, input) && joined.clone().join(input, &excerpt));
        match near {
            Some((_, joined, edits)) => {
                joined.join(input, &excerpt);
                edits.push(edit);
            }
            None => shown.push((input, excerpt, vec![edit])),
        }
    }
    let mut group = Group::with_title(title);
    for (input, excerpt, edits) in shown {
        let patches = excerpt
            .marks
            .iter()
            .zip(edits)
            .map(|(mark, edit)| Patch::new(mark.clone(), edit.text.as_str()));
        group = group.element(snippet(input, &excerpt).patches(patches));
    }
    group
}
