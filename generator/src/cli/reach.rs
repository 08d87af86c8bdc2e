//! `tailnet reach`: may this open that, and by which rule; or what is missing.

use std::io::Write;

use serde::Serialize;

use super::advice::advice;
use super::ends::{Named, ends, traffic};
use super::rules::{Rule, Traffic};
use super::subject::{Judged, SubjectArgs};
use super::{Context, Exit, Format, Outcome};
use crate::policy::ask::opens::Atlas;
use crate::policy::ask::reach::{Answer, Lack, Question, reach};

/// The arguments of `tailnet reach`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    subject: SubjectArgs,
    /// Who opens: a node, an address, a user, group, tag or autogroup
    #[arg(value_name = "FROM")]
    from: String,
    /// What is opened: the same, or an address behind a subnet router
    #[arg(value_name = "TO")]
    to: String,
    /// Over what: `tcp:22`, `udp:53`, `icmp`; a number alone is a TCP port. Without it: anything
    #[arg(long, value_name = "PROTOCOL:PORT")]
    port: Option<String>,
}

/// One pair, for machines.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pair {
    from: String,
    to: String,
    allowed: bool,
    /// All that passes, whatever was asked.
    opens: Traffic,
    by: Vec<Deciding>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    nearest: Vec<Miss>,
}

/// A rule that lets it pass.
#[derive(Serialize)]
struct Deciding {
    #[serde(flatten)]
    rule: Rule,
    /// The words of `src` that the source is in.
    src: Vec<String>,
    /// The words of `dst` that the destination is in.
    dst: Vec<String>,
}

/// A rule that nearly would.
#[derive(Serialize)]
struct Miss {
    #[serde(flatten)]
    rule: Rule,
    lacks: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    edit: Option<String>,
}

/// Answers: 0 when all that was asked may be, else 1.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Outcome {
    context.only(&[Format::Human, Format::Json])?;
    let wanted = args.port.as_deref().map(traffic).transpose()?;
    let mut judged = args.subject.judge_alone(context)?;
    let pairs = judged.ask(|judged, _, compiled| {
        let atlas = Atlas::new(&compiled);
        let mut resolver = compiled.lowered().resolver().clone();
        let from = ends(&atlas, &mut resolver, &args.from)?;
        let to = ends(&atlas, &mut resolver, &args.to)?;
        Ok(pairs(judged, &atlas, &from, &to, wanted))
    })?;
    let Some(pairs) = pairs else {
        return judged.refuse(context, "tailnet reach");
    };
    let all = pairs.iter().all(|pair| pair.allowed);
    if context.format == Format::Json {
        context.json(&pairs)?;
    } else {
        let what = args.port.as_deref().unwrap_or("anything");
        pairs.iter().try_for_each(|pair| say(context.out, pair, what))?;
    }
    Ok(if all { Exit::Fine } else { Exit::Findings })
}

fn pairs(
    judged: &Judged,
    atlas: &Atlas<'_, '_>,
    from: &[Named],
    to: &[Named],
    traffic: Option<(u8, u16)>,
) -> Vec<Pair> {
    let each = from.iter().flat_map(|from| to.iter().map(move |to| (from, to)));
    // A node does not ask itself.
    each.filter(|(from, to)| from.end != to.end)
        .map(|(from, to)| {
            let question = Question {
                from: from.end.clone(),
                to: to.end.clone(),
                traffic,
            };
            let answer = reach(atlas, &question);
            pair(judged, atlas, from, to, &question, &answer)
        })
        .collect()
}

fn pair(
    judged: &Judged,
    atlas: &Atlas<'_, '_>,
    from: &Named,
    to: &Named,
    question: &Question,
    answer: &Answer,
) -> Pair {
    let (inputs, lowered) = (&judged.inputs, atlas.lowered());
    let words = |spans: &[crate::source::Span]| spans.iter().map(|&span| inputs.text(span).to_owned()).collect();
    Pair {
        from: from.name.clone(),
        to: to.name.clone(),
        allowed: answer.allowed,
        opens: (&answer.opens).into(),
        by: answer
            .by
            .iter()
            .map(|one| Deciding {
                rule: Rule::of(inputs, lowered, one.permit),
                src: words(&one.sources),
                dst: words(&one.destinations),
            })
            .collect(),
        nearest: answer
            .nearest
            .iter()
            .map(|miss| Miss {
                rule: Rule::of(inputs, lowered, miss.permit),
                lacks: miss.lacks.iter().map(|&lack| word(lack)).collect(),
                edit: advice(judged, atlas, question, miss),
            })
            .collect(),
    }
}

const fn word(lack: Lack) -> &'static str {
    match lack {
        Lack::Source => "source",
        Lack::Destination => "destination",
        Lack::Family => "address family",
        Lack::Protocol => "protocol",
        Lack::Port => "port",
        Lack::Via => "via",
        Lack::Route => "route",
    }
}

fn say(out: &mut dyn Write, pair: &Pair, what: &str) -> std::io::Result<()> {
    let Pair { from, to, .. } = pair;
    if pair.allowed {
        writeln!(out, "yes: {from} may open {what} at {to}")?;
        for one in &pair.by {
            writeln!(out, "  by {}", one.rule.phrase())?;
        }
        return Ok(());
    }
    writeln!(out, "no: {from} may not open {what} at {to}")?;
    if let [Miss { lacks, .. }, ..] = pair.nearest.as_slice()
        && lacks.as_slice() == [word(Lack::Route)]
    {
        return writeln!(
            out,
            "  nothing leads there: no node has an approved route to it that {from} gets"
        );
    }
    if pair.nearest.is_empty() {
        writeln!(out, "  there is no rule")?;
    }
    let mut before = None;
    for miss in &pair.nearest {
        writeln!(
            out,
            "  nearest: {}, which lacks the {}",
            miss.rule.phrase(),
            miss.lacks.join(" and the ")
        )?;
        // Rules that cannot be changed all have the same way out.
        if let Some(edit) = miss.edit.as_ref().filter(|&edit| before != Some(edit)) {
            writeln!(out, "    to allow it: {edit}")?;
        }
        before = miss.edit.as_ref();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lack_has_a_word() {
        let all = [
            Lack::Source,
            Lack::Destination,
            Lack::Family,
            Lack::Protocol,
            Lack::Port,
            Lack::Via,
            Lack::Route,
        ];
        let words: std::collections::BTreeSet<_> = all.into_iter().map(word).collect();
        assert_eq!(words.len(), all.len());
    }
}
