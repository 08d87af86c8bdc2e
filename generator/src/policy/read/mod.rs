//! From a tree to a [`Document`]: every section, all findings.
//!
//! Reads as headscale unmarshals (`unmarshalPolicy`, `hscontrol/policy/v2/types.go`, by go-json-experiment): names of
//! fields are compared after folding, unknown ones refused, `null` is the same as absent in most places. Unlike
//! headscale nothing stops at the first mistake. What is wrong in itself is reported here; whether names are defined
//! and stand where they may is for the rules.
//!
//! Where a word is wrong but its place must not look empty (a grant's only `ip` entry), a stand-in is kept, so that
//! one mistake gives one finding. A document is only used when there were no errors.

mod acls;
mod aliases;
mod approvers;
mod grants;
mod groups;
mod hosts;
mod json;
mod node_attrs;
pub(crate) mod shape;
mod ssh;
mod tag_owners;
#[cfg(test)]
pub(crate) mod testing;
mod tests_section;

pub(crate) use aliases::Place;
pub(crate) use json::go_type;

use crate::diagnostics::Diagnostic;
use crate::hujson::Value;
use crate::input::{Inputs, Origin};
use crate::source::{SourceId, Span, Spanned};

use super::dialect::{Dialect, Feature};
use super::document::{AutoApprovers, Document};
use super::rules;
use shape::Shape;

/// The policy's own fields.
pub(crate) const POLICY: Shape = Shape {
    go: "v2.Policy",
    what: "a policy",
    fields: &[
        "groups",
        "hosts",
        "tagOwners",
        "acls",
        "grants",
        "nodeAttrs",
        "autoApprovers",
        "ssh",
        "tests",
        "sshTests",
        "randomizeClientPort",
    ],
    features: &[
        ("grants", Feature::Grants),
        ("nodeAttrs", Feature::NodeAttrs),
        ("tests", Feature::Tests),
        ("sshTests", Feature::SshTests),
        ("randomizeClientPort", Feature::RandomizeClientPort),
    ],
    ..Shape::EMPTY
};

/// Every shape there is.
#[cfg(test)]
pub(crate) const SHAPES: [&Shape; 8] = [
    &POLICY,
    &acls::ACL,
    &grants::GRANT,
    &node_attrs::NODE_ATTR,
    &approvers::AUTO_APPROVERS,
    &ssh::SSH,
    &tests_section::TEST,
    &tests_section::SSH_TEST,
];

/// After so many findings of one policy the others are only counted: it is no policy at all, and a text of hundreds of
/// megabytes could hold a hundred million.
pub const MAX_FINDINGS: usize = 1_000;

/// What reads: the text, the dialect, and where findings go.
pub(crate) struct Reader<'a> {
    verbatim: Option<&'a str>,
    dialect: Dialect,
    findings: &'a mut Vec<Diagnostic>,
    reported: usize,
}

/// Reads a policy from the tree of its object, which may be a part of a larger tree (`policy` of a declaration).
///
/// `verbatim` is the HuJSON text that the tree was read from, when headscale itself will read that text: headscale
/// takes some words as they are written, escapes not decoded. Without it they are taken decoded.
pub fn read(tree: &Value, verbatim: Option<&str>, dialect: Dialect, findings: &mut Vec<Diagnostic>) -> Document {
    let mut reader = Reader {
        verbatim,
        dialect,
        findings,
        reported: 0,
    };
    let document = reader.policy(tree);
    let more = reader.reported.saturating_sub(MAX_FINDINGS);
    if let (1.., Some(last)) = (more, findings.last_mut()) {
        last.help
            .push(format!("{more} more findings in this policy are not shown"));
    }
    document
}

/// Reads the policy that the input `id` is. `None`: it has no tree, which was reported when it was read. A text of no
/// bytes is a policy that allows everything, and a warning (a declaration makes it an error).
pub fn read_input(inputs: &Inputs, id: SourceId, dialect: Dialect, findings: &mut Vec<Diagnostic>) -> Option<Document> {
    let input = inputs.get(id)?;
    match &input.tree {
        Some(tree) => {
            let verbatim = (input.origin == Origin::File).then_some(input.text.as_str());
            Some(read(tree, verbatim, dialect, findings))
        }
        None if input.text.is_empty() => {
            let span = Span::new(id, 0, 0);
            findings.push(rules::empty_policy::finding(span));
            Some(Document::empty(span, dialect))
        }
        None => None,
    }
}

impl Reader<'_> {
    /// Takes a finding.
    fn report(&mut self, finding: Diagnostic) {
        self.reported += 1;
        if self.reported <= MAX_FINDINGS {
            self.findings.push(finding);
        }
    }

    fn policy(&mut self, tree: &Value) -> Document {
        let fields = self.fields(tree, &POLICY);
        let mut document = Document::empty(tree.span, self.dialect);
        let mut each = |name: &str, read: &mut dyn FnMut(&mut Self, &mut Document, &Value)| {
            if let Some(value) = fields.get(name) {
                read(self, &mut document, value);
            }
        };
        each("hosts", &mut |reader, document, value| {
            document.hosts = reader.hosts(value)
        });
        each("groups", &mut |reader, document, value| {
            document.groups = reader.groups(value)
        });
        each("tagOwners", &mut |reader, document, value| {
            document.tag_owners = reader.tag_owners(value);
        });
        each("acls", &mut |reader, document, value| {
            document.acls = reader.acls(value)
        });
        each("grants", &mut |reader, document, value| {
            document.grants = reader.grants(value)
        });
        each("nodeAttrs", &mut |reader, document, value| {
            document.node_attrs = reader.node_attrs(value);
        });
        each("autoApprovers", &mut |reader, document, value| {
            document.auto_approvers = reader.auto_approvers(value, document);
        });
        each("ssh", &mut |reader, document, value| document.ssh = reader.ssh(value));
        each("tests", &mut |reader, document, value| {
            document.tests = reader.tests(value)
        });
        each("sshTests", &mut |reader, document, value| {
            document.ssh_tests = reader.ssh_tests(value);
        });
        each("randomizeClientPort", &mut |reader, document, value| {
            document.randomize_client_port = reader.boolean(value).map(|on| Spanned::new(on, value.span));
        });
        document
    }
}

impl Document {
    /// A policy that says nothing; headscale allows everything then.
    #[must_use]
    pub fn empty(span: Span, dialect: Dialect) -> Self {
        Self {
            span,
            dialect,
            groups: Vec::new(),
            hosts: Vec::new(),
            tag_owners: Vec::new(),
            acls: None,
            grants: None,
            node_attrs: Vec::new(),
            auto_approvers: AutoApprovers::default(),
            ssh: Vec::new(),
            tests: Vec::new(),
            ssh_tests: Vec::new(),
            randomize_client_port: None,
        }
    }
}

#[cfg(test)]
mod tests;
