//! `topology.json`: the tailnet as it is declared, in the form of `--topology`. With it the policy beside it can be asked
//! everything that the declaration can, by whoever has the artifacts alone: `tailnet diff FOLDER NEW`.
//!
//! Addresses that nobody knows yet are left out; whoever reads it puts symbolic ones in their place.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::cluster::declaration::Declaration;
use crate::cluster::model::{Model, people};

/// The tailnet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
pub struct Topology {
    /// Where addresses come from, for nodes without.
    pub prefixes: Prefixes,
    /// The declared users, by name.
    pub users: Vec<User>,
    /// The declared nodes.
    pub nodes: BTreeMap<String, Node>,
}

/// headscale's `prefixes`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
pub struct Prefixes {
    /// Of IPv4 addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub v4: Option<String>,
    /// Of IPv6 addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub v6: Option<String>,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
pub struct User {
    /// The name.
    pub name: String,
    /// The email.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// The identifier of an OIDC provider.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub provider_id: String,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
pub struct Node {
    /// Its tags; without, `user` owns it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The name of the user who owns it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The addresses that the declaration knows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// The routes that it announces.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub routable_ips: Vec<String>,
    /// Those that the policy approves of itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub approved_routes: Vec<String>,
}

/// The tailnet of `model`, which is what `declaration` means.
#[must_use]
pub(super) fn topology(declaration: &Declaration, model: &Model) -> Topology {
    let prefixes = people::prefixes(declaration);
    let texts = |nets: &[ipnet::IpNet]| nets.iter().map(ToString::to_string).collect();
    let declared = model.tailnet.nodes.iter().take(model.declared);
    let nodes = declared.zip(declaration.nodes.values()).map(|(node, declared)| {
        let user = node.user.and_then(|user| model.tailnet.users.get(user));
        let form = Node {
            tags: node.tags.clone(),
            user: user.map(|user| user.name.clone()),
            addresses: declared.addresses.iter().map(|it| it.value.0.to_string()).collect(),
            routable_ips: texts(&node.announced),
            approved_routes: texts(&node.approved),
        };
        (node.name.clone(), form)
    });
    Topology {
        prefixes: Prefixes {
            v4: prefixes.v4.map(|net| net.to_string()),
            v6: prefixes.v6.map(|net| net.to_string()),
        },
        nodes: nodes.collect(),
        users: model
            .tailnet
            .users
            .iter()
            .map(|user| User {
                name: user.name.clone(),
                email: user.email.clone(),
                provider_id: user.provider_id.clone(),
            })
            .collect(),
    }
}
