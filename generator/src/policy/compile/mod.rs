//! What headscale would send to every node, as JSON in the control protocol's own field names.
//!
//! One output field a file. Work is shared between nodes and bounded by what they receive: an alias is resolved once, a
//! list of sources written once, a destination looked up once, and a node's answer is mostly copied. Everything is
//! byte-deterministic: no order comes out of a hash table.

pub mod approve;
mod assemble;
pub mod caps;
pub mod filter;
pub mod matches;
pub mod own;
pub mod peers;
pub mod routes;
pub mod sources;
pub mod ssh;
pub mod stock;
pub mod tags;
pub mod targets;
#[cfg(test)]
mod tests;
pub mod text;
pub mod via;

use std::io::{self, Write};

use super::document::Document;
use super::lower::Lowered;
use super::tailnet::NodeId;
use approve::Approvals;
use caps::{Caps, Settings};
use filter::Filter;
use matches::Matcher;
use peers::Peers;
use routes::Routes;
use ssh::Ssh;
use tags::Tags;
use via::Steering;

/// What a policy is compiled with besides its tailnet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Where clients ask for SSH checks: the control server's address, without a slash at its end.
    pub server_url: String,
    /// What the server's configuration adds.
    pub settings: Settings,
}

/// A policy compiled for every node of a tailnet.
#[derive(Clone, Debug)]
pub struct Compiled<'a> {
    pub(in crate::policy) lowered: Lowered<'a>,
    filter: Filter,
    peers: Peers,
    routes: Routes,
    pub(in crate::policy) ssh: Ssh,
    caps: Caps,
    tags: Tags,
    approvals: Approvals,
}

/// What compiling took, counted: the same on every machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Aliases resolved.
    pub aliases: u64,
    /// Lists of sources written.
    pub source_lists: u64,
    /// Bytes of those lists.
    pub source_bytes: u64,
    /// Destinations looked up in the tailnet.
    pub entries: u64,
    /// Destinations found to be kept, over all nodes.
    pub kept: u64,
    /// Sets of nodes that see sets of nodes.
    pub links: u64,
    /// Sets of nodes that see the same.
    pub classes: u64,
}

impl<'a> Compiled<'a> {
    /// Compiles `document`, which `lowered` was made from.
    #[must_use]
    pub fn new(document: &Document, mut lowered: Lowered<'a>, options: &Options) -> Self {
        let resolver = lowered.resolver_mut();
        let ssh = Ssh::new(document, resolver, &options.server_url);
        let caps = Caps::new(document, resolver, options.settings);
        let tags = Tags::new(document, resolver);
        let approvals = Approvals::new(document, resolver);
        let filter = Filter::new(&lowered);
        let mut matcher = Matcher::new(&lowered, &filter);
        let steering = Steering::new(&lowered, &mut matcher);
        let matches = matcher.build();
        let peers = Peers::new(lowered.index(), &filter, &matches);
        let routes = Routes::new(&lowered, &matches, &steering);
        Self {
            lowered,
            filter,
            peers,
            routes,
            ssh,
            caps,
            tags,
            approvals,
        }
    }

    /// The policy in normal form.
    #[must_use]
    pub const fn lowered(&self) -> &Lowered<'a> {
        &self.lowered
    }

    /// What it took.
    #[must_use]
    pub fn work(&self) -> Work {
        let stock = &self.filter.stock;
        let ports = stock.port_targets.values().map(|target| &target.hits);
        let hits = || {
            ports
                .clone()
                .chain(stock.cap_targets.values().map(|target| target.hits()))
        };
        Work {
            aliases: self.lowered.resolver().len() as u64,
            source_lists: stock.sources.list().len() as u64,
            source_bytes: stock.sources.list().values().map(|list| list.text.len() as u64).sum(),
            entries: stock
                .port_targets
                .values()
                .map(|target| target.heads.len() as u64)
                .sum::<u64>()
                + stock
                    .cap_targets
                    .values()
                    .map(|target| target.len() as u64)
                    .sum::<u64>(),
            kept: hits().map(|hits| hits.len() as u64).sum(),
            links: self.peers.links() as u64,
            classes: self.peers.classes() as u64,
        }
    }

    /// Who sees whom.
    #[must_use]
    pub const fn peers(&self) -> &Peers {
        &self.peers
    }

    /// Who may route what through whom.
    #[must_use]
    pub const fn routes(&self) -> &Routes {
        &self.routes
    }

    /// Who may log in where.
    #[must_use]
    pub const fn ssh(&self) -> &Ssh {
        &self.ssh
    }

    /// What nodes are told about themselves.
    #[must_use]
    pub const fn caps(&self) -> &Caps {
        &self.caps
    }

    /// Whose routes are approved.
    #[must_use]
    pub const fn approvals(&self) -> &Approvals {
        &self.approvals
    }

    /// Appends what `node` receives, as a JSON object.
    pub fn append_node(&self, out: &mut Vec<u8>, node: NodeId) {
        let index = self.lowered.index();
        out.extend_from_slice(br#"{"packetFilter":"#);
        self.filter.write(out, index, node);
        out.extend_from_slice(br#","sshPolicy":"#);
        self.ssh.write(out, node);
        out.extend_from_slice(br#","capMap":"#);
        self.caps.write(out, node);
        out.extend_from_slice(br#","allowedIPs":"#);
        self.routes.write_own(out, node);
        out.extend_from_slice(br#","peers":"#);
        self.peers.write(out, node);
        out.extend_from_slice(br#","peerRoutes":"#);
        self.routes.write_peers(out, &self.peers, node);
        out.extend_from_slice(br#","canTag":"#);
        self.tags.write(out, index, node);
        out.extend_from_slice(br#","canApprove":"#);
        self.approvals.write(out, index, node);
        out.push(b'}');
    }

    /// Writes what all nodes receive, `{"ok":true,"nodes":{...}}`, a node at a time.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        self.write_nodes(out, self.lowered.index().nodes().map(|(id, _)| id))
    }

    /// Writes what some nodes receive, in the same form.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_nodes(&self, out: &mut impl Write, nodes: impl IntoIterator<Item = NodeId>) -> io::Result<()> {
        let mut buffer = br#"{"ok":true,"nodes":{"#.to_vec();
        for (position, id) in nodes.into_iter().enumerate() {
            if position > 0 {
                buffer.push(b',');
            }
            text::push_string(&mut buffer, &self.lowered.index().node(id).name);
            buffer.push(b':');
            self.append_node(&mut buffer, id);
            out.write_all(&buffer)?;
            buffer.clear();
        }
        buffer.extend_from_slice(b"}}");
        out.write_all(&buffer)
    }
}
