//! What a declaration means: users and nodes, one policy, and the flows that have to pass.
//!
//! The way of data: the policy's sections and its file are read and merged ([`merge`]); what presets and the cluster's
//! own needs add is drafted as rules ([`needs`]), read by the same reader, and merged after them; the tailnet is made
//! ([`people`]) with symbolic addresses where none are known ([`symbolic`](crate::policy::tailnet::symbolic)); rules that were added become tests that
//! prove them, and flows ([`prove`]).
//!
//! Invariant: nothing in here depends on the order in which members of an object were written, and nothing but the
//! addresses of the tailnet on the seed.

mod flow;
pub(crate) mod merge;
pub(crate) mod needs;
pub(crate) mod people;
mod prove;
#[cfg(test)]
pub(crate) mod tests;

use ipnet::IpNet;

use crate::diagnostics::Diagnostic;
use crate::policy::compile::approve::Approvals;
use crate::policy::dialect::Dialect;
use crate::policy::document::Document;
use crate::policy::tailnet::{Index, Resolver, Tailnet};
use crate::source::Span;

use super::declaration::Declaration;
use super::words::HeadscaleVersion;

pub use flow::Flow;
pub use merge::{Origin, Origins};
pub use needs::Derived;

/// What a declaration means.
#[derive(Clone, Debug)]
pub struct Model {
    /// Users by name; nodes: the declared ones by name, then stand-ins.
    pub tailnet: Tailnet,
    /// How many of the tailnet's nodes are declared. Each one after them stands for the devices that a user without
    /// declared nodes brings; nothing that is written out may name them.
    pub declared: usize,
    /// The whole policy: file, declaration, presets, needs, in this order within each section.
    pub policy: Document,
    /// Where each entry of the policy comes from.
    pub origins: Origins,
    /// What has to pass, each with the reason.
    pub flows: Vec<Flow>,
}

/// The policy's own parts, before anything is added.
#[derive(Debug)]
pub(crate) struct OwnPolicy {
    /// What stands in the policy file.
    pub file: Option<Document>,
    /// What stands in the declaration.
    pub sections: Document,
}

/// Which policy language a headscale speaks.
#[must_use]
pub const fn dialect(version: HeadscaleVersion) -> Dialect {
    match version {
        HeadscaleVersion::V0_28 => Dialect::V0_28,
        HeadscaleVersion::V0_29 => Dialect::V0_29,
        HeadscaleVersion::V0_30 => Dialect::V0_30,
    }
}

impl Model {
    /// Builds the model of `declaration`; what hinders goes to `findings`. `seed` decides which symbolic addresses are
    /// taken.
    pub(crate) fn new(declaration: &Declaration, own: OwnPolicy, seed: u64, findings: &mut Vec<Diagnostic>) -> Self {
        let span = own.sections.span;
        let dialect = own.sections.dialect;
        let mut merge = merge::Merge::new(span, dialect);
        let own_tags = [Some(&own.sections), own.file.as_ref()]
            .into_iter()
            .flatten()
            .any(|document| !document.tag_owners.is_empty());
        if let Some(file) = own.file {
            merge.add(file, &Origin::File, findings);
        }
        merge.add(own.sections, &Origin::Declared, findings);

        let draft = needs::draft(declaration, own_tags, findings);
        let added = draft.read(span, dialect, findings);
        merge.add_derived(added, &draft);
        let (mut policy, mut origins) = merge.finish();

        let (mut tailnet, declared) = people::tailnet(declaration, &policy, seed);
        approve(&mut tailnet, &policy);
        let proof = prove::prove(&draft, &policy, &tailnet);
        origins.add_tests(&mut policy, proof.tests, proof.ssh_tests);
        Self {
            tailnet,
            declared,
            policy,
            origins,
            flows: proof.flows,
        }
    }

    /// The place of the whole policy.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.policy.span
    }
}

/// Approves the routes that the policy approves of itself.
fn approve(tailnet: &mut Tailnet, policy: &Document) {
    let approved: Vec<Vec<IpNet>> = {
        let mut resolver = Resolver::new(policy, Index::new(tailnet));
        let approvals = Approvals::new(policy, &mut resolver);
        let index = resolver.index();
        index.nodes().map(|(id, _)| approvals.of(index, id).collect()).collect()
    };
    for (node, approved) in tailnet.nodes.iter_mut().zip(approved) {
        node.approved = approved;
    }
}
