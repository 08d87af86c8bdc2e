//! What an alias stands for in one tailnet: addresses, nodes, and what could not be found.
//!
//! Each alias is resolved once, however many rules name it. headscale resolves all that it can and reports the rest
//! beside it; most places go on with the part, some give up (`Resolve` in `hscontrol/policy/v2/types.go`). Which do
//! what stands where they resolve.

use std::collections::HashMap;
use std::fmt;

use crate::net::known::{CGNAT, CHROMEOS, INTERNET, TAILNET, ULA};
use crate::net::{AddrRange, AddrSet, AddrSetBuilder};
use crate::policy::dialect::Dialect;
use crate::policy::document::Document;
use crate::policy::words::{Alias, Autogroup, Prefix, UserName};

use super::id::{NodeId, Table, UserId, id};
use super::id_set::NodeSet;
use super::index::{Index, UserMatch};

id! {
    /// An alias that was resolved: its index in [`Resolver`].
    AliasId
}

/// What an alias stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The addresses; what could be found of them when there are `errors`.
    pub set: AddrSet,
    /// The nodes that have one of the addresses.
    pub nodes: NodeSet,
    /// What could not be found.
    pub errors: Vec<ResolveError>,
}

/// Why an alias stands for less than it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResolveError {
    /// No user has this name, email or provider identifier.
    UnknownUser(UserName),
    /// Several users have it; headscale takes none of them.
    AmbiguousUser(UserName, Vec<(u64, String)>),
    /// `hosts` has no such entry.
    UndefinedHost(Box<str>),
    /// `autogroup:self` stands for something else on every node.
    PerNode,
    /// An autogroup that is no set of addresses: `autogroup:nonroot`.
    NoAddresses(Autogroup),
}

impl fmt::Display for ResolveError {
    /// headscale's words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownUser(name) => write!(f, "user not found: token {:?}", name.as_str()),
            Self::AmbiguousUser(name, users) => {
                write!(f, "multiple users found: token {:?} found: [ ", name.as_str())?;
                users.iter().try_for_each(|(id, name)| write!(f, "{id}: {name}, "))?;
                f.write_str(" ]")
            }
            Self::UndefinedHost(name) => write!(f, "error resolving host: {name:?}"),
            Self::PerNode => {
                f.write_str("autogroup:self requires per-node resolution and cannot be resolved in this context")
            }
            Self::NoAddresses(autogroup) => write!(f, "unknown autogroup: \"{autogroup}\""),
        }
    }
}

/// Resolves aliases of one policy in one tailnet.
#[derive(Clone, Debug)]
pub struct Resolver<'a> {
    index: Index<'a>,
    dialect: Dialect,
    groups: HashMap<&'a str, Vec<&'a UserName>>,
    hosts: HashMap<&'a str, Prefix>,
    known: HashMap<Alias, AliasId>,
    aliases: Table<AliasId, Alias>,
    resolved: Table<AliasId, Resolved>,
}

impl<'a> Resolver<'a> {
    /// A resolver for `document` in the tailnet of `index`.
    #[must_use]
    pub fn new(document: &'a Document, index: Index<'a>) -> Self {
        let members = |group: &'a crate::policy::document::Group| group.members.iter().map(|member| &member.value);
        Self {
            index,
            dialect: document.dialect,
            groups: document
                .groups
                .iter()
                .map(|group| (group.name.value.as_str(), members(group).collect()))
                .collect(),
            hosts: document
                .hosts
                .iter()
                .map(|host| (host.name.value.as_str(), host.prefix.value))
                .collect(),
            known: HashMap::new(),
            aliases: Table::default(),
            resolved: Table::default(),
        }
    }

    /// The tailnet.
    #[must_use]
    pub const fn index(&self) -> &Index<'a> {
        &self.index
    }

    /// The headscale whose rules hold.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Resolves `alias`, or finds what it was resolved to.
    pub fn resolve(&mut self, alias: &Alias) -> AliasId {
        if let Some(&id) = self.known.get(alias) {
            return id;
        }
        let (set, errors) = self.compute(alias);
        let nodes = self.index.nodes_in(&set);
        let id = self.resolved.push(Resolved { set, nodes, errors });
        self.aliases.push(alias.clone());
        self.known.insert(alias.clone(), id);
        id
    }

    /// How many aliases were resolved.
    #[must_use]
    pub fn len(&self) -> usize {
        self.resolved.len()
    }

    /// Whether none was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.resolved.is_empty()
    }

    /// The alias that was resolved.
    #[must_use]
    pub fn alias(&self, id: AliasId) -> &Alias {
        &self.aliases[id]
    }

    /// What [`Resolver::resolve`] found.
    #[must_use]
    pub fn get(&self, id: AliasId) -> &Resolved {
        &self.resolved[id]
    }

    /// The members of a group, in the order written; `None` if it is not defined.
    #[must_use]
    pub fn group(&self, name: &str) -> Option<&[&'a UserName]> {
        self.groups.get(name).map(Vec::as_slice)
    }

    /// Who a user's name means, or why nobody.
    ///
    /// # Errors
    /// [`ResolveError::UnknownUser`], [`ResolveError::AmbiguousUser`].
    pub fn user(&self, name: &UserName) -> Result<UserId, ResolveError> {
        match self.index.find_user(name.as_str()) {
            UserMatch::One(user) => Ok(user),
            UserMatch::Unknown => Err(ResolveError::UnknownUser(name.clone())),
            UserMatch::Ambiguous(users) => Err(ResolveError::AmbiguousUser(
                name.clone(),
                users
                    .iter()
                    .map(|&user| self.index.user(user))
                    .map(|user| (user.id, user.name.clone()))
                    .collect(),
            )),
        }
    }

    fn compute(&self, alias: &Alias) -> (AddrSet, Vec<ResolveError>) {
        let of = |nodes: &[NodeId]| (self.index.addresses(nodes.iter().copied()), Vec::new());
        match alias {
            Alias::Wildcard => {
                let all = if self.dialect == Dialect::V0_28 {
                    AddrSet::all()
                } else {
                    TAILNET.clone()
                };
                (all, Vec::new())
            }
            Alias::User(name) => self.users([name]),
            // A group that is not defined has no members: headscale looks it up in a Go map.
            Alias::Group(name) => self.users(self.group(name.as_str()).unwrap_or_default().iter().copied()),
            Alias::Tag(tag) => of(self.index.nodes_tagged(tag.as_str())),
            Alias::Prefix(prefix) => (self.address(*prefix, false), Vec::new()),
            Alias::Host(host) => match self.hosts.get(host.as_str()) {
                Some(&prefix) => (self.address(prefix, true), Vec::new()),
                None => (AddrSet::EMPTY, vec![ResolveError::UndefinedHost(host.as_str().into())]),
            },
            Alias::Autogroup(autogroup) => match autogroup {
                Autogroup::Internet => (INTERNET.clone(), Vec::new()),
                Autogroup::Member => (self.index.addresses(self.index.untagged().iter()), Vec::new()),
                Autogroup::Tagged => (self.index.addresses(self.index.tagged().iter()), Vec::new()),
                Autogroup::DangerAll => (AddrSet::all(), Vec::new()),
                Autogroup::OwnDevices => (AddrSet::EMPTY, vec![ResolveError::PerNode]),
                Autogroup::NonRoot => (AddrSet::EMPTY, vec![ResolveError::NoAddresses(*autogroup)]),
            },
        }
    }

    /// The untagged nodes of users; who cannot be found is left out and reported (`Group.resolve`).
    fn users<'n>(&self, names: impl IntoIterator<Item = &'n UserName>) -> (AddrSet, Vec<ResolveError>) {
        let (mut nodes, mut errors) = (Vec::new(), Vec::new());
        for name in names {
            match self.user(name) {
                Ok(user) => nodes.extend_from_slice(self.index.nodes_of(user)),
                Err(error) => errors.push(error),
            }
        }
        (self.index.addresses(nodes), errors)
    }

    /// An address, CIDR or host. From 0.29 on it is exactly what it says. 0.28 adds every address of the node that has
    /// the address (`appendIfNodeHasIP`), and for a host of all nodes inside (`Host.Resolve`).
    fn address(&self, prefix: Prefix, host: bool) -> AddrSet {
        let own = AddrRange::of(prefix.network());
        if self.dialect != Dialect::V0_28 {
            return own.into();
        }
        let mut set = AddrSetBuilder::default();
        set.add_range(own);
        let exact = AddrRange::one(prefix.addr());
        if own == exact || tailnet_address(prefix) {
            set.add_set(&self.index.addresses(self.index.nodes_in_range(exact)));
        }
        let set = set.build();
        if host {
            let inside = self.index.addresses(self.index.nodes_in(&set).iter());
            return set.union(&inside);
        }
        set
    }
}

/// Whether the address as written (host bits included) is one that nodes may have: `tsaddr.IsTailscaleIP`.
fn tailnet_address(prefix: Prefix) -> bool {
    let addr = prefix.addr();
    (CGNAT.contains(&addr) && !CHROMEOS.contains(&addr)) || ULA.contains(&addr)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Inputs;
    use crate::policy::read::read_input;
    use crate::policy::tailnet::{Node, Tailnet, User};

    fn tailnet() -> Tailnet {
        let user = |id, name: &str, email: &str| User {
            id,
            name: name.into(),
            email: email.into(),
            provider_id: String::new(),
        };
        let node = |user, last| Node {
            name: format!("n{last}"),
            user: Some(user),
            v4: Some([100, 64, 0, last].into()),
            ..Node::default()
        };
        Tailnet {
            users: vec![user(7, "alice", ""), user(8, "twin", "a@x"), user(9, "twin", "b@x")],
            nodes: vec![node(0, 1), node(1, 2), node(2, 3)],
        }
    }

    /// What is left of an alias, and headscale's words for what is missing.
    fn resolved(alias: &str) -> (Vec<u32>, Vec<String>) {
        let policy =
            r#"{"groups": {"group:g": ["nobody@", "twin@", "alice@", "nobody@"]}, "hosts": {"h": "100.64.0.3"}}"#;
        let (mut inputs, mut findings) = (Inputs::default(), Vec::new());
        let id = inputs.read_policy("policy.hujson", policy, "", &mut findings).unwrap();
        let document = read_input(&inputs, id, Dialect::V0_29, &mut findings).unwrap();
        let tailnet = tailnet();
        let mut resolver = Resolver::new(&document, Index::new(&tailnet));
        let id = resolver.resolve(&Alias::parse(alias).unwrap());
        assert_eq!(resolver.resolve(&Alias::parse(alias).unwrap()), id, "resolved once");
        let resolved = resolver.get(id);
        assert_eq!(resolver.index().nodes_in(&resolved.set), resolved.nodes);
        (
            resolved.nodes.iter().map(|node| node.0).collect(),
            resolved.errors.iter().map(ToString::to_string).collect(),
        )
    }

    #[test]
    fn what_can_be_found_is_kept_and_the_rest_reported() {
        let unknown = r#"user not found: token "nobody@""#.to_owned();
        let twins = r#"multiple users found: token "twin@" found: [ 8: twin, 9: twin,  ]"#.to_owned();
        assert_eq!(
            resolved("group:g"),
            (vec![0], vec![unknown.clone(), twins.clone(), unknown.clone()])
        );
        assert_eq!(resolved("nobody@"), (vec![], vec![unknown]));
        assert_eq!(resolved("twin@"), (vec![], vec![twins]));
        assert_eq!(resolved("a@x"), (vec![1], vec![]));
        assert_eq!(resolved("h"), (vec![2], vec![]));
        assert_eq!(
            resolved("nohost"),
            (vec![], vec![r#"error resolving host: "nohost""#.to_owned()])
        );
        assert_eq!(resolved("group:undefined"), (vec![], vec![]));
        assert_eq!(resolved("autogroup:member"), (vec![0, 1, 2], vec![]));
        assert_eq!(resolved("autogroup:self").1.len(), 1);
        assert_eq!(
            resolved("autogroup:nonroot").1,
            [r#"unknown autogroup: "autogroup:nonroot""#]
        );
    }
}
