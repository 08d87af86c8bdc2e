//! `sshPolicy`: who may log in to a node as whom (`compileSSHPolicy` in `hscontrol/policy/v2/filter.go`).
//!
//! headscale resolves all rules again for every node. Here each rule becomes a few lists of wire rules, and a node is
//! given the lists that concern it:
//!
//! - it is a destination: one rule with all principals; or, where `users` has local parts, for each source user a
//!   common rule and the rule with the user's local part right behind it, then one for the tagged sources;
//! - it is a destination by `autogroup:self`: the same for its own user;
//! - it is no destination but a source, and there are local parts: the same for its own user; for a tagged node, a
//!   rule with its own addresses.
//!
//! Rules that ask for a check come before those that let in at once, whatever the order written.

mod logins;
mod principals;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::net::AddrSet;
use crate::policy::dialect::Dialect;
use crate::policy::document::{Document, SshAction, SshRule};
use crate::policy::tailnet::id::id;
use crate::policy::tailnet::{Index, NodeId, NodeSet, Resolver, Table, UserId};
use crate::policy::words::{Alias, Autogroup, CheckPeriod};

use super::text::{push_list, push_number, push_string};
use logins::{LocalParts, Written};
use principals::{SourceTable, Sources, of_node};

pub use logins::{Logins, allows};
pub use principals::Principals;

id! {
    /// A rule as nodes receive it: its index in [`Ssh`].
    WireId
}
id! {
    /// Rules that nodes receive together: their index in [`Ssh`].
    ListId
}

/// A rule as nodes receive it.
#[derive(Clone, Debug)]
pub struct Wire {
    /// The rule of the policy that it comes from: its index in `ssh`.
    pub rule: usize,
    /// Who may come.
    pub principals: Arc<Principals>,
    /// As whom.
    pub logins: Arc<Logins>,
    /// Whether a check is asked for first.
    pub check: bool,
    /// What follows the principals in JSON.
    rest: Arc<[u8]>,
}

/// The SSH policies of all nodes.
#[derive(Clone, Debug)]
pub struct Ssh {
    /// Whether the policy has SSH rules at all: without, nodes receive none, which is less than an empty list.
    configured: bool,
    wires: Table<WireId, Wire>,
    lists: Table<ListId, Vec<WireId>>,
    by_node: Table<NodeId, Vec<ListId>>,
}

impl Ssh {
    /// The SSH rules of `document` in the tailnet of `resolver`. `server_url` is where clients ask for checks.
    #[must_use]
    pub fn new(document: &Document, resolver: &mut Resolver<'_>, server_url: &str) -> Self {
        let mut compiler = Compiler {
            local_parts: LocalParts::new(resolver.index().tailnet()),
            server_url,
            sources: SourceTable::default(),
            ssh: Self {
                configured: !document.ssh.is_empty(),
                wires: Table::default(),
                lists: Table::default(),
                by_node: Table::filled(resolver.index().node_count(), Vec::new()),
            },
        };
        let rules = || document.ssh.iter().enumerate();
        if document.dialect == Dialect::V0_28 {
            rules().for_each(|(position, rule)| compiler.rule(position, rule, resolver));
        } else {
            for first in [SshAction::Check, SshAction::Accept] {
                let chosen = rules().filter(|(_, rule)| rule.action == first);
                chosen.for_each(|(position, rule)| compiler.rule(position, rule, resolver));
            }
        }
        compiler.ssh
    }

    /// The rules of `node`, in the order in which its client takes them.
    pub fn of(&self, node: NodeId) -> impl Iterator<Item = &Wire> {
        let lists = self.by_node[node].iter();
        lists.flat_map(|&list| &self.lists[list]).map(|&wire| &self.wires[wire])
    }

    /// Whether `address` may log in to `node` as `login`, and the rules of the policy that say so; each with whether
    /// it asks for a check.
    pub fn deciding<'s>(
        &'s self,
        node: NodeId,
        address: IpAddr,
        login: &'s str,
    ) -> impl Iterator<Item = &'s Wire> + 's {
        self.admitting(node, login)
            .filter(move |wire| wire.principals.set.contains(address))
    }

    /// The rules of `node` that let somebody in as `login`.
    pub fn admitting<'s>(&'s self, node: NodeId, login: &'s str) -> impl Iterator<Item = &'s Wire> + 's {
        self.of(node).filter(move |wire| allows(&wire.logins, login))
    }

    /// The addresses that may log in to `node` as `login`: by any rule, and by one that asks for a check.
    #[must_use]
    pub fn admitted(&self, node: NodeId, login: &str) -> Admitted {
        let mut admitted = Admitted::default();
        for wire in self.admitting(node, login) {
            admitted.any = admitted.any.union(&wire.principals.set);
            if wire.check {
                admitted.checked = admitted.checked.union(&wire.principals.set);
            }
        }
        admitted
    }

    /// Appends the policy of `node` as JSON, `null` if the whole policy has no SSH rules.
    pub fn write(&self, out: &mut Vec<u8>, node: NodeId) {
        if !self.configured {
            out.extend_from_slice(b"null");
            return;
        }
        out.extend_from_slice(br#"{"rules":"#);
        push_list(out, self.of(node), |out, wire| {
            out.extend_from_slice(br#"{"principals":"#);
            out.extend_from_slice(&wire.principals.text);
            out.extend_from_slice(&wire.rest);
        });
        out.push(b'}');
    }
}

/// Who may log in to a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Admitted {
    /// Addresses that some rule lets in.
    pub any: AddrSet,
    /// Addresses that some rule lets in after a check.
    pub checked: AddrSet,
}

struct Compiler<'c> {
    local_parts: LocalParts<'c>,
    server_url: &'c str,
    sources: SourceTable,
    ssh: Ssh,
}

/// A rule while it is compiled: what all its wire rules have in common.
struct Rule<'r> {
    position: usize,
    sources: &'r Sources,
    /// The login of each user whose local part counts; `None`: the rule has no local parts.
    local_parts: Option<HashMap<UserId, Arc<Logins>>>,
    logins: Arc<Logins>,
    check: bool,
    rest: Arc<[u8]>,
    /// What follows the principals of a local part's rule, after the logins.
    tail: Vec<u8>,
    /// The list of each user, made when first needed.
    users: HashMap<UserId, ListId>,
}

impl Compiler<'_> {
    fn rule(&mut self, position: usize, written: &SshRule, resolver: &mut Resolver<'_>) {
        let src = written.src.iter().map(|alias| resolver.resolve(&alias.value)).collect();
        let sources = self.sources.group(src, resolver);
        if sources.all.is_none() {
            return;
        }
        let (destinations, own, others) = destinations(written, resolver);
        let index = resolver.index();
        let mut rule = self.prepare(position, written, &sources, resolver.dialect());
        if own {
            for &(user, _) in &sources.users {
                let list = self.user_list(&mut rule, user);
                self.give(list, index.nodes_of(user).iter().copied());
            }
        }
        if !others {
            return;
        }
        if let Some(list) = self.destination_list(&mut rule) {
            self.give(list, destinations.iter());
        }
        if rule.local_parts.is_some() {
            let mut only_sources = sources.nodes.clone();
            only_sources.subtract(&destinations);
            for node in only_sources.iter() {
                self.own_access(&mut rule, index, node);
            }
        }
    }

    fn prepare<'r>(&self, position: usize, written: &SshRule, sources: &'r Sources, dialect: Dialect) -> Rule<'r> {
        let users = Written::new(written.users.iter().map(|user| &*user.value), dialect);
        let local_parts = users.domains.map(|domains| {
            let parts = self.local_parts.of(&domains).into_iter();
            parts
                .map(|(user, local)| (user, Arc::new(Logins::from([(local.into(), local.into())]))))
                .collect()
        });
        let tail = tail(written, self.server_url, dialect);
        Rule {
            position,
            sources,
            local_parts,
            rest: rest(&users.logins, &tail),
            logins: Arc::new(users.logins),
            check: written.action == SshAction::Check && dialect != Dialect::V0_28,
            tail,
            users: HashMap::new(),
        }
    }

    /// What destinations receive.
    fn destination_list(&mut self, rule: &mut Rule<'_>) -> Option<ListId> {
        if rule.local_parts.is_none() {
            let all = Arc::clone(rule.sources.all.as_ref()?);
            let wire = self.common(rule, all);
            return Some(self.ssh.lists.push(vec![wire]));
        }
        let mut wires = Vec::new();
        for &(user, _) in &rule.sources.users {
            let list = self.user_list(rule, user);
            wires.extend_from_slice(&self.ssh.lists[list]);
        }
        if let Some(tagged) = &rule.sources.tagged {
            wires.push(self.common(rule, Arc::clone(tagged)));
        }
        Some(self.ssh.lists.push(wires))
    }

    /// The common rule of one user, and the one with the user's local part.
    fn user_list(&mut self, rule: &mut Rule<'_>, user: UserId) -> ListId {
        if let Some(&list) = rule.users.get(&user) {
            return list;
        }
        let mut wires = Vec::new();
        if let Some(principals) = rule.sources.of_user(user) {
            wires.push(self.common(rule, Arc::clone(principals)));
            if let Some(logins) = rule.local_parts.as_ref().and_then(|parts| parts.get(&user)) {
                wires.push(self.ssh.wires.push(Wire {
                    rule: rule.position,
                    principals: Arc::clone(principals),
                    logins: Arc::clone(logins),
                    check: rule.check,
                    rest: rest(logins, &rule.tail),
                }));
            }
        }
        let list = self.ssh.lists.push(wires);
        rule.users.insert(user, list);
        list
    }

    fn common(&mut self, rule: &Rule<'_>, principals: Arc<Principals>) -> WireId {
        self.ssh.wires.push(Wire {
            rule: rule.position,
            principals,
            logins: Arc::clone(&rule.logins),
            check: rule.check,
            rest: Arc::clone(&rule.rest),
        })
    }

    /// A node that is a source and no destination.
    fn own_access(&mut self, rule: &mut Rule<'_>, index: &Index<'_>, node: NodeId) {
        let list = if let Some(user) = index.owner(node) {
            self.user_list(rule, user)
        } else if let Some(principals) = of_node(index, node) {
            let wire = self.common(rule, principals);
            self.ssh.lists.push(vec![wire])
        } else {
            return;
        };
        self.give(list, [node]);
    }

    fn give(&mut self, list: ListId, nodes: impl IntoIterator<Item = NodeId>) {
        nodes.into_iter().for_each(|node| self.ssh.by_node[node].push(list));
    }
}

/// The nodes of `dst`, whether `autogroup:self` is one of its entries, and whether there are others.
fn destinations(rule: &SshRule, resolver: &mut Resolver<'_>) -> (NodeSet, bool, bool) {
    let mut nodes = NodeSet::empty(resolver.index().node_count());
    let (mut own, mut others) = (false, false);
    for alias in &rule.dst {
        if alias.value == Alias::Autogroup(Autogroup::OwnDevices) {
            own = true;
        } else {
            others = true;
            let alias = resolver.resolve(&alias.value);
            nodes.union_with(&resolver.get(alias).nodes);
        }
    }
    (nodes, own, others)
}

/// `,"sshUsers":{...}` and `tail`.
fn rest(logins: &Logins, tail: &[u8]) -> Arc<[u8]> {
    let mut out = br#","sshUsers":{"#.to_vec();
    for (position, (login, given)) in logins.iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        push_string(&mut out, login);
        out.push(b':');
        push_string(&mut out, given);
    }
    out.extend_from_slice(b"}");
    out.extend_from_slice(tail);
    out.into()
}

/// `,"action":{...},"acceptEnv":[...]}`. How long a check holds is not sent: the server looks it up when the client
/// comes back. 0.28 knew no check; it let in for as long.
fn tail(rule: &SshRule, server_url: &str, dialect: Dialect) -> Vec<u8> {
    let mut out = br#","action":{"#.to_vec();
    if rule.action == SshAction::Check && dialect != Dialect::V0_28 {
        out.extend_from_slice(br#""holdAndDelegate":"#);
        push_string(
            &mut out,
            &format!("{server_url}/machine/ssh/action/$SRC_NODE_ID/to/$DST_NODE_ID?local_user=$LOCAL_USER"),
        );
    } else {
        out.extend_from_slice(br#""accept":true"#);
        if let Some(CheckPeriod::Every(period)) = rule.check_period.map(|period| period.value)
            && rule.action == SshAction::Check
            && !period.is_zero()
        {
            out.extend_from_slice(br#","sessionDuration":"#);
            // A Go duration: nanoseconds.
            push_number(&mut out, period.as_nanos().try_into().unwrap_or(u64::MAX));
        }
        for name in [
            "allowAgentForwarding",
            "allowLocalPortForwarding",
            "allowRemotePortForwarding",
        ] {
            out.extend_from_slice(format!(",\"{name}\":true").as_bytes());
        }
    }
    out.push(b'}');
    if !rule.accept_env.is_empty() {
        out.extend_from_slice(br#","acceptEnv":"#);
        push_list(&mut out, &rule.accept_env, |out, name| push_string(out, &name.value));
    }
    out.push(b'}');
    out
}

/// How long a check of `source` with `destination` holds, zero for every session; `None` if no rule asks for one. The first rule that does decides (`SSHCheckParams` in `hscontrol/policy/v2/policy.go`). Unlike where rules are
/// compiled, a rule with a source that cannot be found is passed over whole, and so is such a destination.
#[must_use]
pub fn check_period(
    document: &Document,
    resolver: &mut Resolver<'_>,
    source: NodeId,
    destination: NodeId,
) -> Option<Duration> {
    let rule = document
        .ssh
        .iter()
        .filter(|rule| rule.action == SshAction::Check)
        .find(|rule| from(rule, resolver, source) && to(rule, resolver, source, destination))?;
    match rule.check_period.map_or(CheckPeriod::DEFAULT, |period| period.value) {
        CheckPeriod::Always => Some(Duration::ZERO),
        CheckPeriod::Every(period) => Some(period),
    }
}

fn from(rule: &SshRule, resolver: &mut Resolver<'_>, source: NodeId) -> bool {
    let mut found = false;
    for alias in &rule.src {
        let alias = resolver.resolve(&alias.value);
        let resolved = resolver.get(alias);
        if !resolved.errors.is_empty() {
            return false;
        }
        found |= resolved.nodes.contains(source);
    }
    found
}

fn to(rule: &SshRule, resolver: &mut Resolver<'_>, source: NodeId, destination: NodeId) -> bool {
    rule.dst.iter().any(|alias| {
        if alias.value == Alias::Autogroup(Autogroup::OwnDevices) {
            let index = resolver.index();
            let owner = index.owner(source);
            return owner.is_some() && owner == index.owner(destination);
        }
        let alias = resolver.resolve(&alias.value);
        let resolved = resolver.get(alias);
        resolved.errors.is_empty() && resolved.nodes.contains(destination)
    })
}
