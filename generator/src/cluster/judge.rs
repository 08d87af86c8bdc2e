//! One entry point: from the text of a declaration to its model and everything that is wrong with it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::declaration::Declaration;
use super::model::{self, Model, OwnPolicy};
use super::rules::{self, Context};
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::hujson::{Kind, Member, Value};
use crate::input::{self, Inputs, Origin};
use crate::policy;
use crate::policy::document::Document;
use crate::policy::judge::Tests;
use crate::policy::rules::lints;
use crate::source::{SourceId, Span};

/// What a declaration means and what is wrong with it.
#[derive(Debug)]
pub struct Judgement {
    /// The declaration; `None`: there is no object to read.
    pub declaration: Option<Declaration>,
    /// What it means; there is one whenever there is a declaration. With errors among the findings it is only good for
    /// finding more.
    pub model: Option<Model>,
    /// Errors and warnings, by place.
    pub diagnostics: Vec<Diagnostic>,
}

impl Judgement {
    /// Whether there is no error.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.diagnostics
            .iter()
            .all(|finding| finding.severity != Severity::Error)
    }
}

/// How a declaration is judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Decides which symbolic addresses nodes get. No finding and no artifact depends on it.
    pub seed: u64,
    /// Whether secrets stay readable in the texts and findings: for tests that compare what is marked.
    pub show_secrets: bool,
}

/// Judges the declaration that is the text `source`. `findings`: what was found when that text was read. A policy file
/// that the declaration names is read into `inputs`.
#[must_use]
pub fn judge(inputs: &mut Inputs, source: SourceId, findings: Vec<Diagnostic>) -> Judgement {
    judge_with(inputs, source, findings, Options::default())
}

/// [`judge`] with options.
#[must_use]
pub fn judge_with(inputs: &mut Inputs, source: SourceId, mut findings: Vec<Diagnostic>, options: Options) -> Judgement {
    let tree = inputs.get(source).and_then(|input| input.tree.clone());
    let declaration = tree.as_ref().and_then(|tree| super::reading::read(tree, &mut findings));
    let (Some(tree), Some(declaration)) = (tree, declaration) else {
        crate::keys::rules::secrets(inputs, &mut findings);
        return Judgement {
            declaration: None,
            model: None,
            diagnostics: in_order(findings),
        };
    };
    let own = read_policy(inputs, source, &declaration, &tree, &mut findings);
    let model = Model::new(&declaration, own, options.seed, &mut findings);
    policy::rules::check(&model.policy, &mut findings);
    let context = Context::new(&declaration, &model, &tree);
    rules::check(&context, &mut findings);
    // Tests and flows of a model that stands on a mistake would fail for no reason of their own.
    let options_of = compile_options(&declaration);
    let asked = policy::judge::in_tailnet(&model.policy, &model.tailnet, &options_of, Tests::Ask, &mut findings);
    if let Some(compiled) = &asked {
        rules::check_compiled(&context, compiled, &mut findings);
    }
    let subject = lints::Subject {
        document: &model.policy,
        inputs,
        own: model.origins.own(),
        tailnet: Some(&model.tailnet),
        lowered: asked.as_ref().map(policy::compile::Compiled::lowered),
    };
    lints::check(&subject, &mut findings);
    rules::check_families(&declaration, &tree, &mut findings);
    findings.retain(|finding| finding.code != REPLACED);
    let mut findings = once_a_place(findings, &declaration);
    if options.show_secrets {
        crate::keys::rules::find(inputs, &mut findings);
    } else {
        crate::keys::rules::secrets(inputs, &mut findings);
    }
    Judgement {
        diagnostics: in_order(findings),
        declaration: Some(declaration),
        model: Some(model),
    }
}

/// What headscale's configuration adds to what nodes receive, as `declaration` has it.
#[must_use]
pub fn compile_options(declaration: &Declaration) -> policy::compile::Options {
    let server = &declaration.control_server;
    policy::compile::Options {
        server_url: server.url.value.as_str().trim_end_matches('/').to_owned(),
        settings: policy::compile::caps::Settings {
            taildrop: server.taildrop.value,
            auto_update: server.auto_update.value,
        },
    }
}

/// What stands before the option paths of what is wrong in the policy file.
pub(crate) const POLICY: &str = "policy";

/// Unknown users of a policy are a warning where nobody declares them; in a declaration they are an error of its own.
const REPLACED: Code = Code(198);

/// Reads the policy's own parts.
fn read_policy(
    inputs: &mut Inputs,
    source: SourceId,
    declaration: &Declaration,
    tree: &Value,
    findings: &mut Vec<Diagnostic>,
) -> OwnPolicy {
    let dialect = model::dialect(declaration.headscale_version.value);
    let policy = &declaration.policy;
    let written = policy.place.span;
    let span = if written == super::declaration::NOWHERE {
        tree.span
    } else {
        written
    };
    let sections = Value {
        kind: Kind::Object(policy.sections.clone()),
        span,
    };
    OwnPolicy {
        file: read_policy_file(inputs, source, declaration, dialect, findings),
        sections: policy::read::read(&sections, None, dialect, findings),
    }
}

/// Reads the policy file that the declaration names, if any.
fn read_policy_file(
    inputs: &mut Inputs,
    source: SourceId,
    declaration: &Declaration,
    dialect: policy::dialect::Dialect,
    findings: &mut Vec<Diagnostic>,
) -> Option<Document> {
    let file = declaration.policy.file.as_ref()?;
    let named = file.value.as_str();
    let mut about_file = Vec::new();
    let id = if let Some(text) = inputs.handed_over(named).map(str::to_owned) {
        inputs.read_policy(named, text, POLICY, &mut about_file)
    } else {
        let path = match resolve(inputs, source, Path::new(named)) {
            Ok(path) => path,
            Err(why) => {
                findings.push(rules::policy_file_unreadable::finding(named, file.span, why));
                return None;
            }
        };
        let opened = match input::open_file(&path) {
            Ok(opened) => opened,
            Err(error) => {
                findings.push(rules::policy_file_unreadable::finding(
                    named,
                    file.span,
                    &error.to_string(),
                ));
                return None;
            }
        };
        let name = input::display_name(&path);
        let bytes = input::read_bytes(&name, Ok(opened), &mut about_file);
        bytes.and_then(|bytes| inputs.read_policy(name, bytes, POLICY, &mut about_file))
    };
    for mut finding in about_file {
        // What has no place in the file has one where the file is named.
        finding.span = finding.span.or(Some(file.span));
        findings.push(finding);
    }
    let input = inputs.get(id?)?;
    let tree = input.tree.as_ref();
    let document = tree.map(|tree| policy::read::read(tree, Some(&input.text), dialect, findings));
    let has_rules = document
        .as_ref()
        .is_some_and(|document| document.acls.is_some() || document.grants.is_some());
    if !has_rules {
        findings.push(rules::policy_file_without_rules::finding(file.span));
    }
    document
}

/// The path of a file that the declaration names.
fn resolve(inputs: &Inputs, source: SourceId, path: &Path) -> Result<PathBuf, &'static str> {
    if path.is_absolute() {
        return Ok(path.to_owned());
    }
    let input = inputs.get(source).ok_or("there is no declaration")?;
    match input.origin {
        Origin::Nix => Err("it is relative, and what Nix hands over lies in no folder"),
        Origin::File => {
            let folder = Path::new(&input.name).parent();
            Ok(folder.map_or_else(|| path.to_owned(), |folder| folder.join(path)))
        }
    }
}

/// Leaves out what is said twice: a preset's names stand in several rules of the policy, and each rule would complain in
/// its own words (the codes below 200).
fn once_a_place(findings: Vec<Diagnostic>, declaration: &Declaration) -> Vec<Diagnostic> {
    let presets = presets(declaration);
    let in_preset = |span: Span| {
        let after = presets.partition_point(|preset| (preset.source, preset.start) <= (span.source, span.start));
        let before = after.checked_sub(1).and_then(|i| presets.get(i));
        before.is_some_and(|preset| preset.encloses(span))
    };
    let mut seen = HashSet::new();
    let mut is_first = |finding: &Diagnostic| {
        let Some(span) = finding.span else { return true };
        let of_policy = finding.code.0 < 200;
        let words = (!of_policy || !in_preset(span)).then(|| finding.message.clone());
        seen.insert((finding.code, span, words))
    };
    findings.into_iter().filter(|finding| is_first(finding)).collect()
}

/// The places of what asks for rules, in order: none lies in another.
fn presets(declaration: &Declaration) -> Vec<Span> {
    let access = &declaration.access;
    let ssh = access.ssh.iter().map(|access| access.place.span);
    let kubectl = access.kubectl.iter().map(|access| access.place.span);
    let services = access.services.values().map(|service| service.place.span);
    let monitoring = declaration.monitoring.from.iter().map(|from| from.span);
    let nodes = declaration.nodes.values().map(|node| node.place.span);
    let mut places: Vec<Span> = ssh
        .chain(kubectl)
        .chain(services)
        .chain(monitoring)
        .chain(nodes)
        .collect();
    places.sort_unstable_by_key(|span| (span.source, span.start));
    places
}

/// Findings by text and place; those without a place first.
fn in_order(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    findings.sort_by_key(|finding| {
        finding
            .span
            .map(|span| (span.source, span.start, span.end, finding.code))
    });
    findings
}

/// The members of the object that stands at `span` in `tree`.
pub(crate) fn members_at(tree: &Value, span: Span) -> &[Member] {
    let mut value = tree;
    loop {
        // What an object or a list holds lies in the order written: the last that begins at the span or before.
        let inside = match &value.kind {
            Kind::Object(members) if value.span == span => return members,
            Kind::Object(members) => {
                let after = members.partition_point(|member| member.value.span.start <= span.start);
                after
                    .checked_sub(1)
                    .and_then(|i| members.get(i))
                    .map(|member| &member.value)
            }
            Kind::Array(items) => {
                let after = items.partition_point(|item| item.span.start <= span.start);
                after.checked_sub(1).and_then(|i| items.get(i))
            }
            _ => None,
        };
        match inside.filter(|inside| inside.span.encloses(span)) {
            Some(inside) => value = inside,
            None => return &[],
        }
    }
}
