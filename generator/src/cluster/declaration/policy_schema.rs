//! The shape of `policy` for the schema. Nothing is read through these structs: headscale's language has its own reader
//! (`crate::policy`), which knows far more than a schema can say.

#![expect(dead_code, reason = "these structs describe the schema and are never made")]

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::super::words::{CheckPeriodText, FilePath};

/// The policy, in headscale's own language. Sections may stand here, in a file, or partly in both as long as nothing is
/// defined twice.
#[derive(Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct Policy {
    /// A policy file (HuJSON): absolute, or relative to the declaration. Its comments are kept.
    file: Option<FilePath>,
    /// Whether what k3s, monitoring and announced routes need is added to the policy. false: the policy has to give it
    /// itself, and what it does not give is an error.
    #[serde(default = "yes")]
    derive: bool,
    /// People, by group: `group:NAME` to a list of users.
    groups: BTreeMap<String, Vec<String>>,
    /// Names for addresses and CIDRs.
    hosts: BTreeMap<String, String>,
    /// Who may give a tag: `tag:NAME` to a list of users, groups and tags. If there is none at all, every tag of a node is
    /// defined with nobody as owner: only pre-auth keys give it.
    tag_owners: BTreeMap<String, Vec<String>>,
    /// Rules in the older form.
    acls: Option<Vec<Acl>>,
    /// Rules: who may reach what. Nothing passes that no rule lets pass.
    grants: Option<Vec<Grant>>,
    /// Attributes of nodes.
    node_attrs: Vec<NodeAttr>,
    /// Whose announced routes are approved. The routes of declared nodes are added.
    auto_approvers: AutoApprovers,
    /// Who may log in through Tailscale SSH, and as whom.
    ssh: Vec<SshRule>,
    /// What the rules have to allow and to deny.
    tests: Vec<Test>,
    /// What the ssh rules have to allow and to deny.
    ssh_tests: Vec<SshTest>,
    /// Whether clients listen on a random port.
    randomize_client_port: bool,
}

const fn yes() -> bool {
    true
}

/// A rule in the older form.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Acl {
    /// `accept`, the only one.
    #[serde(default)]
    action: Option<Action>,
    /// The protocol: a name or number. If unset: TCP, UDP and ICMP.
    #[serde(default)]
    proto: Option<NumberOrText>,
    /// Who.
    src: Vec<String>,
    /// Where: `WHO:PORTS`.
    dst: Vec<String>,
}

/// What an ACL does.
#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
enum Action {
    #[serde(rename = "accept")]
    Accept,
}

/// A protocol.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
enum NumberOrText {
    Number(u8),
    Text(String),
}

/// A rule: who may reach what.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Grant {
    /// Who.
    src: Vec<String>,
    /// What.
    dst: Vec<String>,
    /// Over which protocols and ports: `*`, `443`, `tcp:22`, `udp:5000-5010`, `icmp:*`.
    #[serde(default)]
    ip: Vec<String>,
    /// Capabilities that applications are told of.
    #[serde(default)]
    app: BTreeMap<String, Vec<serde_json::Value>>,
    /// The routers the traffic has to go through, by tag.
    #[serde(default)]
    via: Vec<String>,
}

/// Attributes for some nodes.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NodeAttr {
    /// Which nodes.
    target: Vec<String>,
    /// The attributes.
    #[serde(default)]
    attr: Vec<String>,
}

/// Whose announced routes are approved.
#[derive(Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct AutoApprovers {
    /// CIDR to a list of users, groups and tags.
    routes: BTreeMap<String, Vec<String>>,
    /// Users, groups and tags whose nodes may be exit nodes.
    exit_node: Vec<String>,
}

/// Who may log in through Tailscale SSH.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SshRule {
    /// `accept`, or `check` to ask for a confirmation.
    action: SshAction,
    /// Who.
    src: Vec<String>,
    /// Where.
    dst: Vec<String>,
    /// As which logins.
    users: Vec<String>,
    /// How long a confirmation stays valid.
    #[serde(default)]
    check_period: Option<CheckPeriodText>,
    /// Environment variables that are taken over.
    #[serde(default)]
    accept_env: Vec<String>,
}

/// What an ssh rule does.
#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
enum SshAction {
    #[serde(rename = "accept")]
    Accept,
    #[serde(rename = "check")]
    Check,
}

/// What the rules have to allow and to deny.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Test {
    /// Who.
    src: String,
    /// The protocol. If unset: TCP, UDP and ICMP.
    #[serde(default)]
    proto: Option<NumberOrText>,
    /// What has to pass: `HOST:PORT`.
    #[serde(default)]
    accept: Vec<String>,
    /// What must not pass.
    #[serde(default)]
    deny: Vec<String>,
}

/// What the ssh rules have to allow and to deny.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SshTest {
    /// Who.
    src: String,
    /// Where.
    dst: Vec<String>,
    /// Logins that have to be allowed.
    #[serde(default)]
    accept: Vec<String>,
    /// Logins that must not be.
    #[serde(default)]
    deny: Vec<String>,
    /// Logins that have to be allowed after a check.
    #[serde(default)]
    check: Vec<String>,
}
