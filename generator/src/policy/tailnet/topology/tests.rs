//! What each form of a topology gives, and what is found in a wrong one.

use super::*;
use crate::diagnostics::Example;
use crate::diagnostics::Page;
use crate::diagnostics::caret::{self, Text};
use crate::hujson::Flavour;
use crate::input::{Inputs, Origin};

/// Reads `text`; findings of reading and of the topology.
fn read_text(text: &str) -> (Inputs, Option<Topology>, Vec<Diagnostic>) {
    let mut inputs = Inputs::default();
    let mut findings = Vec::new();
    let id = inputs.read("topology", text, Origin::File, Flavour::Hujson, "", &mut findings);
    let topology = id.and_then(|id| inputs.get(id)?.tree.as_ref()).map(|tree| {
        let (topology, more) = read(tree);
        findings.extend(more);
        topology
    });
    (inputs, topology, findings)
}

/// A topology without findings.
#[track_caller]
fn sound(text: &str) -> Topology {
    let (_, topology, findings) = read_text(text);
    assert_eq!(findings, [], "{text}");
    topology.unwrap()
}

/// Compares the findings of a topology with its marks.
#[track_caller]
fn check(marked: &str) -> Vec<Diagnostic> {
    let text = Text {
        name: "topology",
        marked,
    };
    caret::check_with(&[text], |texts| {
        let (inputs, _, findings) = read_text(&texts[0].1);
        (inputs, findings)
    })
}

fn names(topology: &Topology) -> Vec<&str> {
    topology.tailnet.nodes.iter().map(|node| node.name.as_str()).collect()
}

#[test]
fn the_form_of_the_captures() {
    let topology = sound(
        r#"{
          "users": [
            {"id": 1, "name": "odin", "email": "odin@example.com"},
            {"id": 7, "name": "thor", "email": "", "provider_id": "https://sso.example.com/7"}
          ],
          "nodes": {
            "bulbasaur": {
              "hostname": "bulbasaur", "tags": [], "ipv4": "100.74.75.68", "ipv6": "fd7a:115c:a1e0::fa37:4b44",
              "user": "thor", "routable_ips": null, "approved_routes": []
            },
            "squirtle": {
              "hostname": "squirtle", "tags": ["tag:router", "tag:b"], "ipv4": "", "ipv6": "fd7a:115c:a1e0::1",
              "routable_ips": ["10.33.0.0/16", "0.0.0.0/0"], "approved_routes": ["10.33.0.0/16"]
            }
          }
        }"#,
    );
    let tailnet = &topology.tailnet;
    assert!(topology.users_listed);
    assert_eq!(
        tailnet.users[1],
        User {
            id: 7,
            name: "thor".into(),
            email: String::new(),
            provider_id: "https://sso.example.com/7".into(),
        }
    );
    assert_eq!(
        tailnet.nodes[0],
        Node {
            name: "bulbasaur".into(),
            user: Some(1),
            tags: vec![],
            v4: Some("100.74.75.68".parse().unwrap()),
            v6: Some("fd7a:115c:a1e0::fa37:4b44".parse().unwrap()),
            announced: vec![],
            approved: vec![],
        }
    );
    assert_eq!(
        tailnet.nodes[1],
        Node {
            name: "squirtle".into(),
            user: None,
            tags: vec!["tag:router".into(), "tag:b".into()],
            v4: None,
            v6: Some("fd7a:115c:a1e0::1".parse().unwrap()),
            announced: vec!["10.33.0.0/16".parse().unwrap(), "0.0.0.0/0".parse().unwrap()],
            approved: vec!["10.33.0.0/16".parse().unwrap()],
        }
    );
}

#[test]
fn a_whole_capture_is_its_topology() {
    let topology = sound(
        r#"{
          "schema_version": 1, "test_id": "x", "input": {"full_policy": {}, "api_response_code": 200},
          "topology": {"users": [], "nodes": {"a": {"tags": ["tag:a"], "ipv4": "100.64.0.1"}}},
          "captures": {}
        }"#,
    );
    assert_eq!(names(&topology), ["a"]);
}

/// What `headscale nodes list -o json` of 0.29 prints: Go's form of a protobuf message.
const NODES_0_29: &str = r#"[
  {
    "id": 3,
    "machine_key": "mkey:6b1e", "node_key": "nodekey:52a0", "disco_key": "discokey:9d3c",
    "ip_addresses": ["100.64.0.3", "fd7a:115c:a1e0::3"],
    "name": "Router.local",
    "user": {"id": 2147455555, "name": "tagged-devices", "display_name": "Tagged Devices"},
    "last_seen": {"seconds": 1763999999, "nanos": 5000},
    "expiry": {},
    "pre_auth_key": {"user": {"id": 1, "name": "alice"}, "id": 4, "key": "hskey-auth-x-***", "used": true,
                     "acl_tags": ["tag:router"]},
    "created_at": {"seconds": 1763000000},
    "register_method": 1,
    "given_name": "router",
    "online": true,
    "approved_routes": ["10.0.0.0/8"],
    "available_routes": ["10.0.0.0/8", "192.168.0.0/16"],
    "subnet_routes": ["10.0.0.0/8"],
    "tags": ["tag:router"]
  },
  {
    "id": 1,
    "ip_addresses": ["100.64.0.1"],
    "name": "laptop",
    "user": {"id": 5, "name": "alice", "email": "alice@example.org", "provider_id": "https://sso/5", "provider": "oidc",
             "profile_pic_url": "https://pic", "created_at": {"seconds": 1762000000}},
    "given_name": "laptop"
  },
  {
    "id": 2,
    "ip_addresses": ["fd7a:115c:a1e0::2"],
    "name": "laptop",
    "user": {"id": 5, "name": "alice", "email": "alice@example.org", "provider_id": "https://sso/5"},
    "given_name": "laptop-hqq3"
  }
]"#;

/// The same from 0.30: API JSON.
const NODES_0_30: &str = r#"[
  {
    "id": "3", "machineKey": "mkey:6b1e", "nodeKey": "nodekey:52a0", "discoKey": "discokey:9d3c",
    "ipAddresses": ["100.64.0.3", "fd7a:115c:a1e0::3"], "name": "Router.local", "user": null,
    "lastSeen": "2026-11-24T15:59:59Z", "expiry": null, "preAuthKey": null, "createdAt": "2026-11-13T02:13:20Z",
    "registerMethod": "REGISTER_METHOD_AUTH_KEY", "givenName": "router", "online": true,
    "approvedRoutes": ["10.0.0.0/8"], "availableRoutes": ["10.0.0.0/8", "192.168.0.0/16"],
    "subnetRoutes": ["10.0.0.0/8"], "tags": ["tag:router"]
  },
  {
    "id": "1", "machineKey": "", "nodeKey": "", "discoKey": "", "ipAddresses": ["100.64.0.1"], "name": "laptop",
    "user": {"id": "5", "name": "alice", "createdAt": "2026-11-01T00:00:00Z", "displayName": "",
             "email": "alice@example.org", "providerId": "https://sso/5", "provider": "oidc", "profilePicUrl": ""},
    "lastSeen": null, "expiry": null, "preAuthKey": null, "createdAt": null,
    "registerMethod": "REGISTER_METHOD_CLI", "givenName": "laptop", "online": false,
    "approvedRoutes": [], "availableRoutes": [], "subnetRoutes": [], "tags": []
  },
  {
    "id": "2", "ipAddresses": ["fd7a:115c:a1e0::2"], "name": "laptop", "givenName": "laptop-hqq3",
    "user": {"id": "5", "name": "alice", "email": "alice@example.org", "providerId": "https://sso/5"},
    "approvedRoutes": [], "availableRoutes": [], "subnetRoutes": [], "tags": []
  }
]"#;

#[test]
fn what_headscale_prints_is_read_in_every_spelling() {
    let old = sound(NODES_0_29);
    let new = sound(NODES_0_30);
    assert_eq!(old.tailnet, new.tailnet);
    // In the order of headscale's ids, by the name that MagicDNS answers.
    assert_eq!(names(&old), ["laptop", "laptop-hqq3", "router"]);
    assert!(!old.users_listed);
    assert_eq!(
        old.tailnet.users,
        [User {
            id: 5,
            name: "alice".into(),
            email: "alice@example.org".into(),
            provider_id: "https://sso/5".into(),
        }]
    );
    let [laptop, second, router] = old.tailnet.nodes.as_slice() else {
        panic!("three nodes");
    };
    assert_eq!((laptop.user, second.user, router.user), (Some(0), Some(0), None));
    assert_eq!(
        (second.v4, second.v6),
        (None, Some("fd7a:115c:a1e0::2".parse().unwrap()))
    );
    assert_eq!(router.announced.len(), 2);
    assert_eq!(router.approved, ["10.0.0.0/8".parse().unwrap()]);
}

#[test]
fn lists_of_users_and_nodes_together() {
    for (users, nodes) in [
        (
            r#"[{"id": 5, "name": "alice", "display_name": "Alice"}, {"id": 9, "name": "bob"}]"#,
            NODES_0_29,
        ),
        (
            r#"[{"id": "5", "name": "alice", "displayName": ""}, {"id": "9", "name": "bob"}]"#,
            NODES_0_30,
        ),
    ] {
        let topology = sound(&format!(r#"{{"users": {users}, "nodes": {nodes}}}"#));
        assert!(topology.users_listed);
        let users: Vec<_> = topology
            .tailnet
            .users
            .iter()
            .map(|user| (user.id, user.name.as_str()))
            .collect();
        assert_eq!(users, [(5, "alice"), (9, "bob")]);
        assert_eq!(topology.tailnet.nodes[0].user, Some(0));
    }
}

#[test]
fn an_empty_tailnet_is_one() {
    for text in ["null", "[]", r#"{"nodes": {}}"#, r#"{"users": null, "nodes": null}"#] {
        assert_eq!(sound(text).tailnet, Tailnet::default(), "{text}");
    }
}

#[test]
fn nodes_keep_the_order_written_unless_all_have_ids() {
    let topology =
        sound(r#"[{"id": 2, "given_name": "b", "tags": ["tag:x"]}, {"given_name": "a", "tags": ["tag:x"]}]"#);
    assert_eq!(names(&topology), ["b", "a"]);
    let topology = sound(r#"{"nodes": {"b": {"id": 2, "tags": ["tag:x"]}, "a": {"id": "1", "tags": ["tag:x"]}}}"#);
    assert_eq!(names(&topology), ["a", "b"]);
    // The places move along.
    assert_eq!(topology.node_spans.len(), 2);
    assert!(topology.node_spans[1].start < topology.node_spans[0].start);
}

#[test]
fn one_name_may_be_that_of_several_users() {
    let users = r#"[{"id": 2, "name": "erin"}, {"id": 3, "name": "erin"}]"#;
    let topology = sound(&format!(
        r#"{{"users": {users}, "nodes": {{"a": {{"user": "erin", "user_id": 3}}}}}}"#
    ));
    assert_eq!(topology.tailnet.nodes[0].user, Some(1));
    check(
        r#"{
  "users": [{"id": 2, "name": "erin"}, {"id": 3, "name": "erin"}],
  "nodes": {
    "a": {"user": "erin"}
    //            ^^^^^^ TN192: 2 users are named "erin"
  }
}"#,
    );
}

#[test]
fn users_that_only_the_policy_names_are_assumed_unless_users_are_listed() {
    let mut words = Vec::new();
    let mut name = |text: &str| {
        words.push(UserName::parse(text).unwrap());
    };
    name("alice@example.org");
    name("carol@");
    name("dave@example.org");
    name("carol@");
    let mut topology = sound(NODES_0_29);
    let assumed: Vec<&str> = topology.assume(&words).iter().map(|name| name.as_str()).collect();
    assert_eq!(assumed, ["carol@", "dave@example.org"]);
    let users: Vec<_> = topology
        .tailnet
        .users
        .iter()
        .map(|user| (user.id, user.name.as_str(), user.email.as_str()))
        .collect();
    assert_eq!(
        users,
        [
            (5, "alice", "alice@example.org"),
            (6, "carol", ""),
            (7, "dave@example.org", "dave@example.org")
        ]
    );
    assert_eq!(topology.user_spans.len(), 3);
    let mut listed = sound(r#"{"users": [], "nodes": []}"#);
    assert_eq!(listed.assume(&words), Vec::<&UserName>::new());
}

#[test]
fn everything_wrong_is_found_at_once() {
    let found = check(
        r#"{
  "users": [
    {"id": 1, "name": "alice"}, {"id": 1, "name": "bob"}, 7, {"id": 2},
//                              ^^^^^^^^^^^^^^^^^^^^^^^^ TN192: a second user with the id 1
//                                                        ^ TN190: expected a user: an object, found number
//                                                           ^^^^^^^^^ TN190: a user needs "name"
    {"id": -3, "name": ["x"]}
//         ^^ TN190: expected an id: a whole number, found number
//                     ^^^^^ TN190: expected a string, found array
  ],
  "nodes": {
    "a": {"user": "alice", "ipv4": "100.64.0.1"},
    "b": {"user": "alice", "ipv4": "100.64.0.2", "addresses": ["100.64.0.9", "x"]},
//                                                             ^^^^^^^^^^^^ TN190: a second address
//                                                                           ^^^ TN190: not an address: "x"
    "c": {"tags": ["server", 1], "routable_ips": ["10.0.0.1", "10.0.0.0/8"], "approved_routes": "10.0.0.0/8"},
//                 ^^^^^^^^ TN190: not a tag: "server"
//                           ^ TN190: expected a string, found number
//                                                ^^^^^^^^^^ TN190: not a route in CIDR notation: "10.0.0.1"
//                                                                                              ^^^^^^^^^^^^ TN190
    "d": {"user": 3, "id": 1},
//                ^ TN190: expected a user: its name, or an object, found number
    "e": {"user": "nobody"},
//                ^^^^^^^^ TN192: no such user: "nobody"
    "f": [],
//       ^^ TN190: expected a node: an object, found array
    "g": {"user": "alice", "ipv4": "100.64.0.1", "online": true},
//  ^^^ TN192: the address 100.64.0.1 belongs to two nodes
    "h": {"ipv4": "100.64.0.4", "tags": []}
//  ^^^ TN192: node "h" has neither tags nor a user
  },
  "node": {},
//^^^^^^ TN191: unknown member "node", passed over
}"#,
    );
    let route = found
        .iter()
        .find(|found| found.message.contains("not a route"))
        .unwrap();
    assert_eq!(route.help, ["write \"10.0.0.1/32\""]);
    let unknown = found
        .iter()
        .find(|found| found.code == topology_unknown_key::PAGE.code)
        .unwrap();
    assert_eq!(unknown.fixes[0].edits[0].text, "\"nodes\"");
}

#[test]
fn what_is_no_topology_says_what_one_is() {
    check("  7\n//^ TN190: expected an object with \"users\" and \"nodes\"");
    check("  {\"acls\": []}\n//^^^^^^^^^^^^ TN190: a topology needs \"nodes\"");
    check("  {\"topology\": []}\n//             ^^ TN190: expected an object");
    check("  {\"nodes\": 7}\n//          ^ TN190: expected an object of nodes");
    check("  {\"users\": 7, \"nodes\": []}\n//          ^ TN190: expected an array");
    check(
        r#"[
  {"given_name": "a", "tags": ["tag:x"]}, {"given_name": "a", "tags": ["tag:x"]},
  //                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN192: a second node named "a"
  {"id": 4}
//^^^^^^^^^ TN190: a node needs "given_name"
]"#,
    );
}

#[test]
fn the_pages_find_what_they_say() {
    for page in [
        &topology_shape::PAGE,
        &topology_unknown_key::PAGE,
        &topology_contradiction::PAGE,
    ] {
        let found = check(topology_of(page, &page.wrong));
        assert!(
            found
                .iter()
                .all(|found| found.code == page.code && found.severity == page.severity)
        );
        assert_eq!(found.len(), 1, "{}", page.code);
        check(topology_of(page, &page.right));
    }
}

fn topology_of(page: &Page, example: &Example) -> &'static str {
    match example {
        Example::Policy {
            topology: Some(topology),
            ..
        } => topology,
        _ => panic!("{} has a topology", page.code),
    }
}
