//! Grants as ACLs, for headscale 0.28, which has no grants.
//!
//! What a grant says with `ip` an ACL says too, one for each protocol. Capabilities and `via` it cannot say.

use crate::hujson::{Kind, Value, edit};
use crate::policy::dialect::Dialect;
use crate::policy::words::{PortList, PortRange, Protocol, Traffic};

use super::Porter;
use super::change::{Change, Effect};
use super::tree::{field, items, member};

impl<'a> Porter<'a> {
    /// Turns the section `grants` into ACLs.
    pub(super) fn grants_to_acls(&mut self) {
        let Some(section) = member(self.root, "grants") else {
            return;
        };
        if self.plan.is_gone(super::tree::whole(section)) {
            return;
        }
        if section.value.is_null() {
            self.plan.leave_out_member(
                section,
                Effect::Same,
                "headscale 0.28 has no grants, and there were none",
            );
            return;
        }
        let mut acls = Vec::new();
        let mut lost = Vec::new();
        for (i, grant) in items(Some(&section.value)).iter().enumerate() {
            // What was left out for another reason is no ACL either.
            if self.plan.is_gone(grant.span) {
                lost.push((i, "it was left out for a reason of its own"));
                continue;
            }
            if !items(field(grant, "via")).is_empty() {
                lost.push((i, "it holds for some routers only (via)"));
                continue;
            }
            if field(grant, "app")
                .and_then(Value::as_object)
                .is_some_and(|app| !app.is_empty())
            {
                lost.push((i, "capabilities (app) cannot be said"));
            }
            let (said, all) = self.acls_of(grant);
            if !all {
                lost.push((i, "ports of a protocol without ports (ip) cannot be said"));
            }
            acls.extend(said);
        }
        let mut why = "headscale 0.28 has no grants: what they allow is in acls".to_owned();
        let mut effect = Effect::Same;
        for (i, reason) in &lost {
            effect = Effect::Narrower;
            why.push_str(&format!("; not of grant {i}: {reason}"));
        }
        let written = field(self.root, "acls").filter(|acls| matches!(acls.kind, Kind::Array(_)));
        let change = |span: crate::source::Span| Change {
            span: crate::source::Span {
                end: span.start,
                ..span
            },
            was: String::new(),
            now: Some(format!("{} ACLs", acls.len())),
            effect: Effect::Same,
            why: "the grants, as ACLs".to_owned(),
        };
        match written {
            Some(written) => {
                if !acls.is_empty() {
                    let change = change(written.span);
                    self.plan.put_in(written, acls, Some(change));
                }
                self.plan.leave_out_member(section, effect, why);
            }
            None => {
                if let Some(acls) = member(self.root, "acls") {
                    let why = "it said nothing, and the grants are ACLs now";
                    self.plan.leave_out_member(acls, Effect::Same, why);
                }
                let lines: String = acls.iter().map(|acl| format!("\n  {acl},")).collect();
                let end = if acls.is_empty() { "" } else { "\n" };
                let change = change(self.root.span);
                self.plan
                    .put_in(self.root, vec![format!("\"acls\": [{lines}{end}]")], Some(change));
                self.plan.leave_out_member(section, effect, why);
            }
        }
    }

    /// The ACLs that say what a grant says with `ip`, in the words that it has by now, and whether they say all of it.
    fn acls_of(&self, grant: &Value) -> (Vec<String>, bool) {
        let words = |list| -> Vec<String> {
            items(field(grant, list))
                .iter()
                .filter(|item| !self.plan.is_gone(item.span))
                .flat_map(|item| self.words_of(item))
                .collect()
        };
        let (src, dst) = (words("src"), words("dst"));
        let mut by_protocol: Vec<(Protocol, Vec<PortRange>)> = Vec::new();
        let mut all = true;
        for ip in words("ip") {
            let Ok(Traffic { protocol, ports }) = Traffic::parse(&ip, Dialect::V0_29) else {
                continue;
            };
            if !protocol.has_ports() && ports != [PortRange::ALL] {
                // An ACL cannot say it, and what was meant is not certain.
                all = false;
                continue;
            }
            match by_protocol.iter_mut().find(|(other, _)| *other == protocol) {
                Some((_, all)) => all.extend(ports),
                None => by_protocol.push((protocol, ports)),
            }
        }
        if src.is_empty() || dst.is_empty() {
            return (Vec::new(), all);
        }
        let acls = by_protocol
            .iter()
            .map(|(protocol, ports)| {
                let ports = if ports.contains(&PortRange::ALL) {
                    vec![PortRange::ALL]
                } else {
                    ports.clone()
                };
                let ports = PortList(&ports);
                let list = |words: Vec<String>| words.join(", ");
                let src = list(src.iter().map(|word| edit::quote(word)).collect());
                let dst = list(dst.iter().map(|word| edit::quote(&format!("{word}:{ports}"))).collect());
                let proto = match protocol {
                    Protocol::Any => String::new(),
                    // The names of 58 and 133 came with 0.29.
                    Protocol::Number(number @ (58 | 133)) => format!("\"proto\": \"{number}\", "),
                    protocol => format!("\"proto\": \"{protocol}\", "),
                };
                format!("{{ \"action\": \"accept\", {proto}\"src\": [{src}], \"dst\": [{dst}] }}")
            })
            .collect();
        (acls, all)
    }

    /// The words that stand for an element: its own, or those that it was replaced with.
    fn words_of(&self, item: &Value) -> Vec<String> {
        match self.plan.replacement(item.span) {
            Some(new) => {
                let list = serde_json::from_str::<Vec<String>>(&format!("[{new}]"));
                list.unwrap_or_default()
            }
            None => item
                .as_str()
                .map(|word| vec![word.trim().to_owned()])
                .unwrap_or_default(),
        }
    }
}
