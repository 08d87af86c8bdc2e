//! Users and nodes as the control server would know them.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::cluster::declaration::{Declaration, Node as Declared};
use crate::cluster::words::Cidr;
use crate::net::known::{ALL_V4, ALL_V6};
use crate::policy::document::Document;
use crate::policy::tailnet::{Node, Tailnet, User};
use crate::policy::words::{Alias, Prefix};
use crate::source::Spanned;

use super::addresses::{Pool, v4, v6};
use super::mentions;

/// The tailnet of `declaration`, judged with the policy `document`: declared nodes by name, then for every user who
/// owns none a device that stands for those that people bring. Nothing is approved yet. Gives the tailnet and the number
/// of declared nodes.
pub(super) fn tailnet(declaration: &Declaration, document: &Document, seed: u64) -> (Tailnet, usize) {
    let users = declaration.users.iter().zip(1..).map(|((name, user), id)| User {
        id,
        name: name.value.to_string(),
        email: user
            .email
            .as_ref()
            .map(|email| email.value.to_string())
            .unwrap_or_default(),
        provider_id: user
            .provider_id
            .as_ref()
            .map(|id| id.value.to_string())
            .unwrap_or_default(),
    });
    let mut nodes: Vec<Node> = declaration
        .nodes
        .iter()
        .map(|(name, node)| self::node(declaration, name.value.as_str(), node))
        .collect();
    let declared = nodes.len();
    let mut owns = vec![false; declaration.users.len()];
    for user in nodes.iter().filter_map(|node| node.user) {
        if let Some(owns) = owns.get_mut(user) {
            *owns = true;
        }
    }
    for (user, (name, _)) in declaration.users.iter().enumerate() {
        if !owns.get(user).copied().unwrap_or(true) {
            nodes.push(Node {
                // No node's name: it has a space.
                name: format!("a device of {}", name.value),
                user: Some(user),
                ..Node::default()
            });
        }
    }
    let mut tailnet = Tailnet {
        users: users.collect(),
        nodes,
    };
    number(&mut tailnet, declaration, document, seed);
    (tailnet, declared)
}

/// One declared node, with the addresses it is known to have.
fn node(declaration: &Declaration, name: &str, node: &Declared) -> Node {
    let mut tags: Vec<String> = node.tags.iter().map(|tag| tag.value.to_string()).collect();
    // headscale keeps them so (`hscontrol/types/node.go`).
    tags.sort_unstable();
    tags.dedup();
    let owner = node.owner.as_ref().filter(|_| tags.is_empty());
    let mut announced: Vec<IpNet> = node.routes.iter().map(|route| route.value.0).collect();
    if node.exit_node.value {
        announced.extend([ALL_V4, ALL_V6]);
    }
    announced.sort_unstable();
    announced.dedup();
    let addresses = || node.addresses.iter().map(|address| address.value.0);
    Node {
        name: name.to_owned(),
        user: owner.and_then(|owner| declaration.users.index(&owner.value)),
        tags,
        v4: addresses().find_map(|address| match address {
            IpAddr::V4(address) => Some(address),
            IpAddr::V6(_) => None,
        }),
        v6: addresses().find_map(|address| match address {
            IpAddr::V6(address) => Some(address),
            IpAddr::V4(_) => None,
        }),
        announced,
        approved: Vec::new(),
    }
}

/// Gives every node a symbolic address of each family in which none is known.
fn number(tailnet: &mut Tailnet, declaration: &Declaration, document: &Document, seed: u64) {
    let spoken_of = literals(document);
    let known: Vec<IpAddr> = tailnet.nodes.iter().flat_map(Node::addresses).collect();
    let pool = |net: Option<IpNet>, turn| {
        net.map(|net| Pool::new(net, &spoken_of, known.iter().copied(), seed.wrapping_add(turn)))
    };
    let prefixes = &declaration.prefixes;
    let net = |cidr: &Option<Spanned<Cidr>>| cidr.as_ref().map(|cidr| cidr.value.0);
    let mut v4_pool = pool(net(&prefixes.v4).filter(|net| net.addr().is_ipv4()), 0);
    let mut v6_pool = pool(net(&prefixes.v6).filter(|net| net.addr().is_ipv6()), 1);
    for node in &mut tailnet.nodes {
        node.v4 = node.v4.or_else(|| v4_pool.as_mut().and_then(Pool::next).and_then(v4));
        node.v6 = node.v6.or_else(|| v6_pool.as_mut().and_then(Pool::next).map(v6));
    }
}

/// Every address and CIDR that the policy names.
fn literals(document: &Document) -> Vec<IpNet> {
    let hosts = document.hosts.iter().map(|host| host.prefix.value);
    let aliases = mentions::aliases(document).filter_map(|(alias, _)| match alias {
        Alias::Prefix(prefix) => Some(*prefix),
        _ => None,
    });
    let mut found: Vec<IpNet> = hosts.chain(aliases).map(Prefix::network).collect();
    found.sort_unstable();
    found.dedup();
    found
}
