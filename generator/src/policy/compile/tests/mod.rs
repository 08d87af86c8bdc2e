//! What headscale does and one would not expect, a test each. A policy and a few lines of nodes go in; what is sent comes
//! out in short hand: `n1` is `100.64.0.1`, `u1` is `fd7a:115c:a1e0::1`.

mod admission;
mod app;
mod approve;
mod caps;
mod dialect;
mod filter;
mod own;
mod peers;
mod routes;
mod sources;
mod ssh;
mod steering;
mod tags;

use serde_json::{Value, json};

use super::{Compiled, Options};
use crate::input::Inputs;
use crate::policy::dialect::Dialect;
use crate::policy::lower::lower;
use crate::policy::read::read_input;
use crate::policy::tailnet::{Index, topology};

/// What every node receives.
struct Sent(Value);

/// Compiles for headscale 0.29.
fn sent(policy: &str, nodes: &[&str]) -> Sent {
    sent_by("0.29", policy, nodes)
}

/// Compiles `policy` for `nodes`, each `NAME OWNER ADDRESS ROUTES...`. OWNER is a user, `USER=EMAIL`, or tags joined by
/// `,`. ADDRESS is the last part of both addresses; `4:9` or `6:9` has one family only, `-` none. Routes are announced and approved, those that
/// begin with `?` only announced. Users are numbered as they appear.
#[track_caller]
fn sent_by(dialect: &str, policy: &str, nodes: &[&str]) -> Sent {
    Sent(serde_json::from_slice(&written(dialect, policy, nodes)).unwrap())
}

/// What is written for all nodes.
#[track_caller]
fn written(dialect: &str, policy: &str, nodes: &[&str]) -> Vec<u8> {
    let mut out = Vec::new();
    with_compiled(dialect, policy, nodes, |compiled| compiled.write(&mut out).unwrap());
    out
}

/// Compiles, and asks.
#[track_caller]
fn with_compiled(dialect: &str, policy: &str, nodes: &[&str], ask: impl FnOnce(&Compiled<'_>)) {
    let dialect: Dialect = dialect.parse().unwrap();
    let (mut inputs, mut findings) = (Inputs::default(), Vec::new());
    let id = inputs.read_policy("policy.hujson", policy, "", &mut findings);
    let document = id.and_then(|id| read_input(&inputs, id, dialect, &mut findings));
    let topology = topology_of(nodes).to_string().into_bytes();
    let id = inputs.read_policy("topology.json", topology, "", &mut findings);
    let tree = id.and_then(|id| inputs.get(id)).and_then(|input| input.tree.as_ref());
    let (topology, more) = topology::read(tree.unwrap());
    findings.extend(more);
    assert!(findings.is_empty(), "{findings:?}");
    let document = document.unwrap();
    let options = Options {
        server_url: "https://c".to_owned(),
        ..Options::default()
    };
    ask(&Compiled::new(
        &document,
        lower(&document, Index::new(&topology.tailnet)),
        &options,
    ));
}

fn topology_of(nodes: &[&str]) -> Value {
    let mut users: Vec<&str> = Vec::new();
    let mut all = serde_json::Map::new();
    for (id, line) in nodes.iter().enumerate() {
        let mut words = line.split(' ');
        let (name, owner, address) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
        let (family, number) = address.split_once(':').unwrap_or(("both", address));
        let routes: Vec<&str> = words.collect();
        let approved: Vec<_> = routes.iter().filter(|route| !route.starts_with('?')).collect();
        let announced: Vec<_> = routes.iter().map(|route| route.trim_start_matches('?')).collect();
        let mut node =
            json!({ "id": id + 1, "hostname": name, "routable_ips": announced, "approved_routes": approved });
        if family != "6" && number != "-" {
            node["ipv4"] = format!("100.64.0.{number}").into();
        }
        if family != "4" && number != "-" {
            node["ipv6"] = format!("fd7a:115c:a1e0::{number}").into();
        }
        if owner.starts_with("tag:") {
            node["tags"] = owner.split(',').collect();
        } else {
            node["user"] = owner.split('=').next().into();
            if !users.contains(&owner) {
                users.push(owner);
            }
        }
        all.insert(name.into(), node);
    }
    let users = users.iter().zip(1..);
    let user = |(owner, id): (&&str, i32)| {
        let (name, email) = owner.split_once('=').unwrap_or((owner, ""));
        json!({ "id": id, "name": name, "email": email })
    };
    let users: Vec<_> = users.map(user).collect();
    json!({ "users": users, "nodes": all })
}

fn short(text: &str) -> String {
    text.replace("fd7a:115c:a1e0::", "u").replace("100.64.0.", "n")
}

/// The strings of a list, in short hand.
fn words(list: &Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.map(|word| short(word.as_str().unwrap())).collect()
}

impl Sent {
    /// The rules of a node: `SOURCES > DESTINATION:PORTS...`, then ` /PROTOCOLS` or ` +CAPABILITIES` where there are any.
    fn rules(&self, node: &str) -> Vec<String> {
        let rules = self.0["nodes"][node]["packetFilter"].as_array().unwrap();
        rules.iter().map(rule).collect()
    }

    /// The names of its peers.
    fn peers(&self, node: &str) -> Vec<String> {
        words(&self.0["nodes"][node]["peers"])
    }

    /// Its SSH rules: `PRINCIPALS as LOGINS`, then ` ?` where a check is asked for, and ` +VARIABLES`. A login is
    /// `LOGIN=GIVEN`.
    fn ssh(&self, node: &str) -> Vec<String> {
        let rules = self.0["nodes"][node]["sshPolicy"]["rules"].as_array().unwrap();
        rules.iter().map(ssh_rule).collect()
    }

    /// What it is reached by.
    fn allowed(&self, node: &str) -> Vec<String> {
        words(&self.0["nodes"][node]["allowedIPs"])
    }

    /// What it may route through its peers: `PEER ROUTES...`.
    fn routes(&self, node: &str) -> Vec<String> {
        let peers = self.0["nodes"][node]["peerRoutes"].as_object().unwrap().iter();
        peers
            .map(|(peer, nets)| format!("{peer} {}", words(nets).join(" ")))
            .collect()
    }
}

fn ssh_rule(rule: &Value) -> String {
    let principals = rule["principals"].as_array().unwrap().iter();
    let principals: Vec<_> = principals.map(|one| short(one["nodeIP"].as_str().unwrap())).collect();
    let logins = rule["sshUsers"].as_object().unwrap().iter();
    let logins: Vec<_> = logins
        .map(|(login, given)| format!("{login}={}", given.as_str().unwrap()))
        .collect();
    let mut text = format!("{} as {}", principals.join(" "), logins.join(" "));
    if rule["action"]["holdAndDelegate"].is_string() {
        text += " ?";
    }
    for name in rule["acceptEnv"].as_array().into_iter().flatten() {
        text += &format!(" +{}", name.as_str().unwrap());
    }
    text
}

fn rule(rule: &Value) -> String {
    let mut text = words(&rule["SrcIPs"]).join(" ") + " >";
    for entry in rule["DstPorts"].as_array().into_iter().flatten() {
        let (first, last) = (&entry["Ports"]["First"], &entry["Ports"]["Last"]);
        let ports = match (first.as_u64(), last.as_u64()) {
            (Some(0), Some(65535)) => "*".to_owned(),
            _ if first == last => first.to_string(),
            _ => format!("{first}-{last}"),
        };
        text += &format!(" {}:{ports}", short(entry["IP"].as_str().unwrap()));
    }
    for grant in rule["CapGrant"].as_array().into_iter().flatten() {
        text += &format!(" {}+{}", words(&grant["Dsts"]).join(" "), grant["CapMap"]);
    }
    if let Some(protocols) = rule["IPProto"].as_array() {
        let protocols: Vec<_> = protocols.iter().map(Value::to_string).collect();
        text += &format!(" /{}", protocols.join(","));
    }
    text
}

/// A tailnet without nodes is an answer too.
#[test]
fn nobody_receives_nothing() {
    assert_eq!(sent(r#"{"acls": []}"#, &[]).0, json!({"ok": true, "nodes": {}}));
}
