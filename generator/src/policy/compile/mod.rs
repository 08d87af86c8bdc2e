//! What headscale would send to every node, as JSON in the control protocol's own field names.
//!
//! One output field a file. Work is shared between nodes and bounded by what they receive: an alias is resolved once, a
//! list of sources written once, a destination looked up once, and a node's answer is mostly copied. Everything is
//! byte-deterministic: no order comes out of a hash table.

mod assemble;
pub mod filter;
pub mod matches;
pub mod own;
pub mod peers;
pub mod routes;
pub mod sources;
pub mod stock;
pub mod targets;
#[cfg(test)]
mod tests;
pub mod text;
pub mod via;

use std::io::{self, Write};

use super::lower::Lowered;
use super::tailnet::NodeId;
use filter::Filter;
use matches::Matcher;
use peers::Peers;
use routes::Routes;
use via::Steering;

/// A policy compiled for every node of a tailnet.
#[derive(Clone, Debug)]
pub struct Compiled<'a> {
    lowered: Lowered<'a>,
    filter: Filter,
    peers: Peers,
    routes: Routes,
}

impl<'a> Compiled<'a> {
    /// Compiles.
    #[must_use]
    pub fn new(lowered: Lowered<'a>) -> Self {
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
        }
    }

    /// The policy in normal form.
    #[must_use]
    pub const fn lowered(&self) -> &Lowered<'a> {
        &self.lowered
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

    /// Appends what `node` receives, as a JSON object.
    pub fn append_node(&self, out: &mut Vec<u8>, node: NodeId) {
        let index = self.lowered.index();
        out.extend_from_slice(br#"{"packetFilter":"#);
        self.filter.write(out, index, node);
        out.extend_from_slice(br#","allowedIPs":"#);
        self.routes.write_own(out, node);
        out.extend_from_slice(br#","peers":"#);
        self.peers.write(out, node);
        out.extend_from_slice(br#","peerRoutes":"#);
        self.routes.write_peers(out, &self.peers, node);
        out.push(b'}');
    }

    /// Writes what all nodes receive, `{"ok":true,"nodes":{...}}`, a node at a time.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut buffer = br#"{"ok":true,"nodes":{"#.to_vec();
        for (id, node) in self.lowered.index().nodes() {
            if id.0 > 0 {
                buffer.push(b',');
            }
            text::push_string(&mut buffer, &node.name);
            buffer.push(b':');
            self.append_node(&mut buffer, id);
            out.write_all(&buffer)?;
            buffer.clear();
        }
        out.write_all(b"}}")
    }
}
