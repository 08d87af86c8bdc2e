//! `nodes.NAME`

use serde::Serialize;

use crate::hujson::Value;
use crate::source::Spanned;

use super::super::reading::{Object, Read, Reader};
use super::super::words::{
    Address, Cidr, K3sRole, Label, LabelKey, Lifetime, LoginName, NodeName, Port, Tag, Taint, UserName,
};
use super::map::Map;
use super::{defaults, unwritten};

/// A machine in the tailnet. It has tags, or an owner: a tagged node belongs to nobody as far as the policy goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Node {
    /// Where it stands.
    #[serde(skip)]
    pub place: Spanned<()>,
    /// What the machine is for: a machine's identity in the policy. Given by its pre-auth key.
    pub tags: Vec<Spanned<Tag>>,
    /// The person whose device it is, instead of tags.
    pub owner: Option<Spanned<UserName>>,
    /// The machine's address outside the tailnet (one, or one of each family): written into the relay map, so that
    /// clients find a relay without DNS, and shown in what to open in a cloud's firewall.
    #[serde(serialize_with = "super::one_or_many::serialize")]
    #[cfg_attr(feature = "full", schemars(schema_with = "super::one_or_many::schema::<Address>"))]
    pub underlay_address: Vec<Spanned<Address>>,
    /// The addresses it already has in a running tailnet (at most one of each family). If unset it gets symbolic ones,
    /// which are used for judgement only and never written out.
    pub addresses: Vec<Spanned<Address>>,
    /// Networks behind it that it makes reachable (a subnet router). Announced by the client and approved by the policy.
    pub routes: Vec<Spanned<Cidr>>,
    /// Whether it offers a way to the internet. Announced by the client and approved by the policy; who may use it is
    /// said by a grant to `autogroup:internet`.
    pub exit_node: Spanned<bool>,
    /// The exit node that it uses itself.
    pub use_exit_node: Option<Spanned<NodeName>>,
    /// Whether it takes the routes that other nodes announce. If unset: no, as on Linux.
    pub accept_routes: Spanned<bool>,
    /// Whether its resolver asks MagicDNS. If unset: yes, except on k3s nodes, whose pods would otherwise inherit a
    /// resolver that depends on the tailnet; there only the cluster's DNS asks MagicDNS.
    pub accept_dns: Option<Spanned<bool>>,
    /// Its part in k3s. If unset: none.
    pub k3s: Option<Spanned<K3sRole>>,
    /// Kubernetes labels it registers with.
    pub labels: Map<LabelKey, Spanned<Label>>,
    /// Kubernetes taints it registers with.
    pub taints: Vec<Spanned<Taint>>,
    /// The logins that exist on it. If unset, nothing is known and nothing about them is judged.
    pub login_users: Option<Vec<Spanned<LoginName>>>,
    /// UDP port of its WireGuard: two hosts behind one NAT need different ones to be reached directly.
    pub wireguard_port: Spanned<Port>,
    /// The key it first logs in with.
    pub pre_auth_key: PreAuthKey,
}

impl Default for Node {
    fn default() -> Self {
        Self {
            place: unwritten(()),
            tags: Vec::new(),
            owner: None,
            underlay_address: Vec::new(),
            addresses: Vec::new(),
            routes: Vec::new(),
            exit_node: defaults::no(),
            use_exit_node: None,
            accept_routes: defaults::no(),
            accept_dns: None,
            k3s: None,
            labels: Map::default(),
            taints: Vec::new(),
            login_users: None,
            wireguard_port: defaults::wireguard_port(),
            pre_auth_key: PreAuthKey::default(),
        }
    }
}

/// The slot of a node's pre-auth key: minted by the running control server, single use, delivered by `tailnet enrol`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PreAuthKey {
    /// How long it can be used once minted. If unset: 1h.
    pub lifetime: Option<Spanned<Lifetime>>,
}

impl Read for Node {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "a node", reader, |object| {
            let default = Self::default();
            Some(Self {
                place: object.place(),
                tags: object.list("tags"),
                owner: object.optional("owner"),
                underlay_address: object.one_or_many("underlayAddress").unwrap_or_default(),
                addresses: object.list("addresses"),
                routes: object.list("routes"),
                exit_node: object.or("exitNode", default.exit_node),
                use_exit_node: object.optional("useExitNode"),
                accept_routes: object.or("acceptRoutes", default.accept_routes),
                accept_dns: object.optional("acceptDns"),
                k3s: object.optional("k3s"),
                labels: object.map("labels", "labels"),
                taints: object.list("taints"),
                login_users: object.optional_list("loginUsers"),
                wireguard_port: object.or("wireguardPort", default.wireguard_port),
                pre_auth_key: object.or("preAuthKey", default.pre_auth_key),
            })
        })
    }
}

impl Read for PreAuthKey {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "preAuthKey", reader, |object| {
            Some(Self {
                lifetime: object.optional("lifetime"),
            })
        })
    }
}
