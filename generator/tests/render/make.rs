//! Declarations, judged and rendered.

use tailnet_generator::cluster::{self, Judgement};
use tailnet_generator::diagnostics::Severity;
use tailnet_generator::hujson::Flavour;
use tailnet_generator::input::{Inputs, Origin};
use tailnet_generator::render::write::Files;
use tailnet_generator::render::{self, Options};

/// A cluster with something of everything: what the snapshots show.
pub(crate) const KEYSTONE: &str = include_str!("keystone.json5");

/// A declaration, judged.
pub(crate) struct Judged {
    pub(crate) inputs: Inputs,
    pub(crate) judgement: Judgement,
}

/// Judges `text`, with addresses by `seed`.
pub(crate) fn judge(text: &str, seed: u64) -> Judged {
    let mut inputs = Inputs::default();
    let mut findings = Vec::new();
    let id = inputs
        .read("cluster.json5", text, Origin::File, Flavour::Json5, "", &mut findings)
        .unwrap();
    let options = cluster::Options {
        seed,
        ..cluster::Options::default()
    };
    let judgement = cluster::judge_with(&mut inputs, id, findings, options);
    Judged { inputs, judgement }
}

impl Judged {
    /// The artifacts.
    pub(crate) fn render(&self, options: Options) -> Files {
        let tree = self
            .inputs
            .get(tailnet_generator::source::SourceId(0))
            .unwrap()
            .tree
            .as_ref();
        let judged = self.judgement.declaration.as_ref().zip(self.judgement.model.as_ref());
        render::artifacts(&self.inputs, tree, judged, &self.judgement.diagnostics, options)
    }

    /// The artifacts of a declaration without errors.
    pub(crate) fn sound(&self, options: Options) -> Files {
        let errors: Vec<_> = self
            .judgement
            .diagnostics
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| format!("{}: {}", finding.code, finding.message))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
        self.render(options)
    }
}

/// The artifacts of a declaration without errors.
pub(crate) fn render(text: &str) -> Files {
    judge(text, 0).sound(Options::default())
}

/// An artifact as text.
pub(crate) fn text(files: &Files, name: &str) -> String {
    let content = files
        .get(name)
        .unwrap_or_else(|| panic!("no {name} among {:?}", files.keys()));
    String::from_utf8(content.clone()).unwrap()
}
