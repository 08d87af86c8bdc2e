//! Nodes: one entry, in the spelling of the captures or of any headscale.

use crate::hujson::{Kind, Value};
use crate::policy::rules::topology_shape;
use crate::source::Spanned;

use super::fields::{Addresses, value};
use super::{Node, Reader};

/// What we read of a node, as captures spell it.
const OURS: &[&str] = &[
    "id",
    "hostname",
    "tags",
    "ipv4",
    "ipv6",
    "addresses",
    "user",
    "user_id",
    "routable_ips",
    "approved_routes",
];

/// headscale's other spellings, and what it prints besides. `subnet_routes` is what it serves at the moment: left
/// alone, since that follows from who is online.
const HEADSCALES: &[&str] = &[
    "approvedRoutes",
    "available_routes",
    "availableRoutes",
    "created_at",
    "createdAt",
    "disco_key",
    "discoKey",
    "expiry",
    "given_name",
    "givenName",
    "ip_addresses",
    "ipAddresses",
    "last_seen",
    "lastSeen",
    "machine_key",
    "machineKey",
    "name",
    "node_key",
    "nodeKey",
    "online",
    "pre_auth_key",
    "preAuthKey",
    "register_method",
    "registerMethod",
    "subnet_routes",
    "subnetRoutes",
];

impl Reader {
    /// A node, under `key` or from a list.
    pub(super) fn node(&mut self, key: Option<&Spanned<Box<str>>>, entry: &Value) {
        let Kind::Object(members) = &entry.kind else {
            self.findings
                .push(topology_shape::wrong_type(entry, "a node: an object"));
            return;
        };
        self.unknown_keys(members, OURS, HEADSCALES);
        let id = self.id(members, &["id"]);
        let name = match key {
            Some(key) => Some(&*key.value),
            // `name` is what the machine calls itself and need not be unique; the given name is what MagicDNS answers.
            None => ["given_name", "givenName", "hostname", "name"]
                .iter()
                .find_map(|name| self.text(members, &[name]).filter(|text| !text.is_empty())),
        };
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            self.findings
                .push(topology_shape::missing(entry.span, "a node", "given_name"));
            return;
        };
        let span = key.map_or(entry.span, |key| key.span);
        let tags = self.tags(members);
        let is_tagged = value(members, &["tags"])
            .and_then(Value::as_array)
            .is_some_and(|tags| !tags.is_empty());
        let user = if is_tagged {
            // headscale names a placeholder (`tagged-devices`) or whoever made the pre-auth key: not the owner.
            None
        } else {
            self.owner(name, span, members)
        };
        let Addresses { v4, v6 } = self.addresses(members);
        let node = Node {
            name: name.to_owned(),
            user,
            tags,
            v4,
            v6,
            announced: self.routes(members, &["routable_ips", "available_routes", "availableRoutes"]),
            approved: self.routes(members, &["approved_routes", "approvedRoutes"]),
        };
        self.add_node(node, id, span);
    }
}
