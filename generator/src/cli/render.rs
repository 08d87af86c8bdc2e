//! `tailnet render DECL --out DIR`: judge and write the artifacts; say what was written and what has to be opened.

use std::path::PathBuf;

use anyhow::Context as _;
use serde::Serialize;

use super::judged::Judged;
use super::{Context, Exit, Format, Outcome};
use crate::diagnostics::render::json;
use crate::render::node::{UnderlayPort, underlay_ports};
use crate::render::{self, Options, write};

/// The arguments of `tailnet render`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The declaration: a .json, .json5 or .hujson file, or - for standard input
    declaration: PathBuf,
    /// The folder to write; it is replaced as a whole when an earlier run wrote it
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    /// Write `tests` and `sshTests` into the policy too; headscale judges them again when it loads it
    #[arg(long)]
    with_tests: bool,
}

/// What was written, for machines.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    #[serde(flatten)]
    report: json::Report,
    /// The folder that was written; absent when there were errors.
    #[serde(skip_serializing_if = "Option::is_none")]
    out: Option<String>,
    /// The files in it.
    artifacts: Vec<&'a str>,
    /// What each host needs open outside the tailnet.
    underlay: Vec<Host>,
}

/// What one host needs open outside the tailnet.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Host {
    node: String,
    addresses: Vec<String>,
    ports: Vec<UnderlayPort>,
}

/// Judges, writes, and says what was written.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Outcome {
    context.only(&[Format::Human, Format::Json])?;
    let judged = Judged::read(&args.declaration);
    let exit = Context::exit_of(&judged.judgement.diagnostics);
    let mut answer = Answer {
        report: json::Report::new(&judged.inputs, &judged.judgement.diagnostics),
        out: None,
        artifacts: Vec::new(),
        underlay: Vec::new(),
    };
    if exit != Exit::Fine {
        if context.format == Format::Json {
            context.json(&answer)?;
        } else {
            context.remarks(&judged.inputs, judged.judgement.diagnostics, false)?;
            writeln!(context.err, "nothing was written to {}", args.out.display())?;
        }
        return Ok(exit);
    }
    let options = Options {
        with_tests: args.with_tests,
    };
    let files = judged.artifacts(options);
    write::replace(&args.out, &files).context("nothing was written")?;
    answer.out = Some(args.out.display().to_string());
    answer.artifacts = files.keys().map(String::as_str).collect();
    answer.underlay = judged.underlay();
    if context.format == Format::Json {
        context.json(&answer)?;
    } else {
        summary(&answer, context)?;
        context.remarks(&judged.inputs, judged.judgement.diagnostics, false)?;
    }
    Ok(exit)
}

/// The summary for people: files with what they are for, then what to open.
fn summary(answer: &Answer<'_>, context: &mut Context<'_>) -> std::io::Result<()> {
    let nodes = answer.artifacts.iter().filter(|name| is_node(name)).count();
    let configs = answer
        .artifacts
        .iter()
        .filter(|name| name.ends_with("/k3s.yaml"))
        .count();
    writeln!(context.out, "{}", answer.out.as_deref().unwrap_or_default())?;
    let about = |name: &str| -> &'static str {
        match name {
            "policy.hujson" => "the policy, for headscale's policy.path",
            "derp.yaml" => "the relays, for headscale's derp.paths",
            "derp.json" => "the relays as clients read them, for derpprobe",
            "dns.json" => "headscale's dns settings",
            "flows.json" => "who reaches what, through which rule",
            "coredns-custom.yaml" => "names of the tailnet for pods",
            "topology.json" => "the tailnet as declared, to ask the policy with it",
            "kubeconfig.yaml" => "how to reach the cluster, without credentials",
            render::REPORT => "what was judged and found",
            _ => "",
        }
    };
    for name in answer.artifacts.iter().filter(|name| !name.starts_with("nodes/")) {
        writeln!(context.out, "  {name:20} {}", about(name))?;
    }
    writeln!(
        context.out,
        "  {:20} what each of {nodes} hosts needs",
        "nodes/NAME.json"
    )?;
    if configs > 0 {
        writeln!(
            context.out,
            "  {:20} k3s's configuration on {configs} of them",
            "nodes/NAME/k3s.yaml"
        )?;
    }
    if answer.underlay.iter().any(|host| !host.ports.is_empty()) {
        writeln!(
            context.out,
            "\nTo open outside the tailnet (a cloud's security groups), and nothing else:"
        )?;
    }
    for host in &answer.underlay {
        for port in &host.ports {
            writeln!(
                context.out,
                "  {:20} {:9} {}: {}",
                host.node,
                format!("{}/{}", port.port, port.protocol),
                port.who,
                port.purpose
            )?;
        }
    }
    Ok(())
}

fn is_node(name: &str) -> bool {
    name.strip_prefix("nodes/").is_some_and(|rest| !rest.contains('/'))
}

impl Judged {
    /// What every declared node needs open outside the tailnet.
    fn underlay(&self) -> Vec<Host> {
        let Some(declaration) = &self.judgement.declaration else {
            return Vec::new();
        };
        declaration
            .nodes
            .iter()
            .map(|(name, node)| Host {
                node: name.value.to_string(),
                addresses: node
                    .underlay_address
                    .iter()
                    .map(|address| address.value.to_string())
                    .collect(),
                ports: underlay_ports(declaration, &name.value),
            })
            .collect()
    }
}
