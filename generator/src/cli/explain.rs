//! `tailnet explain TN104`: a diagnostic in full.

use anyhow::bail;
use serde::Serialize;

use super::{Context, Exit, Format, Outcome};
use crate::diagnostics::{Example, Page, Severity, book, codes};

/// The arguments of `tailnet explain`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A code (`TN104`) or a name (`undefined-tag`); without one, all are listed
    #[arg(value_name = "CODE")]
    code: Vec<String>,
}

/// A page for machines.
#[derive(Serialize)]
struct Form {
    code: String,
    severity: &'static str,
    name: &'static str,
    what: &'static str,
    why: &'static str,
    wrong: &'static str,
    right: &'static str,
}

impl Form {
    fn new(page: &Page) -> Self {
        let text = |example: &Example| match *example {
            Example::Input { shown, .. } => shown,
            Example::Policy { text, .. } | Example::Declaration(text) => text,
            Example::Host { module, .. } => module,
        };
        Self {
            code: page.code.to_string(),
            severity: match page.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            name: page.name,
            what: page.what,
            why: page.why,
            wrong: text(&page.wrong),
            right: text(&page.right),
        }
    }
}

/// Shows the pages asked for, or the list of all.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Outcome {
    let mut pages = Vec::new();
    for name in &args.code {
        match (codes::find(name), book::nearest(name)) {
            (Some(page), _) => pages.push(page),
            (None, Some(near)) => bail!(
                "there is no diagnostic \"{name}\"; nearest: {} {} (`tailnet explain` lists all)",
                near.code,
                near.name
            ),
            (None, None) => bail!("there is no diagnostic \"{name}\" (`tailnet explain` lists all)"),
        }
    }
    let all = pages.is_empty();
    match context.format {
        Format::Json => {
            if all {
                pages.extend(codes::all());
            }
            let forms: Vec<Form> = pages.iter().map(|page| Form::new(page)).collect();
            context.json(&forms)?;
        }
        Format::Markdown if all => write!(context.out, "{}", book::markdown())?,
        Format::Markdown => {
            for page in pages {
                write!(context.out, "{}", book::page_markdown(page).trim_start())?;
            }
        }
        Format::Human if all => write!(context.out, "{}", book::list(context.width))?,
        Format::Human => {
            for (number, page) in pages.into_iter().enumerate() {
                let gap = if number > 0 { "\n" } else { "" };
                write!(context.out, "{gap}{}", book::explain(page, context.width.min(100)))?;
            }
        }
    }
    Ok(Exit::Fine)
}
