//! Users and nodes as the control server would know them.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::cluster::declaration::{Declaration, Node as Declared};
use crate::cluster::words::Cidr;
use crate::net::known::{ALL_V4, ALL_V6};
use crate::policy::document::Document;
use crate::policy::mentions::networks;
use crate::policy::tailnet::symbolic::{self, Prefixes};
use crate::policy::tailnet::{Node, Tailnet, User};
use crate::source::Spanned;

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
    let nodes: Vec<Node> = declaration
        .nodes
        .iter()
        .map(|(name, node)| self::node(declaration, name.value.as_str(), node))
        .collect();
    let declared = nodes.len();
    let mut tailnet = Tailnet {
        users: users.collect(),
        nodes,
    };
    symbolic::stand_ins(&mut tailnet);
    symbolic::hand_out(&mut tailnet, prefixes(declaration), &networks(document), seed);
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

/// Where addresses come from, as far as it is sound.
pub(crate) fn prefixes(declaration: &Declaration) -> Prefixes {
    let net = |cidr: &Option<Spanned<Cidr>>| cidr.as_ref().map(|cidr| cidr.value.0);
    Prefixes {
        v4: net(&declaration.prefixes.v4).and_then(|net| match net {
            IpNet::V4(net) => Some(net),
            IpNet::V6(_) => None,
        }),
        v6: net(&declaration.prefixes.v6).and_then(|net| match net {
            IpNet::V6(net) => Some(net),
            IpNet::V4(_) => None,
        }),
    }
}
