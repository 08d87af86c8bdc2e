//! What headscale would still refuse is left out: of the smallest thing at the place of a finding whose absence only
//! closes something.
//!
//! Leaving a word out of `src`, `dst`, `ip`, `users`, `owners` narrows; leaving the last one out takes the rule along,
//! since headscale reads no rule into an empty list. Leaving a *condition* out would widen: at anything else inside a
//! rule the whole rule goes.

use crate::diagnostics::Diagnostic;
use crate::hujson::{Member, Value, edit, same_name};
use crate::policy::dialect::{Dialect, Feature};
use crate::source::Span;

use super::Porter;
use super::change::Effect;
use super::tree::{field, items, whole};

/// A way from the root of the tree to a place.
#[derive(Clone, Copy, Debug)]
struct Step<'a> {
    /// The member; `None`: an element.
    member: Option<&'a Member>,
    value: &'a Value,
}

impl Step<'_> {
    /// Whether it is the member that headscale takes for the field `name`.
    fn is(&self, name: &str) -> bool {
        self.member.is_some_and(|member| same_name(&member.name.value, name))
    }
}

impl<'a> Porter<'a> {
    /// Leaves out what stands at `places` of the text as it was, for the reason that `finding` gives.
    pub(super) fn mend(&mut self, finding: &Diagnostic, places: &[Span]) {
        let mut why = format!("headscale refuses it: {}", finding.message);
        if let Some(help) = finding.help.first() {
            why.push_str(&format!(" ({help})"));
        }
        let Some((first, related)) = places.split_first() else {
            return;
        };
        self.leave_out_at(*first, &why);
        // Where several words of a list are to blame for the same thing, all go: the finding names them all.
        if finding.code == crate::policy::rules::self_with_others::PAGE.code {
            let sources: Vec<Span> = related.iter().skip(1).copied().collect();
            for place in sources {
                self.leave_out_at(place, &why);
            }
        }
    }

    fn leave_out_at(&mut self, place: Span, why: &str) {
        let way = way(self.root, place);
        let Some((section, rest)) = way.split_first() else {
            return;
        };
        let is = |name: &str| section.is(name);
        let Some(entry) = rest.first() else {
            self.leave_out(section, Effect::LeftOut, why);
            // Without either, headscale allows everything.
            if is("acls") || (is("grants") && self.dialect.knows(Feature::Grants)) {
                let name = if is("acls") { "acls" } else { "grants" };
                self.plan.put_in(self.root, vec![format!("\"{name}\": []")], None);
            } else if is("grants") && items(field(self.root, "acls")).is_empty() {
                self.replace_acls();
            }
            return;
        };
        let lists: &[&str] = match () {
            () if is("acls") => &["src", "dst", "users", "ports"],
            () if is("grants") => &["src", "dst", "ip", "via"],
            () if is("ssh") => &["src", "dst", "users", "acceptEnv"],
            () if is("nodeAttrs") => &["target", "attr"],
            () if is("tests") => &["accept", "deny", "allow"],
            () if is("sshTests") => &["dst", "accept", "deny", "check"],
            // A route, an approver, or a member of its own.
            () if is("autoApprovers") => {
                self.leave_out(rest.last().unwrap_or(entry), Effect::Narrower, why);
                return;
            }
            // groups, hosts, tagOwners: an element of a list, else the whole entry.
            () => {
                let item = rest.get(1).filter(|step| step.member.is_none());
                self.leave_out(item.unwrap_or(entry), Effect::Narrower, why);
                return;
            }
        };
        match rest {
            [_, list, item, ..] if item.member.is_none() && lists.iter().any(|name| list.is(name)) => {
                self.leave_out(item, Effect::Narrower, why);
            }
            [_, app, capability, ..] if is("grants") && app.is("app") => {
                self.leave_out(capability, Effect::Narrower, why);
            }
            [rule, period, ..] if is("ssh") && self.check_always(rule, period, why) => {}
            _ => self.leave_out(entry, Effect::LeftOut, why),
        }
    }

    /// Writes an empty `acls` instead of one that says nothing, or none.
    fn replace_acls(&mut self) {
        if let Some(acls) = super::tree::member(self.root, "acls") {
            let why = "it said nothing";
            self.plan.leave_out_member(acls, Effect::Same, why);
        }
        self.plan.put_in(self.root, vec!["\"acls\": []".to_owned()], None);
    }

    fn leave_out(&mut self, step: &Step<'_>, effect: Effect, why: &str) {
        match step.member {
            Some(member) => self.plan.leave_out_member(member, effect, why),
            None => self.plan.leave_out(step.value.span, effect, why),
        }
    }

    /// Where a `checkPeriod` is refused every session is checked: no period is shorter. `false`: that does not help.
    fn check_always(&mut self, rule: &Step<'a>, period: &Step<'a>, why: &str) -> bool {
        let tried = self.plan.replacement(period.value.span).is_some();
        if !period.is("checkPeriod") || self.dialect == Dialect::V0_28 || tried {
            return false;
        }
        let Some(action) = super::tree::member(rule.value, "action") else {
            return false;
        };
        let always = edit::quote("always");
        self.plan.replace(period.value.span, always, Effect::Narrower, why);
        if action.value.as_str() != Some("check") {
            let why = "with a checkPeriod it was meant to be checked";
            let check = edit::quote("check");
            self.plan.replace(action.value.span, check, Effect::Narrower, why);
        }
        true
    }

    /// Takes rules and tests along that have lost all words of a list.
    pub(super) fn sweep(&mut self) {
        for (section, lists) in [
            ("acls", &["src", "dst", "users", "ports"][..]),
            ("grants", &["src", "dst", "via"]),
            ("ssh", &["src", "dst", "users"]),
            ("nodeAttrs", &["target"]),
            ("sshTests", &["dst"]),
        ] {
            for rule in items(field(self.root, section)) {
                for list in lists {
                    if self.is_emptied(field(rule, list)) {
                        let why = self.emptied(list, items(field(rule, list)).iter().map(|item| item.span));
                        self.plan.leave_out(rule.span, Effect::LeftOut, why);
                        break;
                    }
                }
            }
        }
        self.sweep_traffic();
        self.sweep_node_attrs();
        for test in items(field(self.root, "tests")) {
            let lists = [
                field(test, "accept").or_else(|| field(test, "allow")),
                field(test, "deny"),
            ];
            self.sweep_test(test, &lists);
        }
        for test in items(field(self.root, "sshTests")) {
            let lists = ["accept", "deny", "check"].map(|list| field(test, list));
            self.sweep_test(test, &lists);
        }
    }

    /// Grants that have lost all that they grant.
    fn sweep_traffic(&mut self) {
        for rule in items(field(self.root, "grants")) {
            let app = field(rule, "app").and_then(Value::as_object).unwrap_or_default();
            let app_left = app.iter().any(|capability| !self.plan.is_gone(whole(capability)));
            let ip = items(field(rule, "ip"));
            let ip_left = ip.iter().any(|ip| !self.plan.is_gone(ip.span));
            let granted = !app.is_empty() || !ip.is_empty();
            if granted && !app_left && !ip_left {
                let lost = ip.iter().map(|ip| ip.span).chain(app.iter().map(whole));
                let why = self.emptied("ip and app", lost);
                self.plan.leave_out(rule.span, Effect::LeftOut, why);
            }
        }
    }

    /// Entries that have lost all that they give.
    fn sweep_node_attrs(&mut self) {
        for entry in items(field(self.root, "nodeAttrs")) {
            let lost = ["ipPool", "app"]
                .iter()
                .any(|name| super::tree::member(entry, name).is_some_and(|member| self.plan.is_gone(whole(member))));
            let attrs = items(field(entry, "attr"));
            let left = attrs.iter().any(|attr| !self.plan.is_gone(attr.span));
            if !left && (lost || !attrs.is_empty()) {
                let members = ["ipPool", "app"].map(|name| super::tree::member(entry, name));
                let members = members.into_iter().flatten().map(whole);
                let why = self.emptied("attr", attrs.iter().map(|attr| attr.span).chain(members));
                self.plan.leave_out(entry.span, Effect::LeftOut, why);
            }
        }
    }

    fn sweep_test(&mut self, test: &'a Value, lists: &[Option<&'a Value>]) {
        let emptied = lists.iter().any(|list| self.is_emptied(*list));
        let left = lists
            .iter()
            .flat_map(|list| items(*list))
            .any(|item| !self.plan.is_gone(item.span));
        if emptied && !left {
            let lost = lists.iter().flat_map(|list| items(*list)).map(|item| item.span);
            let why = self.emptied("assertions", lost);
            self.plan.leave_out(test.span, Effect::LeftOut, why);
        }
    }

    /// Why something goes whose `list` has lost all of its words, those at `lost`.
    fn emptied(&self, list: &str, lost: impl Iterator<Item = Span>) -> String {
        const MOST: usize = 3;
        let mut reasons: Vec<&str> = Vec::new();
        for why in lost.filter_map(|span| self.plan.why_gone(span)) {
            if !reasons.contains(&why) && reasons.len() < MOST {
                reasons.push(why);
            }
        }
        match reasons.is_empty() {
            true => format!("nothing is left of its {list}"),
            false => format!("nothing is left of its {list}: {}", reasons.join("; ")),
        }
    }

    /// Whether a list had elements and all of them are gone.
    fn is_emptied(&self, list: Option<&Value>) -> bool {
        let items = items(list);
        !items.is_empty() && items.iter().all(|item| self.plan.is_gone(item.span))
    }
}

/// The way from `root` to the innermost element or member at `place`.
fn way(root: &Value, place: Span) -> Vec<Step<'_>> {
    let mut way = Vec::new();
    let mut value = root;
    loop {
        let members = value.as_object().unwrap_or_default();
        let member = members.iter().find(|member| whole(member).encloses(place));
        let item = || items(Some(value)).iter().find(|item| item.span.encloses(place));
        let Some(inner) = member.map(|member| &member.value).or_else(item) else {
            return way;
        };
        way.push(Step { member, value: inner });
        value = inner;
    }
}
