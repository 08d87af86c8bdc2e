//! `tailnet compile`: what headscale would send to every node.

use anyhow::bail;

use super::subject::SubjectArgs;
use super::{Context, Exit, Format, Outcome};
use crate::diagnostics::render::json::Report;
use crate::diagnostics::render::normalise;
use crate::policy::compile::Options;
use crate::policy::judge::{Tests, hinders, in_tailnet};

/// The arguments of `tailnet compile`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    subject: SubjectArgs,
    /// Only what this node receives
    #[arg(long, value_name = "NAME")]
    node: Option<String>,
    /// Where clients ask for SSH checks: the control server's address
    #[arg(long, value_name = "URL")]
    server_url: Option<String>,
    /// Leave out the verdict on `tests` and `sshTests`: headscale starts with a policy whose tests fail
    #[arg(long)]
    no_tests: bool,
}

/// Compiles, and writes a node at a time.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Outcome {
    context.only(&[Format::Human, Format::Json])?;
    let mut judged = args.subject.judge(context)?;
    let declared = judged.server_url();
    let options = Options {
        server_url: args
            .server_url
            .clone()
            .or(declared)
            .unwrap_or_default()
            .trim_end_matches('/')
            .to_owned(),
        ..Options::default()
    };
    let tests = if args.no_tests { Tests::Ignore } else { Tests::Ask };
    let mut findings = judged.diagnostics.clone();
    // What failed was found when the policy was judged; what hinders is asked anew without it.
    let refused = findings.iter().any(hinders) || (!args.no_tests && Context::exit_of(&findings) != Exit::Fine);
    let compiled = match judged.asked()? {
        Some((document, tailnet)) if !refused => {
            let mut again = Vec::new();
            in_tailnet(document, tailnet, &options, Tests::Ignore, &mut again)
        }
        _ => None,
    };
    let Some(compiled) = compiled else {
        if tests == Tests::Ignore {
            findings.retain(hinders);
        }
        judged.diagnostics = findings;
        judged.hide_secrets();
        normalise(&mut judged.diagnostics);
        if context.format == Format::Json {
            context.json(&Report::new(&judged.inputs, &judged.diagnostics))?;
        } else {
            let (paths, found) = (judged.is_declaration(), judged.diagnostics);
            context.remarks(&judged.inputs, found.clone(), paths)?;
            return Ok(Context::exit_of(&found).max(Exit::Findings));
        }
        return Ok(Context::exit_of(&judged.diagnostics).max(Exit::Findings));
    };
    let index = compiled.lowered().index();
    if let Some(name) = &args.node {
        let Some((id, _)) = index.nodes().find(|(_, node)| node.name == *name) else {
            let near = crate::policy::rules::mend::nearest(name, index.nodes().map(|(_, node)| node.name.as_str()));
            let hint = near
                .map(|near| format!("; the nearest is {near:?}"))
                .unwrap_or_default();
            bail!("there is no node {name:?}{hint}");
        };
        let mut buffer = Vec::new();
        compiled.append_node(&mut buffer, id);
        context.out.write_all(&buffer)?;
    } else {
        compiled.write(&mut context.out)?;
    }
    writeln!(context.out)?;
    Ok(Exit::Fine)
}
