//! Tailnets to measure with: teams of people and of servers, routers, exit nodes, monitors, and a policy for them.
//!
//! Everything follows from the number of nodes, so two runs measure the same.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use tailnet_generator::policy::tailnet::{Node, Tailnet, User};

/// How a policy grows with the tailnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A team for fifty nodes, and about one rule for ten, as real ones do.
    Growing,
    /// Ten teams and about sixty rules, however many nodes.
    Fixed,
}

impl Kind {
    fn teams(self, nodes: usize) -> usize {
        match self {
            Self::Growing => (nodes / 50).max(2),
            Self::Fixed => 10,
        }
    }
}

/// The users and nodes: three of five nodes belong to people, who have three devices each.
pub(crate) fn tailnet(kind: Kind, nodes: usize) -> Tailnet {
    let (people, teams) = (people(nodes), kind.teams(nodes));
    let users = (0..people).map(|user| User {
        id: user as u64 + 1,
        name: format!("user{user}"),
        email: format!("user{user}@example.org"),
        provider_id: String::new(),
    });
    Tailnet {
        users: users.collect(),
        nodes: (0..nodes).map(|number| node(number, people, teams)).collect(),
    }
}

fn people(nodes: usize) -> usize {
    (nodes / 5).max(3)
}

fn node(number: usize, people: usize, teams: usize) -> Node {
    // Addresses are handed out in another order than ids, as they are after years.
    let scattered = (number * 7919 % 65_536) as u32;
    let mut node = Node {
        name: format!("node-{number:05}"),
        v4: Some(Ipv4Addr::from(u32::from(Ipv4Addr::new(100, 64, 0, 1)) + scattered)),
        v6: Some(Ipv6Addr::new(0xfd7a, 0x115c, 0xa1e0, 0, 0, 0, 0, scattered as u16)),
        ..Node::default()
    };
    if number % 5 < 3 {
        node.user = Some(number * 31 % people);
        return node;
    }
    node.tags.push(format!("tag:team{}", number % teams));
    let mut further = |tag: &str, routes: &[String]| {
        node.tags.push(tag.to_owned());
        node.announced
            .extend(routes.iter().filter_map(|route| route.parse::<IpNet>().ok()));
    };
    if number % 25 == 3 {
        further("tag:shared", &[]);
    }
    if number % 100 == 4 {
        let (site, number) = (number / 100, number % 250);
        let routes = [
            format!("10.{}.{number}.0/24", site % 250),
            format!("172.16.{}.0/24", site % 40),
        ];
        further("tag:router", &routes);
    }
    if number % 1000 == 9 {
        further("tag:exit", &["0.0.0.0/0".to_owned(), "::/0".to_owned()]);
    }
    if number % 200 == 8 {
        further("tag:mon", &[]);
    }
    node.approved.clone_from(&node.announced);
    node
}

/// The policy: for each team its servers, the shared ones, its networks and its people's devices; some rules for all,
/// `autogroup:self`, `via`, capabilities and SSH.
pub(crate) fn policy(kind: Kind, nodes: usize) -> String {
    let (people, teams) = (people(nodes), kind.teams(nodes));
    let mut text = Text(String::from("{\n"));
    text.line("\t\"groups\": {");
    for team in 0..teams {
        let members = (team..people)
            .step_by(teams)
            .map(|user| format!("\"user{user}@example.org\""));
        let members: Vec<_> = members.collect();
        text.line(&format!("\t\t\"group:team{team}\": [{}],", members.join(", ")));
    }
    text.line("\t\t\"group:admins\": [\"user0@\", \"user1@\", \"user2@\"],\n\t},\n\t\"hosts\": {");
    for host in 0..20 {
        text.line(&format!("\t\t\"host{host}\": \"172.16.{host}.7\","));
    }
    text.line("\t},\n\t\"tagOwners\": {");
    for tag in ["shared", "router", "exit", "mon"] {
        text.line(&format!("\t\t\"tag:{tag}\": [\"group:admins\"],"));
    }
    for team in 0..teams {
        text.line(&format!("\t\t\"tag:team{team}\": [\"group:team{team}\"],"));
    }
    text.line("\t},\n\t\"grants\": [");
    text.line(r#"		{"src": ["group:team0"], "dst": ["10.0.0.0/8"], "ip": ["tcp:80"], "via": ["tag:router"]},"#);
    text.line(r#"		{"src": ["group:team1"], "dst": ["autogroup:internet"], "ip": ["*"], "via": ["tag:exit"]},"#);
    text.line(r#"		{"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["*"]},"#);
    text.line(
        r#"		{"src": ["group:admins"], "dst": ["tag:shared"], "app": {"example.com/cap/admin": [{"role": "root"}]}},"#,
    );
    text.line("\t],\n\t\"acls\": [");
    for team in 0..teams {
        let (group, tag) = (format!("\"group:team{team}\""), format!("\"tag:team{team}\""));
        text.acl(&group, &format!("\"tag:team{team}:22,443\""));
        text.acl(&tag, &format!("\"tag:team{team}:*\""));
        text.acl(&format!("{tag}, {group}"), "\"tag:shared:5432,6379\"");
        let (network, host) = (team % 250, team % 20);
        text.acl(&group, &format!("\"10.{network}.0.0/16:443\", \"host{host}:8443\""));
        text.acl(&group, &format!("\"group:team{team}:22\""));
    }
    text.acl("\"tag:mon\"", "\"*:9100\"");
    text.acl("\"group:admins\"", "\"*:*\"");
    text.acl("\"*\"", "\"tag:mon:53\"");
    text.acl(
        "\"autogroup:member\"",
        "\"autogroup:internet:*\", \"172.16.0.0/12:443\"",
    );
    text.line("\t],\n\t\"ssh\": [");
    for team in 0..teams {
        text.ssh(
            "accept",
            &format!("group:team{team}"),
            &format!("tag:team{team}"),
            "autogroup:nonroot",
        );
    }
    text.ssh("check", "autogroup:member", "autogroup:self", "root");
    text.line("\t],\n}");
    text.0
}

struct Text(String);

impl Text {
    fn line(&mut self, line: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{line}");
    }

    fn acl(&mut self, src: &str, dst: &str) {
        self.line(&format!(r#"		{{"action": "accept", "src": [{src}], "dst": [{dst}]}},"#));
    }

    fn ssh(&mut self, action: &str, src: &str, dst: &str, user: &str) {
        self.line(&format!(
            r#"		{{"action": "{action}", "src": ["{src}"], "dst": ["{dst}"], "users": ["{user}"]}},"#
        ));
    }
}
