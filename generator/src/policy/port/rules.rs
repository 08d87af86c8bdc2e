//! ACLs, grants and SSH rules.

use crate::hujson::{Member, Value, edit, same_name};
use crate::policy::dialect::{Dialect, Feature};
use crate::policy::words::{PortRange, Protocol};

use super::alias::Place;
use super::change::{Change, Effect};
use super::sections::is_note;
use super::tree::{field, items, member};
use super::{Outcome, Porter};

/// The fields of an ACL.
const ACL: [&str; 6] = ["action", "proto", "src", "dst", "users", "ports"];
/// The fields of a grant.
const GRANT: [&str; 5] = ["src", "dst", "ip", "app", "via"];
/// The fields of an SSH rule.
const SSH: [&str; 6] = ["action", "src", "dst", "users", "checkPeriod", "acceptEnv"];

impl<'a> Porter<'a> {
    /// Brings all rules.
    pub(super) fn rules(&mut self) {
        self.deny();
        for rule in items(field(self.root, "acls")) {
            self.acl(rule);
        }
        for rule in items(field(self.root, "grants")) {
            self.grant(rule);
        }
        for rule in items(field(self.root, "ssh")) {
            self.ssh(rule);
        }
    }

    fn acl(&mut self, rule: &'a Value) {
        if self.plan.is_gone(rule.span) || self.conditions(rule, &ACL) {
            return;
        }
        self.action(rule);
        for (old, new) in [("users", "src"), ("ports", "dst")] {
            self.old_name(rule, old, new);
        }
        for list in ["src", "users"] {
            for src in items(field(rule, list)) {
                self.word(src, Place::Source);
            }
        }
        for list in ["dst", "ports"] {
            for dst in items(field(rule, list)) {
                self.destination(dst, Place::Destination);
            }
        }
    }

    /// The action of an ACL: `accept`, however it is spelt.
    fn action(&mut self, rule: &'a Value) {
        match member(rule, "action") {
            Some(action) => {
                if let Some(text) = action.value.as_str()
                    && text != "accept"
                    && text.trim().eq_ignore_ascii_case("accept")
                {
                    let why = "headscale spells it like this";
                    let new = edit::quote("accept");
                    self.plan.replace(action.value.span, new, Effect::Same, why);
                }
            }
            None if rule.as_object().is_some() && !self.dialect.knows(Feature::MissingAction) => {
                let new = "\"action\": \"accept\"".to_owned();
                let change = Change {
                    span: crate::source::Span {
                        end: rule.span.start,
                        ..rule.span
                    },
                    was: String::new(),
                    now: Some(new.clone()),
                    effect: Effect::Same,
                    why: "headscale 0.28 wants the action to be said".to_owned(),
                };
                self.plan.put_in(rule, vec![new], Some(change));
            }
            None => {}
        }
    }

    fn grant(&mut self, rule: &'a Value) {
        if self.plan.is_gone(rule.span) || self.conditions(rule, &GRANT) {
            return;
        }
        for src in items(field(rule, "src")) {
            self.word(src, Place::Source);
        }
        for dst in items(field(rule, "dst")) {
            self.word(dst, Place::Destination);
        }
        for ip in items(field(rule, "ip")) {
            if let Some(text) = ip.as_str()
                && let Some(new) = traffic(text, self.dialect)
            {
                let why = "the same in headscale's spelling".to_owned();
                self.carry(ip, Outcome::Become(vec![new], Effect::Same, why));
            }
        }
        if let Some(app) = field(rule, "app") {
            for capability in app.as_object().unwrap_or_default() {
                self.capability(capability);
            }
        }
    }

    /// Capabilities of services that headscale does not run.
    fn capability(&mut self, capability: &'a Member) {
        use crate::policy::words::capability::check;
        let newest = if self.dialect.knows(Feature::Grants) {
            self.dialect
        } else {
            Dialect::V0_29
        };
        if check(&capability.name.value, newest).is_err() {
            let why = "headscale grants capabilities of one's own, and of Tailscale's only drive, relay, webui, kubernetes \
                       and tsidp";
            self.plan.leave_out_member(capability, Effect::Narrower, why);
        }
    }

    fn ssh(&mut self, rule: &'a Value) {
        if self.plan.is_gone(rule.span) {
            return;
        }
        if let Some(enforced) = field(rule, "enforceRecorder")
            && enforced.as_bool() != Some(false)
        {
            let why = "headscale does not record sessions, and this rule lets nobody in without a recording";
            self.plan.leave_out(rule.span, Effect::LeftOut, why);
            return;
        }
        for name in ["recorder", "enforceRecorder"] {
            if let Some(member) = member(rule, name) {
                let why = "headscale does not record sessions: those of this rule are not recorded any more";
                self.plan.leave_out_member(member, Effect::LeftOut, why);
            }
        }
        let mut known = SSH.to_vec();
        known.extend(["recorder", "enforceRecorder"]);
        if self.conditions(rule, &known) || self.ssh_action(rule) {
            return;
        }
        if !self.dialect.knows(Feature::AcceptEnv)
            && let Some(env) = member(rule, "acceptEnv")
        {
            let why = "headscale 0.28 does not know it: no environment comes along";
            self.plan.leave_out_member(env, Effect::Narrower, why);
        }
        let words = |list| items(field(rule, list)).iter().filter_map(Value::as_str);
        let tagged = |word: &str| word.starts_with("tag:") || word == "autogroup:tagged";
        let own = |word: &str| word.contains('@') || matches!(word, "autogroup:self" | "autogroup:member");
        let src = if words("dst").any(own) {
            Place::SshSourcePeople
        } else {
            Place::SshSource
        };
        let dst = match words("src").any(tagged) {
            true => Place::SshDestinationTagged,
            // A * on both sides: from all nodes to the tagged ones, and from people to everything else, in two rules;
            // as one rule it is the former.
            false if src == Place::SshSource && words("src").any(|word| word == "*") => Place::SshDestinationTagged,
            false => Place::SshDestination,
        };
        for word in items(field(rule, "src")) {
            self.word(word, src);
        }
        for word in items(field(rule, "dst")) {
            self.word(word, dst);
        }
    }

    /// The action of an SSH rule. `true`: the rule was left out.
    fn ssh_action(&mut self, rule: &'a Value) -> bool {
        let Some(action) = field(rule, "action") else {
            return false;
        };
        let Some(text) = action.as_str() else { return false };
        let plain = text.trim().to_ascii_lowercase();
        if plain == "check" && self.dialect == Dialect::V0_28 {
            let why = "headscale 0.28 takes check for accept, and asks nobody";
            self.plan.leave_out(rule.span, Effect::LeftOut, why);
            return true;
        }
        if plain != text && matches!(plain.as_str(), "accept" | "check") {
            let why = "headscale spells it like this";
            self.plan.replace(action.span, edit::quote(&plain), Effect::Same, why);
        }
        false
    }

    /// Deals with members that `known` has not: notes become comments, of everything else it must be assumed that it
    /// restricts the rule, so the rule is left out. `true`: it was.
    fn conditions(&mut self, rule: &'a Value, known: &[&str]) -> bool {
        let default = field(self.root, "defaultSrcPosture").is_some_and(|default| !items(Some(default)).is_empty());
        let network = known.contains(&"dst") && !known.contains(&"checkPeriod");
        if default && network {
            let why = "defaultSrcPosture asks of every rule for a state of the device, which headscale does not know";
            self.plan.leave_out(rule.span, Effect::LeftOut, why);
            return true;
        }
        for member in rule.as_object().unwrap_or_default() {
            let name = &*member.name.value;
            // Of an ACL headscale drops them itself.
            if known.iter().any(|known| same_name(known, name)) || (name.starts_with('#') && known == ACL) {
                continue;
            }
            if same_name(name, "srcPosture") && member.value.as_array().is_some_and(<[Value]>::is_empty) {
                let why = "headscale does not know the state of devices, and none is asked for";
                self.plan.leave_out_member(member, Effect::Same, why);
            } else if same_name(name, "srcPosture") {
                let why = "the rule asks for a state of the device (srcPosture), which headscale does not know";
                self.plan.leave_out(rule.span, Effect::LeftOut, why);
                return true;
            } else if !is_note(name) {
                let why = format!("headscale does not know {name}, and what it restricts would be open without it");
                self.plan.leave_out(rule.span, Effect::LeftOut, why);
                return true;
            } else {
                let why = "headscale takes no members of one's own, a comment does as well";
                self.plan.leave_out_member(member, Effect::Same, why);
            }
        }
        false
    }
}

/// An entry of a grant's `ip` in headscale's spelling, where that differs: `*:443` is `443`, `TCP:22` is `tcp:22`, `icmp`
/// is `icmp:*`.
fn traffic(text: &str, dialect: Dialect) -> Option<String> {
    let dialect = dialect.max(Dialect::V0_29);
    let reads = |text: &str| crate::policy::words::Traffic::parse(text, dialect).is_ok();
    let plain = text.trim().to_ascii_lowercase();
    let new = match plain.split_once(':') {
        Some(("*", ports)) => ports.trim().to_owned(),
        Some((protocol, ports)) => format!("{}:{}", protocol.trim(), ports.trim()),
        // Without ports only a protocol that has none is certain.
        None if Protocol::parse_exact(&plain, dialect).is_ok_and(|protocol| !protocol.has_ports())
            && PortRange::parse_list(&plain).is_err() =>
        {
            format!("{plain}:*")
        }
        None => plain.clone(),
    };
    (new != text && !reads(text) && reads(&new)).then_some(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traffic_is_respelt_where_that_is_certain() {
        let new = |text| traffic(text, Dialect::V0_29);
        assert_eq!(new("*:443").as_deref(), Some("443"));
        assert_eq!(new("*:*").as_deref(), Some("*"));
        assert_eq!(new("TCP:22").as_deref(), Some("tcp:22"));
        assert_eq!(new("icmp").as_deref(), Some("icmp:*"));
        assert_eq!(new(" 443 ").as_deref(), Some("443"));
        assert_eq!(new("tcp"), None, "all of TCP was perhaps not meant");
        assert_eq!(new("tcp:ssh"), None);
        assert_eq!(new("443"), None);
    }
}
