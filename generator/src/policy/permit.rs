//! The normal form of a rule: who may open what traffic to whom.
//!
//! A grant is one permit, an ACL one for each of its destinations, in the order in which headscale takes them
//! (`aclToGrants` in `hscontrol/policy/v2/types.go`). Who and whom are resolved; where they were written is kept.

use std::sync::Arc;

use crate::net::{AddrSet, TrafficSet, packet};
use crate::source::{Span, Spanned};

use super::tailnet::id::id;
use super::tailnet::{AliasId, NodeSet};
use super::words::{Protocol, TagName, Traffic};

id! {
    /// A permit: its index in [`super::lower::Lowered`]. Ascending is the order of headscale's rules.
    PermitId
}
id! {
    /// A list of source aliases: its index in [`super::lower::Lowered`]. Rules with the same `src` share it.
    SourcesId
}

/// The section that a rule stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Section {
    /// Neither `acls` nor `grants` is there, so headscale allows everything.
    Absent,
    /// `grants`; headscale takes all of them before the first ACL.
    Grants,
    /// `acls`
    Acls,
}

/// One rule, or the part of an ACL that speaks of one destination.
#[derive(Clone, Debug, PartialEq)]
pub struct Permit {
    /// The rule it comes from; the whole policy for [`Section::Absent`].
    pub span: Span,
    /// The section the rule stands in.
    pub section: Section,
    /// The rule's position in its section.
    pub rule: u32,
    /// What `src` stands for.
    pub sources: SourcesId,
    /// Where the entries of `src` stand, in the order of [`Sources::aliases`]. All permits of an ACL share it.
    pub source_spans: Arc<[Span]>,
    /// The entries of `dst` but for `autogroup:self`, in the order written.
    pub destinations: Vec<Spanned<AliasId>>,
    /// `autogroup:self` of `dst`: besides the destinations, what is let in is between nodes of one user.
    pub own_devices: Option<Span>,
    /// `ip`, or `proto` and the ports of the destination.
    pub traffic: Vec<Spanned<Traffic>>,
    /// `app`
    pub app: Option<App>,
    /// `via`; if there is any, the permit is for nodes that carry one of these tags, and for their routes alone.
    pub via: Vec<Spanned<TagName>>,
}

/// The capabilities of a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    /// Names in byte order, each with its values as compact JSON.
    pub capabilities: Vec<(Box<str>, Vec<Box<str>>)>,
}

impl App {
    /// Whether the capability `name` is granted.
    #[must_use]
    pub fn grants(&self, name: &str) -> bool {
        self.capabilities.iter().any(|capability| &*capability.0 == name)
    }
}

/// What the `src` of a rule stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sources {
    /// The entries, in the order written.
    pub aliases: Vec<AliasId>,
    /// Their addresses, as far as they could be found.
    pub set: AddrSet,
    /// The nodes that have one of the addresses.
    pub nodes: NodeSet,
    /// The same without the entries of which something could not be found: those are no sources where headscale
    /// decides about `via` (`ViaRoutesForPeer` skips an alias whose `Resolve` fails; filters take the part).
    pub certain: NodeSet,
    /// Whether `*` is one of them: approved subnet routes are sources too.
    pub wildcard: bool,
    /// Whether `autogroup:danger-all` is one of them.
    pub danger_all: bool,
}

impl Permit {
    /// The traffic that passes at the client, by [`packet::passing`]. Capabilities open none.
    #[must_use]
    pub fn passing(&self) -> TrafficSet {
        let entries = self.traffic.iter().flat_map(|entry| {
            let protocols = numbers(entry.value.protocol);
            let ports = entry.value.ports.iter();
            ports.map(move |range| packet::passing(protocols.as_slice(), range.first, range.last))
        });
        entries.fold(TrafficSet::EMPTY, |all, one| all.union(&one))
    }
}

/// `IPProto` of 0.29: none for "any", else the number.
fn numbers(protocol: Protocol) -> Vec<u8> {
    match protocol {
        Protocol::Any => Vec::new(),
        Protocol::Number(number) => vec![number],
    }
}
