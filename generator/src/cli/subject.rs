//! What most commands are given: a declaration, or a policy and the tailnet it is judged by.

use std::path::{Path, PathBuf};

use anyhow::ensure;

use super::Context;
use super::folder::Folder;
use crate::cluster;
use crate::diagnostics::{Diagnostic, Severity};
use crate::hujson::{self, Flavour, Kind};
use crate::input::{Inputs, Origin, display_name, open, read_bytes};
use crate::keys;
use crate::policy;
use crate::policy::dialect::Dialect;
use crate::policy::document::Document;
use crate::policy::tailnet::Tailnet;
use crate::source::SourceId;

/// The arguments that name it.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct SubjectArgs {
    /// A declaration (.json, .json5), a policy (.hujson) or a folder of artifacts; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The tailnet that a policy is judged by: a topology, or what `headscale nodes list -o json` prints
    #[arg(long, value_name = "FILE")]
    pub topology: Option<PathBuf>,
}

/// What was read and what was found in it.
pub(super) struct Judged {
    /// The texts. They hold secrets until [`Judged::hide_secrets`].
    pub inputs: Inputs,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
    /// The text of the topology.
    pub topology: Option<SourceId>,
    /// What was judged.
    pub subject: Subject,
}

/// What was judged.
pub(super) enum Subject {
    /// Nothing: the text could not be read.
    Unread,
    /// A policy.
    Policy(Box<policy::judge::Judgement>),
    /// A declaration.
    Declaration(Box<cluster::Judgement>),
}

/// How a policy is judged.
type Judge = fn(&Inputs, SourceId, Option<SourceId>, Dialect, Vec<Diagnostic>) -> policy::judge::Judgement;

/// Which of the two a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Policy,
    Declaration,
}

impl SubjectArgs {
    /// Refuses combinations that mean nothing.
    pub(super) fn validate(&self) -> anyhow::Result<()> {
        let topology_from_stdin = self.topology.as_deref().is_some_and(is_stdin);
        ensure!(
            !(topology_from_stdin && is_stdin(&self.file)),
            "standard input cannot be both the policy and its topology"
        );
        Ok(())
    }

    /// Whether the text comes from standard input.
    pub(super) fn is_stdin(&self) -> bool {
        is_stdin(&self.file)
    }

    /// Reads and judges.
    pub(super) fn judge(&self, context: &Context<'_>) -> anyhow::Result<Judged> {
        self.judge_by(context, policy::judge::judge)
    }

    /// Reads and judges; a policy's tailnet is not asked yet: for who compiles the policy, which asks it.
    pub(super) fn judge_alone(&self, context: &Context<'_>) -> anyhow::Result<Judged> {
        self.judge_by(context, policy::judge::read_only)
    }

    fn judge_by(&self, context: &Context<'_>, judge: Judge) -> anyhow::Result<Judged> {
        self.validate()?;
        if self.topology.is_none()
            && let Some(folder) = Folder::at(&self.file)
        {
            let inside = Self {
                file: folder.policy,
                topology: Some(folder.topology),
            };
            let dialect = folder.dialect.filter(|_| !context.dialect_given);
            return inside.judge_in(context, dialect.unwrap_or(context.dialect), judge);
        }
        self.judge_in(context, context.dialect, judge)
    }

    fn judge_in(&self, context: &Context<'_>, dialect: Dialect, judge: Judge) -> anyhow::Result<Judged> {
        let mut inputs = Inputs::default();
        let mut findings = Vec::new();
        let name = display_name(&self.file);
        let Some(bytes) = read_bytes(&name, open(&self.file), &mut findings) else {
            return Ok(Judged::unread(inputs, findings, None));
        };
        if self.what(&bytes) == What::Declaration {
            ensure!(
                !context.dialect_given,
                "{name:?} is a declaration, which names its headscale itself: `headscaleVersion` instead of `--dialect`"
            );
            return Ok(judge_declaration(inputs, findings, name, bytes));
        }
        let source = inputs.read_policy(name, bytes, "", &mut findings);
        let topology = self
            .topology
            .as_deref()
            .map(|path| read_topology(&mut inputs, path, &mut findings));
        Ok(judge_policy(inputs, findings, source, topology, dialect, judge))
    }

    /// What the text is: a policy when a topology comes with it, else what its name says, else what its members say.
    fn what(&self, bytes: &[u8]) -> What {
        let extension = self.file.extension().map(|extension| extension.to_ascii_lowercase());
        match extension.as_ref().and_then(|extension| extension.to_str()) {
            _ if self.topology.is_some() => What::Policy,
            Some("hujson") => What::Policy,
            Some("json5") => What::Declaration,
            _ => what_members_say(bytes),
        }
    }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Tells by its members what a text is, headscale's policies being called `acl.json` as often as not. What is neither
/// is judged as a declaration.
fn what_members_say(bytes: &[u8]) -> What {
    const DECLARATION: [&str; 5] = ["name", "baseDomain", "controlServer", "nodes", "users"];
    const POLICY: [&str; 6] = ["acls", "grants", "groups", "tagOwners", "hosts", "ssh"];
    let Ok(text) = std::str::from_utf8(bytes) else {
        return What::Declaration;
    };
    let Some(root) = hujson::parse(SourceId(0), text, Flavour::Json5).root else {
        return What::Declaration;
    };
    let Kind::Object(members) = &root.kind else {
        return What::Declaration;
    };
    let any = |names: &[&str]| {
        let is_one = |name: &str| names.iter().any(|known| hujson::same_name(known, name));
        members.iter().any(|member| is_one(&member.name.value))
    };
    if any(&POLICY) && !any(&DECLARATION) {
        What::Policy
    } else {
        What::Declaration
    }
}

fn judge_declaration(mut inputs: Inputs, mut findings: Vec<Diagnostic>, name: String, bytes: Vec<u8>) -> Judged {
    let source = inputs.read(name, bytes, Origin::File, Flavour::Json5, "", &mut findings);
    let Some(source) = source else {
        return Judged::unread(inputs, findings, None);
    };
    let mut judgement = cluster::judge(&mut inputs, source, findings);
    Judged {
        diagnostics: std::mem::take(&mut judgement.diagnostics),
        inputs,
        topology: None,
        subject: Subject::Declaration(Box::new(judgement)),
    }
}

/// `topology` is doubly optional: not asked for, or not readable.
fn judge_policy(
    inputs: Inputs,
    findings: Vec<Diagnostic>,
    source: Option<SourceId>,
    topology: Option<Option<SourceId>>,
    dialect: Dialect,
    judge: Judge,
) -> Judged {
    let topology = topology.flatten();
    let Some(source) = source else {
        return Judged::unread(inputs, findings, topology);
    };
    let mut judgement = judge(&inputs, source, topology, dialect, findings);
    Judged {
        diagnostics: std::mem::take(&mut judgement.diagnostics),
        inputs,
        topology,
        subject: Subject::Policy(Box::new(judgement)),
    }
}

/// Reads a topology: JSON of whatever kind, for people write some by hand.
fn read_topology(inputs: &mut Inputs, path: &Path, findings: &mut Vec<Diagnostic>) -> Option<SourceId> {
    let name = display_name(path);
    let bytes = read_bytes(&name, open(path), findings)?;
    inputs.read(name, bytes, Origin::File, Flavour::Json5, "", findings)
}

impl Judged {
    const fn unread(inputs: Inputs, diagnostics: Vec<Diagnostic>, topology: Option<SourceId>) -> Self {
        Self {
            inputs,
            diagnostics,
            topology,
            subject: Subject::Unread,
        }
    }

    /// Reports the secrets in all that was read and hides them. To be called once nothing reads the texts any more but
    /// to show them.
    pub(super) fn hide_secrets(&mut self) {
        keys::rules::secrets(&mut self.inputs, &mut self.diagnostics);
    }

    /// The policy and the tailnet to ask about; `None`: one of them could not be read.
    ///
    /// # Errors
    /// When a policy comes without a tailnet.
    pub(super) fn asked(&self) -> anyhow::Result<Option<(&Document, &Tailnet)>> {
        Ok(match &self.subject {
            Subject::Unread => None,
            Subject::Declaration(judged) => judged.model.as_ref().map(|model| (&model.policy, &model.tailnet)),
            Subject::Policy(judged) => {
                ensure!(
                    self.topology.is_some() || judged.topology.is_some() || self.has_errors(),
                    "a policy alone says nothing of a tailnet: give one with `--topology`, a topology or what \
                     `headscale nodes list -o json` prints"
                );
                let tailnet = judged.topology.as_ref().map(|topology| &topology.tailnet);
                judged.document.as_ref().zip(tailnet)
            }
        })
    }

    /// The tailnet of what is declared: without the stand-ins by which a declaration is judged. `None`: the subject is no
    /// declaration.
    pub(super) fn declared_tailnet(&self) -> Option<Tailnet> {
        let Subject::Declaration(judged) = &self.subject else {
            return None;
        };
        let model = judged.model.as_ref()?;
        Some(Tailnet {
            users: model.tailnet.users.clone(),
            nodes: model.tailnet.nodes.iter().take(model.declared).cloned().collect(),
        })
    }

    /// Whether some declared node has no declared address, so that it has one for judgement only.
    pub(super) fn has_symbolic_addresses(&self) -> bool {
        let Subject::Declaration(judged) = &self.subject else {
            return false;
        };
        let mut nodes = judged
            .declaration
            .iter()
            .flat_map(|declaration| declaration.nodes.values());
        nodes.any(|node| node.addresses.is_empty())
    }

    /// The control server's address, where a declaration names it.
    pub(super) fn server_url(&self) -> Option<String> {
        match &self.subject {
            Subject::Declaration(judged) => judged
                .declaration
                .as_ref()
                .map(|it| it.control_server.url.value.to_string()),
            _ => None,
        }
    }

    fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|found| found.severity == Severity::Error)
    }

    /// Whether option paths say more than lines.
    pub(super) const fn is_declaration(&self) -> bool {
        matches!(self.subject, Subject::Declaration(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_what_its_members_say() {
        let what = |text: &str| what_members_say(text.as_bytes());
        assert_eq!(what("{\"acls\": []}"), What::Policy);
        assert_eq!(what("{\"TagOwners\": {}, // x\n}"), What::Policy);
        assert_eq!(what("{\"groups\": {}, \"baseDomain\": \"x\"}"), What::Declaration);
        assert_eq!(what("{name: 'keystone', policy: {acls: []}}"), What::Declaration);
        for text in ["", "{}", "[]", "{\"acls\"", "\u{1}"] {
            assert_eq!(what(text), What::Declaration, "{text:?}");
        }
    }

    #[test]
    fn names_decide_before_members_and_a_topology_before_names() {
        let what = |file: &str, topology: Option<&str>| {
            let args = SubjectArgs {
                file: file.into(),
                topology: topology.map(PathBuf::from),
            };
            args.what(b"{\"acls\": []}")
        };
        assert_eq!(what("a.hujson", None), What::Policy);
        assert_eq!(what("a.HuJSON", None), What::Policy);
        assert_eq!(what("a.json5", None), What::Declaration);
        assert_eq!(what("a.json5", Some("t")), What::Policy);
        assert_eq!(what("a.json", None), What::Policy);
        assert_eq!(what("-", None), What::Policy);
    }
}
