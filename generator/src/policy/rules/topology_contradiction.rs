//! TN192: a topology that contradicts itself.

use std::net::IpAddr;

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// The page of TN192.
pub const PAGE: Page = Page {
    code: Code(192),
    severity: Severity::Error,
    name: "topology-contradiction",
    what: "Two nodes or users of the topology share what must be unique, or a node belongs to nobody that is listed.",
    why: "headscale's database keeps names, addresses and ids unique, and every node is tagged or owned by a user: this \
          is no tailnet that headscale could have.",
    wrong: Example::Policy {
        text: r#"{"acls": []}"#,
        topology: Some(
            r#"{
  "users": [{"name": "alice"}],
  "nodes": {
    "laptop": {
      "user": "alcie",
      //      ^^^^^^^ TN192: no such user
      "ipv4": "100.64.0.1",
    },
  },
}"#,
        ),
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{"acls": []}"#,
        topology: Some(
            r#"{
  "users": [{"name": "alice"}],
  "nodes": {"laptop": {"user": "alice", "ipv4": "100.64.0.1"}},
}"#,
        ),
        dialect: "0.29",
    },
};

/// Two nodes of one name.
pub(crate) fn duplicate_node(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(&PAGE, span, format!("a second node named {name:?}")).related(first, "the first")
}

/// Two nodes with one address.
pub(crate) fn duplicate_address(address: IpAddr, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(&PAGE, span, format!("the address {address} belongs to two nodes")).related(first, "the first")
}

/// Two users with one id.
pub(crate) fn duplicate_user(id: u64, span: Span, first: Option<Span>) -> Diagnostic {
    let finding = Diagnostic::new(&PAGE, span, format!("a second user with the id {id}"));
    match first {
        Some(first) => finding.related(first, "the first"),
        None => finding,
    }
}

/// A node that is neither tagged nor owned.
pub(crate) fn ownerless(node: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&PAGE, span, format!("node {node:?} has neither tags nor a user"))
}

/// A node whose user is not listed.
pub(crate) fn unknown_owner(user: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&PAGE, span, format!("no such user: {user:?}")).help("add it to \"users\", or leave \"users\" out")
}

/// A node whose user's name several users bear.
pub(crate) fn ambiguous_owner(user: &str, count: usize, span: Span, first: Option<Span>) -> Diagnostic {
    let finding =
        Diagnostic::new(&PAGE, span, format!("{count} users are named {user:?}")).help("say which by \"user_id\"");
    match first {
        Some(first) => finding.related(first, "the first"),
        None => finding,
    }
}
