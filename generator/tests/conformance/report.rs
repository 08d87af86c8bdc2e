//! Figures by aspect, and the first differences.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Aspect {
    /// Accepted, or refused, and at which stage.
    Verdict,
    /// headscale's words in ours.
    Message,
    /// `packet_filter_rules`.
    Filter,
    /// `ssh_rules`.
    Ssh,
    /// `netmap.SelfNode.CapMap`.
    CapMap,
    /// `netmap.Peers[].CapMap`.
    PeerCaps,
    /// `netmap.SelfNode.AllowedIPs`.
    AllowedIps,
    /// `peers`.
    Peers,
    /// `netmap.Peers[].AllowedIPs` less the addresses.
    PeerRoutes,
    /// `extra.can_tag`.
    CanTag,
    /// `extra.can_approve`.
    CanApprove,
    /// `extra.ssh_check`.
    CheckPeriod,
}

impl Aspect {
    /// All of them, in the order of the table.
    pub(crate) const ALL: [Self; 12] = [
        Self::Verdict,
        Self::Message,
        Self::Filter,
        Self::Ssh,
        Self::CapMap,
        Self::PeerCaps,
        Self::AllowedIps,
        Self::Peers,
        Self::PeerRoutes,
        Self::CanTag,
        Self::CanApprove,
        Self::CheckPeriod,
    ];

    /// Its name in the table.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Verdict => "verdict",
            Self::Message => "message",
            Self::Filter => "packet filter",
            Self::Ssh => "SSH rules",
            Self::CapMap => "capabilities, self",
            Self::PeerCaps => "capabilities, peers",
            Self::AllowedIps => "allowed IPs",
            Self::Peers => "peers",
            Self::PeerRoutes => "peer routes",
            Self::CanTag => "tags it may advertise",
            Self::CanApprove => "routes approved",
            Self::CheckPeriod => "SSH check period",
        }
    }
}

/// How many answers of one aspect agreed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// Compared.
    pub(crate) compared: usize,
    /// Of these, equal.
    pub(crate) agreed: usize,
}

/// One answer that is not the recorded one.
#[derive(Clone, Debug)]
pub(crate) struct Difference {
    /// The case.
    pub(crate) case: String,
    /// What differs.
    pub(crate) aspect: Aspect,
    /// The node, where it is about one.
    pub(crate) node: String,
    /// The recorded and our answer.
    pub(crate) diff: String,
}

/// The figures of one set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// Cases.
    pub(crate) cases: usize,
    /// Cases in which everything agreed.
    pub(crate) agreed: usize,
    /// By aspect.
    pub(crate) counts: BTreeMap<Aspect, Count>,
    /// All differences.
    pub(crate) differences: Vec<Difference>,
}

impl Tally {
    /// Compares one answer.
    pub(crate) fn compare(&mut self, case: &str, aspect: Aspect, node: &str, recorded: &Value, ours: &Value) {
        let agreed = recorded == ours;
        self.count(case, aspect, node, agreed, || diff(recorded, ours));
    }

    /// Counts one answer, with words for the difference.
    pub(crate) fn count(
        &mut self,
        case: &str,
        aspect: Aspect,
        node: &str,
        agreed: bool,
        words: impl FnOnce() -> String,
    ) {
        let count = self.counts.entry(aspect).or_default();
        count.compared += 1;
        if agreed {
            count.agreed += 1;
        } else {
            self.differences.push(Difference {
                case: case.to_owned(),
                aspect,
                node: node.to_owned(),
                diff: words(),
            });
        }
    }

    /// Adds the figures of `other`.
    pub(crate) fn add(&mut self, other: Self) {
        self.cases += other.cases;
        self.agreed += other.agreed;
        for (aspect, count) in other.counts {
            let sum = self.counts.entry(aspect).or_default();
            sum.compared += count.compared;
            sum.agreed += count.agreed;
        }
        self.differences.extend(other.differences);
    }

    /// The table of this set, one line an aspect.
    pub(crate) fn table(&self) -> String {
        let mut out = String::new();
        for aspect in Aspect::ALL {
            if let Some(count) = self.counts.get(&aspect) {
                let mark = if count.agreed == count.compared {
                    "ok"
                } else {
                    "DIFFERENT"
                };
                let _ = writeln!(
                    out,
                    "    {:<22} {:>6} of {:>6} agree  {mark}",
                    aspect.name(),
                    count.agreed,
                    count.compared
                );
            }
        }
        out
    }

    /// The first differences of each aspect.
    pub(crate) fn first_differences(&self, each: usize) -> String {
        let mut out = String::new();
        for aspect in Aspect::ALL {
            for found in self.differences.iter().filter(|d| d.aspect == aspect).take(each) {
                let node = if found.node.is_empty() {
                    String::new()
                } else {
                    format!(", node {}", found.node)
                };
                let _ = writeln!(out, "  {}: {}{node}\n{}", found.case, aspect.name(), found.diff);
            }
        }
        out
    }
}

/// How many lines of a difference are shown.
const SHOWN: usize = 40;

/// Two answers line by line: `-` recorded only, `+` ours only.
pub(crate) fn diff(recorded: &Value, ours: &Value) -> String {
    let lines = |value: &Value| -> Vec<String> {
        let text = serde_json::to_string_pretty(value).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    };
    let (old, new) = (lines(recorded), lines(ours));
    let same_before = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - same_before;
    let same_after = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take(rest)
        .take_while(|(a, b)| a == b)
        .count();
    let mut out = Vec::new();
    for line in old.iter().skip(same_before.saturating_sub(3)).take(same_before.min(3)) {
        out.push(format!("      {line}"));
    }
    for line in &old[same_before..old.len() - same_after] {
        out.push(format!("    - {line}"));
    }
    for line in &new[same_before..new.len() - same_after] {
        out.push(format!("    + {line}"));
    }
    let more = out.len().saturating_sub(SHOWN);
    out.truncate(SHOWN);
    if more > 0 {
        out.push(format!("      ... {more} more lines"));
    }
    out.join("\n")
}
