//! Entries that no text stands for: written from what they mean, on one line, as a policy would be written by hand.

use std::fmt::Display;

use serde_json::{Map, Value, json};

use crate::policy::dialect::Dialect;
use crate::policy::document::{Acl, Grant, NodeAttr, SshAction, SshRule, SshTest, Test};
use crate::policy::words::{CheckPeriod, Protocol};
use crate::source::Spanned;

/// The members of an object, in the order in which they are written.
struct Members(Map<String, Value>);

impl Members {
    fn new() -> Self {
        Self(Map::new())
    }

    fn set(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// A list, unless it is empty and absent means the same.
    fn list<T: Display>(self, name: &str, list: &[Spanned<T>]) -> Self {
        if list.is_empty() {
            self
        } else {
            self.set(name, texts(list))
        }
    }

    fn write(self) -> String {
        Value::Object(self.0).to_string()
    }
}

/// A list of words.
pub(super) fn texts<T: Display>(list: &[Spanned<T>]) -> Value {
    list.iter()
        .map(|entry| Value::String(entry.value.to_string()))
        .collect()
}

pub(super) fn grant(grant: &Grant) -> String {
    let members = Members::new()
        .set("src", texts(&grant.src))
        .set("dst", texts(&grant.dst))
        .list("ip", &grant.ip);
    let members = match &grant.app {
        None => members,
        Some(capabilities) => {
            let app: Map<String, Value> = capabilities
                .iter()
                .map(|capability| {
                    let values = capability
                        .values
                        .iter()
                        .map(|value| serde_json::from_str::<Value>(value).unwrap_or_default());
                    (capability.name.value.to_string(), values.collect::<Value>())
                })
                .collect();
            members.set("app", app)
        }
    };
    let via: Vec<Value> = grant.via.iter().map(|tag| tag.value.as_str().into()).collect();
    if via.is_empty() {
        members.write()
    } else {
        members.set("via", via).write()
    }
}

pub(super) fn acl(acl: &Acl) -> String {
    protocol(Members::new().set("action", "accept"), acl.proto)
        .set("src", texts(&acl.src))
        .set("dst", texts(&acl.dst))
        .write()
}

fn protocol(members: Members, protocol: Protocol) -> Members {
    match protocol {
        Protocol::Any => members,
        protocol => members.set("proto", protocol.to_string()),
    }
}

pub(super) fn node_attr(attr: &NodeAttr) -> String {
    Members::new()
        .set("target", texts(&attr.target))
        .set("attr", texts(&attr.attr))
        .write()
}

pub(super) fn ssh(rule: &SshRule, dialect: Dialect) -> String {
    let action = match rule.action {
        SshAction::Accept => "accept",
        SshAction::Check => "check",
    };
    let members = Members::new()
        .set("action", action)
        .set("src", texts(&rule.src))
        .set("dst", texts(&rule.dst))
        .set("users", texts(&rule.users));
    let members = match &rule.check_period {
        None => members,
        Some(period) => members.set("checkPeriod", check_period(period.value, dialect)),
    };
    members.list("acceptEnv", &rule.accept_env).write()
}

/// headscale 0.28 reads Prometheus durations and later ones Go's; `12h` is the same in both.
fn check_period(period: CheckPeriod, dialect: Dialect) -> String {
    match (period, dialect) {
        (CheckPeriod::Every(period), Dialect::V0_28) => format!("{}s", period.as_secs()),
        (period, _) => period.to_string(),
    }
}

pub(super) fn test(test: &Test) -> String {
    protocol(Members::new().set("src", test.src.value.to_string()), test.proto)
        .list("accept", &test.accept)
        .list("deny", &test.deny)
        .write()
}

pub(super) fn ssh_test(test: &SshTest) -> String {
    Members::new()
        .set("src", test.src.value.to_string())
        .set("dst", texts(&test.dst))
        .list("accept", &test.accept)
        .list("deny", &test.deny)
        .list("check", &test.check)
        .write()
}

/// `"NAME": VALUE` of an object.
pub(super) fn member(name: &str, value: &Value) -> String {
    format!("{}: {value}", json!(name))
}
