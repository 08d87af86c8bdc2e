//! Small tailnets and policies of chance, of which everything is known: the words that a rule is made of are kept apart
//! from how they are written.

use std::net::{Ipv4Addr, Ipv6Addr};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

/// How users are written in policies; each is known by its place.
pub(crate) const USERS: [&str; 3] = ["alice@example.org", "bob@", "carol@example.org"];
/// A user whom the tailnet does not have.
pub(crate) const STRANGER: &str = "mallory@example.org";
/// All tags.
pub(crate) const TAGS: [&str; 3] = ["tag:server", "tag:ci", "tag:router"];
/// The groups; who is in them is the policy's.
pub(crate) const GROUPS: [&str; 2] = ["group:dev", "group:ops"];
/// The hosts; where they are is the policy's.
pub(crate) const HOSTS: [&str; 2] = ["db", "lan"];
/// What nodes announce and what is approved.
pub(crate) const ROUTES: [&str; 8] = [
    "10.0.0.0/16",
    "10.0.0.0/24",
    "10.1.0.0/16",
    "192.168.1.0/24",
    "1.1.1.0/24",
    "fd00:1::/64",
    "0.0.0.0/0",
    "::/0",
];
/// Networks and addresses that policies name. The last is for ACLs only.
const NETS: [&str; 14] = [
    "100.64.0.1",
    "100.64.0.3",
    "100.64.0.0/30",
    "100.64.0.4/30",
    "fd7a:115c:a1e0::1",
    "fd7a:115c:a1e0::/126",
    "10.0.0.5",
    "10.0.0.0/24",
    "10.0.0.0/8",
    "192.168.1.7",
    "8.8.8.0/24",
    "1.1.1.1",
    "fd00:1::/96",
    "0.0.0.0/0",
];

/// A tailnet of [`USERS`].
#[derive(Clone, Debug)]
pub(crate) struct Tailnet {
    /// By ascending id, which begins at 1.
    pub(crate) nodes: Vec<Node>,
}

/// A node.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) name: String,
    /// Its user; `None`: it is tagged.
    pub(crate) owner: Option<usize>,
    /// Its tags, places in [`TAGS`]; none where it has a user.
    pub(crate) tags: Vec<usize>,
    pub(crate) v4: Option<Ipv4Addr>,
    pub(crate) v6: Option<Ipv6Addr>,
    pub(crate) announced: Vec<&'static str>,
    pub(crate) approved: Vec<&'static str>,
}

/// A word in `src` or `dst`. Numbers are places in the lists above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    User(usize),
    Stranger,
    Group(usize),
    Tag(usize),
    Host(usize),
    Net(&'static str),
    Wildcard,
    Member,
    Tagged,
    Internet,
    Own,
    DangerAll,
}

/// A protocol by name, `""` for any, and ranges of ports.
pub(crate) type Traffic = (&'static str, &'static [(u16, u16)]);

/// An ACL or a grant.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) grant: bool,
    pub(crate) src: Vec<Word>,
    pub(crate) dst: Vec<Word>,
    /// One in an ACL.
    pub(crate) traffic: Vec<Traffic>,
    /// Tags.
    pub(crate) via: Vec<usize>,
    /// Whether it grants a capability as well.
    pub(crate) app: bool,
}

/// A policy.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    /// Who is in [`GROUPS`]; `None`: the stranger.
    pub(crate) groups: [Vec<Option<usize>>; 2],
    /// Where [`HOSTS`] are.
    pub(crate) hosts: [&'static str; 2],
    pub(crate) rules: Vec<Rule>,
    /// A tag whose nodes are told not to use IPv4.
    pub(crate) without_v4: Option<usize>,
}

impl Word {
    fn text(self) -> &'static str {
        match self {
            Self::User(user) => USERS[user],
            Self::Stranger => STRANGER,
            Self::Group(group) => GROUPS[group],
            Self::Tag(tag) => TAGS[tag],
            Self::Host(host) => HOSTS[host],
            Self::Net(net) => net,
            Self::Wildcard => "*",
            Self::Member => "autogroup:member",
            Self::Tagged => "autogroup:tagged",
            Self::Internet => "autogroup:internet",
            Self::Own => "autogroup:self",
            Self::DangerAll => "autogroup:danger-all",
        }
    }
}

fn texts(words: &[Word]) -> Vec<&'static str> {
    words.iter().map(|word| word.text()).collect()
}

fn ports(ranges: &[(u16, u16)]) -> String {
    let one = |&(first, last): &(u16, u16)| match (first, last) {
        (0, u16::MAX) => "*".to_owned(),
        _ if first == last => first.to_string(),
        _ => format!("{first}-{last}"),
    };
    ranges.iter().map(one).collect::<Vec<_>>().join(",")
}

impl Rule {
    /// As a member of `acls` or `grants`.
    pub(crate) fn json(&self) -> Value {
        if !self.grant {
            let (proto, ranges) = self.traffic[0];
            let dst: Vec<String> = texts(&self.dst)
                .iter()
                .map(|word| match word.contains("::") {
                    true => format!("[{}]{}:{}", split(word).0, split(word).1, ports(ranges)),
                    false => format!("{word}:{}", ports(ranges)),
                })
                .collect();
            let mut rule = json!({ "action": "accept", "src": texts(&self.src), "dst": dst });
            if !proto.is_empty() {
                rule["proto"] = json!(proto);
            }
            return rule;
        }
        let entry = |&(proto, ranges): &Traffic| match proto {
            "" => ports(ranges),
            proto => format!("{proto}:{}", ports(ranges)),
        };
        let mut rule = json!({ "src": texts(&self.src), "dst": texts(&self.dst) });
        if !self.traffic.is_empty() {
            rule["ip"] = self.traffic.iter().map(entry).collect();
        }
        if !self.via.is_empty() {
            rule["via"] = self.via.iter().map(|&tag| TAGS[tag]).collect();
        }
        if self.app {
            rule["app"] = json!({ "example.com/cap/look": [{ "depth": 1 }] });
        }
        rule
    }

    /// What headscale would refuse, taken out.
    fn made_legal(mut self) -> Self {
        self.src.retain(|word| !matches!(word, Word::Internet | Word::Own));
        self.dst.retain(|word| *word != Word::DangerAll);
        if self.grant {
            self.dst.retain(|word| *word != Word::Net("0.0.0.0/0"));
            if self.app && self.via.is_empty() {
                self.dst.retain(|word| *word != Word::Internet);
            } else {
                self.app = false;
            }
            if !self.app && self.traffic.is_empty() {
                self.traffic.push(("", &[(0, u16::MAX)]));
            }
        } else {
            (self.app, self.via) = (false, Vec::new());
            self.traffic.truncate(1);
            match self.traffic.first_mut() {
                None => self.traffic.push(("", &[(0, u16::MAX)])),
                Some((proto, ranges)) if !["", "tcp", "udp", "sctp"].contains(proto) => *ranges = &[(0, u16::MAX)],
                Some(_) => {}
            }
        }
        if !self.via.is_empty() {
            self.dst.retain(|word| *word != Word::Own);
        }
        if self.dst.contains(&Word::Own) {
            let grant = self.grant;
            self.src.retain(|word| match word {
                Word::User(_) | Word::Stranger | Word::Group(_) | Word::Member => true,
                Word::Wildcard => !grant,
                _ => false,
            });
        }
        if self.src.is_empty() {
            self.src.push(Word::Member);
        }
        if self.dst.is_empty() {
            self.dst.push(Word::Tag(0));
        }
        self
    }
}

/// Address and length of a prefix, the slash with the length.
fn split(word: &str) -> (&str, &str) {
    word.split_at(word.find('/').unwrap_or(word.len()))
}

impl Policy {
    /// As headscale reads it.
    pub(crate) fn json(&self) -> Value {
        let rules = |grant| -> Vec<Value> {
            let wanted = self.rules.iter().filter(|rule| rule.grant == grant);
            wanted.map(Rule::json).collect()
        };
        let people = |members: &[Option<usize>]| -> Vec<&str> {
            let name = |member: &Option<usize>| member.map_or(STRANGER, |user| USERS[user]);
            members.iter().map(name).collect()
        };
        let mut policy = json!({
            "groups": { GROUPS[0]: people(&self.groups[0]), GROUPS[1]: people(&self.groups[1]) },
            "hosts": { HOSTS[0]: self.hosts[0], HOSTS[1]: self.hosts[1] },
            "tagOwners": TAGS.iter().map(|tag| ((*tag).to_owned(), json!([USERS[0]]))).collect::<Map<_, _>>(),
            "acls": rules(false),
            "grants": rules(true),
        });
        if let Some(tag) = self.without_v4 {
            policy["nodeAttrs"] = json!([{ "target": [TAGS[tag]], "attr": ["disable-ipv4"] }]);
        }
        policy
    }

    /// All words of all rules.
    pub(crate) fn words(&self) -> impl Iterator<Item = Word> + '_ {
        self.rules
            .iter()
            .flat_map(|rule| rule.src.iter().chain(&rule.dst).copied())
    }
}

impl Tailnet {
    /// As `--topology` reads it.
    pub(crate) fn json(&self) -> Value {
        let nodes = self.nodes.iter().enumerate().map(|(i, node)| {
            let address = |addr: Option<String>| addr.unwrap_or_default();
            let mut entry = json!({
                "id": i + 1,
                "ipv4": address(node.v4.map(|addr| addr.to_string())),
                "ipv6": address(node.v6.map(|addr| addr.to_string())),
                "routable_ips": node.announced,
                "approved_routes": node.approved,
            });
            match node.owner {
                Some(user) => entry["user"] = json!(["alice", "bob", "carol"][user]),
                None => entry["tags"] = node.tags.iter().map(|&tag| TAGS[tag]).collect(),
            }
            (node.name.clone(), entry)
        });
        json!({
            "users": [
                { "id": 1, "name": "alice", "email": "alice@example.org" },
                { "id": 2, "name": "bob", "email": "" },
                { "id": 3, "name": "carol", "email": "carol@example.org" },
            ],
            "nodes": nodes.collect::<Map<_, _>>(),
        })
    }
}

fn node() -> impl Strategy<Value = Node> {
    let owner = prop_oneof![
        1 => (0..USERS.len()).prop_map(|user| (Some(user), Vec::new())),
        1 => subsequence((0..TAGS.len()).collect::<Vec<_>>(), 1..=2).prop_map(|tags| (None, tags)),
    ];
    let routes = || {
        prop_oneof![
            2 => Just(Vec::new()),
            1 => subsequence(&ROUTES[..], 1..=4),
        ]
    };
    // Nobody announces what he has to, most do.
    let routes = (routes(), routes(), prop::bool::weighted(0.7)).prop_map(|(announced, approved, same)| match same {
        true => (announced.clone(), announced),
        false => (announced, approved),
    });
    let families = prop_oneof![8 => Just((true, true)), 1 => Just((true, false)), 1 => Just((false, true))];
    (owner, routes, families).prop_map(|((owner, tags), (announced, approved), (v4, v6))| Node {
        name: String::new(),
        owner,
        tags,
        v4: v4.then_some(Ipv4Addr::UNSPECIFIED),
        v6: v6.then_some(Ipv6Addr::UNSPECIFIED),
        announced,
        approved,
    })
}

/// A tailnet of one to seven nodes with addresses in a row.
pub(crate) fn tailnet() -> impl Strategy<Value = Tailnet> {
    vec(node(), 1..=7).prop_map(|mut nodes| {
        for (i, node) in (1..).zip(&mut nodes) {
            node.name = format!("node-{i}");
            node.v4 = node.v4.map(|_| Ipv4Addr::new(100, 64, 0, i));
            node.v6 = node
                .v6
                .map(|_| Ipv6Addr::new(0xfd7a, 0x115c, 0xa1e0, 0, 0, 0, 0, i.into()));
        }
        Tailnet { nodes }
    })
}

fn word() -> impl Strategy<Value = Word> {
    prop_oneof![
        4 => (0..USERS.len()).prop_map(Word::User),
        3 => (0..GROUPS.len()).prop_map(Word::Group),
        4 => (0..TAGS.len()).prop_map(Word::Tag),
        2 => (0..HOSTS.len()).prop_map(Word::Host),
        4 => select(&NETS[..]).prop_map(Word::Net),
        2 => Just(Word::Wildcard),
        2 => Just(Word::Member),
        1 => Just(Word::Tagged),
        2 => Just(Word::Own),
        2 => Just(Word::Internet),
        1 => Just(Word::Stranger),
        1 => Just(Word::DangerAll),
    ]
}

/// A rule that headscale accepts.
pub(crate) fn rule() -> impl Strategy<Value = Rule> {
    const TRAFFIC: &[Traffic] = &[
        ("", &[(0, u16::MAX)]),
        ("", &[(22, 22)]),
        ("", &[(80, 80), (443, 443)]),
        ("tcp", &[(22, 22)]),
        ("tcp", &[(8000, 8100), (80, 80)]),
        ("tcp", &[(0, u16::MAX)]),
        ("udp", &[(53, 53)]),
        ("icmp", &[(0, u16::MAX)]),
        ("ipv6-icmp", &[(0, u16::MAX)]),
        ("sctp", &[(22, 22)]),
        ("gre", &[(0, u16::MAX)]),
        ("gre", &[(80, 80)]),
    ];
    let via = prop_oneof![5 => Just(Vec::new()), 1 => vec(0..TAGS.len(), 1..=2)];
    (
        any::<bool>(),
        vec(word(), 1..=3),
        vec(word(), 1..=3),
        vec(select(TRAFFIC), 0..=2),
        via,
        prop::bool::weighted(0.2),
    )
        .prop_map(|(grant, src, dst, traffic, via, app)| {
            Rule {
                grant,
                src,
                dst,
                traffic,
                via,
                app,
            }
            .made_legal()
        })
}

/// A policy that headscale accepts.
pub(crate) fn policy() -> impl Strategy<Value = Policy> {
    let people = || {
        let one = prop_oneof![9 => (0..USERS.len()).prop_map(Some), 1 => Just(None)];
        vec(one, 0..=3).prop_map(|mut people| {
            people.sort_unstable();
            people.dedup();
            people
        })
    };
    let host = || select(&NETS[..NETS.len() - 1]);
    (
        [people(), people()],
        [host(), host()],
        vec(rule(), 0..=5),
        prop::option::weighted(0.1, 0..TAGS.len()),
    )
        .prop_map(|(groups, hosts, rules, without_v4)| Policy {
            groups,
            hosts,
            rules,
            without_v4,
        })
}
