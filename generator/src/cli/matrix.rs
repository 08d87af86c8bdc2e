//! `tailnet matrix`: who reaches what, nodes that no rule tells apart together.

use serde::Serialize;

use super::rules::{Rule, Traffic, list, names, some};
use super::subject::SubjectArgs;
use super::{Context, Exit, Format, Outcome};
use crate::input::Inputs;
use crate::policy::ask::matrix::{Row, Target, matrix};
use crate::policy::ask::opens::Atlas;
use crate::policy::ask::show;

/// The arguments of `tailnet matrix`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    subject: SubjectArgs,
}

/// One row, for machines.
#[derive(Serialize)]
struct Form {
    from: Vec<String>,
    to: Vec<String>,
    /// The node that leads there, where the destination is a network.
    #[serde(skip_serializing_if = "Option::is_none")]
    through: Option<String>,
    opens: Traffic,
    by: Vec<Rule>,
    #[serde(skip)]
    phrase: String,
}

/// Shows the table.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Outcome {
    let mut judged = args.subject.judge_alone(context)?;
    let rows = judged.ask(|judged, _, compiled| {
        let atlas = Atlas::new(&compiled);
        let rows = matrix(&atlas);
        Ok(rows
            .iter()
            .map(|row| form(&judged.inputs, &atlas, row))
            .collect::<Vec<_>>())
    })?;
    let Some(rows) = rows else {
        return judged.refuse(context, "tailnet matrix");
    };
    let width = context.width;
    match context.format {
        Format::Json => context.json(&rows)?,
        Format::Human => writeln!(
            context.out,
            "{}",
            table(&rows, comfy_table::presets::UTF8_FULL_CONDENSED, Some(width))
        )?,
        Format::Markdown => writeln!(
            context.out,
            "{}",
            table(&rows, comfy_table::presets::ASCII_MARKDOWN, None)
        )?,
    }
    Ok(Exit::Fine)
}

fn form(inputs: &Inputs, atlas: &Atlas<'_, '_>, row: &Row) -> Form {
    let lowered = atlas.lowered();
    let (to, through) = match &row.to {
        Target::Nodes(nodes) => (names(lowered, nodes), None),
        Target::Behind(part, router) => (vec![part.name()], Some(lowered.index().node(*router).name.clone())),
    };
    Form {
        from: names(lowered, &row.from),
        to,
        through,
        opens: (&row.opens).into(),
        by: list(inputs, lowered, &row.by),
        phrase: show::opens(&row.opens),
    }
}

fn table(rows: &[Form], style: comfy_table::TableStyle, width: Option<usize>) -> comfy_table::Table {
    let mut table = comfy_table::Table::new();
    table.load_style(style).set_header(["from", "to", "opens", "by"]);
    if let Some(width) = width {
        table.set_content_arrangement(comfy_table::ContentArrangement::Dynamic);
        table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
    }
    for row in rows {
        let through = row
            .through
            .as_ref()
            .map(|node| format!(" through {node}"))
            .unwrap_or_default();
        let by: Vec<_> = row.by.iter().map(Rule::name).collect();
        table.add_row([
            some(&row.from),
            some(&row.to) + &through,
            row.phrase.clone(),
            by.join(", "),
        ]);
    }
    table
}
