use super::*;
use crate::cluster::judge::{Judgement, Options, judge_with};
use crate::hujson::Flavour;
use crate::input::{Inputs, Origin as From};
use crate::policy::document::{Acl, Grant, SshTest, Test};

/// Judges `text` as a declaration beside this crate's examples.
pub(crate) fn judged(text: &str, seed: u64) -> (Inputs, Judgement) {
    let mut inputs = Inputs::default();
    let mut findings = Vec::new();
    let id = inputs
        .read(
            "examples/test.json5",
            text,
            From::File,
            Flavour::Json5,
            "",
            &mut findings,
        )
        .unwrap_or_else(|| panic!("{findings:?}"));
    let judgement = judge_with(
        &mut inputs,
        id,
        findings,
        Options {
            seed,
            ..Options::default()
        },
    );
    (inputs, judgement)
}

/// The model of a declaration in which `rest` stands after what every one needs, and the findings in a line each.
fn model(rest: &str) -> (Model, Vec<String>) {
    let text = format!(
        "{{ name: 'keystone', baseDomain: 'mesh.example.org', controlServer: {{ url: 'https://headscale.example.org' }}, {rest} }}"
    );
    let (_, judgement) = judged(&text, 1);
    let findings = judgement
        .diagnostics
        .iter()
        .map(|d| format!("{} {}", d.code, d.message));
    (judgement.model.unwrap(), findings.collect())
}

fn join<T: std::fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    items
        .into_iter()
        .map(|item| item.to_string())
        .collect::<Vec<_>>()
        .join(" ")
}

fn grant(grant: &Grant) -> String {
    let traffic = grant.ip.iter().map(|ip| ip.value.to_string());
    format!(
        "{} -> {} {}",
        join(grant.src.iter().map(|a| &a.value)),
        join(grant.dst.iter().map(|a| &a.value)),
        join(traffic)
    )
}

fn acl(acl: &Acl) -> String {
    format!(
        "{} {} -> {}",
        acl.proto,
        join(acl.src.iter().map(|a| &a.value)),
        join(acl.dst.iter().map(|a| &a.value))
    )
}

fn test(test: &Test) -> String {
    format!(
        "{} {} => {}",
        test.proto,
        test.src.value,
        join(test.accept.iter().map(|a| &a.value))
    )
}

fn ssh_test(test: &SshTest) -> String {
    format!(
        "{} => {} as {} check {}",
        test.src.value,
        join(test.dst.iter().map(|a| &a.value)),
        join(test.accept.iter().map(|a| &a.value)),
        join(test.check.iter().map(|a| &a.value))
    )
}

fn why(origin: &Origin) -> &str {
    match origin {
        Origin::File => "file",
        Origin::Declared => "declared",
        Origin::Derived(derived) => &derived.why,
    }
}

/// Every rule with its origin.
fn rules(model: &Model) -> Vec<String> {
    let grants = model
        .policy
        .grants
        .iter()
        .flatten()
        .map(grant)
        .zip(&model.origins.grants);
    let acls = model.policy.acls.iter().flatten().map(acl).zip(&model.origins.acls);
    grants
        .chain(acls)
        .map(|(rule, origin)| format!("{rule} | {}", why(origin)))
        .collect()
}

fn flows(model: &Model) -> Vec<String> {
    let name = |&position: &usize| model.tailnet.nodes[position].name.clone();
    model
        .flows
        .iter()
        .map(|flow| {
            format!(
                "{} -> {} {}",
                join(flow.from.iter().map(name)),
                join(flow.to.iter().map(name)),
                join(&flow.ports)
            )
        })
        .collect()
}

const TWO_NODES: &str =
    "nodes: { primer: { tags: ['tag:primer'], k3s: 'server' }, worker: { tags: ['tag:worker'], k3s: 'agent' } }";

#[test]
fn two_k3s_nodes_get_what_k3s_needs_and_no_more_r28() {
    let (model, findings) = model(TWO_NODES);
    assert_eq!(findings, Vec::<String>::new());
    assert_eq!(
        rules(&model),
        [
            "tag:worker -> tag:primer tcp:6443 | k3s: nodes join and follow the API servers",
            "tag:primer tag:worker -> tag:primer tag:worker tcp:10250 | k3s: servers, and metrics-server on whichever node it runs, reach the kubelets",
            "tag:primer tag:worker -> tag:primer tag:worker udp:8472 | flannel: vxlan between pods on different nodes",
        ]
    );
    assert_eq!(
        model.policy.tests.iter().map(test).collect::<Vec<_>>(),
        [
            "tcp tag:worker => tag:primer:6443",
            "tcp tag:primer => tag:primer:10250 tag:worker:10250",
            "tcp tag:worker => tag:primer:10250 tag:worker:10250",
            "udp tag:primer => tag:primer:8472 tag:worker:8472",
            "udp tag:worker => tag:primer:8472 tag:worker:8472",
        ]
    );
    assert_eq!(
        flows(&model),
        [
            "worker -> primer tcp:6443",
            "primer worker -> primer worker tcp:10250",
            "primer worker -> primer worker udp:8472",
        ]
    );
    // Nobody says who owns a tag: then only pre-auth keys give them.
    let owners: Vec<&str> = model
        .policy
        .tag_owners
        .iter()
        .map(|owner| owner.tag.value.as_str())
        .collect();
    assert_eq!(owners, ["tag:primer", "tag:worker"]);
    assert!(model.policy.tag_owners.iter().all(|owner| owner.owners.is_empty()));
}

#[test]
fn without_metrics_server_only_servers_reach_the_kubelets() {
    let (model, _) = model(&format!(
        "{TWO_NODES}, k3s: {{ disable: ['metrics-server'], flannelBackend: 'none', apiPort: 7443 }}"
    ));
    assert_eq!(
        rules(&model),
        [
            "tag:worker -> tag:primer tcp:7443 | k3s: nodes join and follow the API servers",
            "tag:primer -> tag:primer tag:worker tcp:10250 | k3s: servers reach the kubelets",
        ]
    );
}

#[test]
fn several_servers_need_each_other_and_etcd() {
    let (model, findings) = model(
        "nodes: { a: { tags: ['tag:server'], k3s: 'server' }, b: { tags: ['tag:server'], k3s: 'server' },
                  c: { tags: ['tag:server'], k3s: 'server' }, w: { tags: ['tag:agent'], k3s: 'agent' } },
         k3s: { flannelBackend: 'wireguard-native', embeddedRegistry: true, podCidr: ['10.42.0.0/16', 'fd00:42::/56'],
                serviceCidr: ['10.43.0.0/16', 'fd00:43::/112'] }, tailnetMtu: 1400",
    );
    // WireGuard inside WireGuard is a lint.
    assert!(
        findings.iter().all(|finding| finding.starts_with("TN9")),
        "{findings:?}"
    );
    assert_eq!(
        flows(&model),
        [
            "a b c w -> a b c tcp:6443",
            "a b c -> a b c tcp:2379-2380",
            "a b c w -> a b c w tcp:10250",
            "a b c w -> a b c w udp:51820 udp:51821",
            "a b c w -> a b c w tcp:5001 tcp:6443",
        ]
    );
    assert_eq!(
        rules(&model)[1],
        "tag:server -> tag:server tcp:2379-2380 | k3s: the servers' etcd keeps their state in step"
    );
    let tests: Vec<String> = model.policy.tests.iter().map(test).collect();
    assert!(
        tests.contains(&"tcp tag:server => tag:server:2379 tag:server:2380".to_owned()),
        "{tests:?}"
    );
}

#[test]
fn one_k3s_node_needs_nobody() {
    let (model, _) = model("nodes: { primer: { tags: ['tag:primer'], k3s: 'server' } }");
    assert_eq!(rules(&model), Vec::<String>::new());
    // No rules are said as such: none at all would allow everything.
    assert_eq!(model.policy.grants.as_ref().map(Vec::len), Some(0));
}

#[test]
fn presets_become_rules_ssh_rules_and_tests_r11_r16_r30() {
    let (model, findings) = model(&format!(
        "{TWO_NODES}, users: {{ alice: {{ email: 'alice@example.org' }}, bob: {{}} }},
         policy: {{ derive: false, groups: {{ 'group:admins': ['alice@example.org', 'bob@'] }}, tagOwners: {{ 'tag:primer': [], 'tag:worker': [] }} }},
         access: {{
           ssh: [
             {{ from: ['group:admins'], to: ['tag:primer', 'tag:worker'], as: ['root', 'admin'] }},
             {{ from: ['bob@'], to: ['autogroup:self'], as: ['autogroup:nonroot'], check: 'always', acceptEnv: ['GIT_*'] }},
           ],
           kubectl: [{{ from: ['group:admins'] }}],
           services: {{ grafana: {{ on: ['tag:primer'], ports: ['tcp:3000', 'tcp:3001-3005', 'udp:53'], from: ['*'] }} }},
         }}"
    ));
    // Nothing that k3s needs was added, and the policy does not give it: said once for each need.
    let needed = ["tcp:6443", "tcp:10250", "udp:8472"];
    assert_eq!(findings.len(), needed.len(), "{findings:?}");
    for (finding, ports) in findings.iter().zip(needed) {
        assert!(finding.starts_with("TN414") && finding.contains(ports), "{finding}");
    }
    assert_eq!(
        rules(&model),
        [
            "group:admins -> tag:primer tag:worker tcp:22 | machine access through Tailscale SSH",
            "bob@ -> autogroup:self tcp:22 | machine access through Tailscale SSH",
            "group:admins -> tag:primer tcp:6443 | cluster access with kubectl",
            "* -> tag:primer tcp:3000 tcp:3001-3005 udp:53 | the service grafana",
        ]
    );
    assert_eq!(
        model.policy.tests.iter().map(test).collect::<Vec<_>>(),
        [
            "tcp group:admins => tag:primer:22 tag:worker:22",
            "tcp group:admins => tag:primer:6443",
            "tcp * => tag:primer:3000 tag:primer:3001 tag:primer:3005",
            "udp * => tag:primer:53",
        ]
    );
    assert_eq!(
        model.policy.ssh_tests.iter().map(ssh_test).collect::<Vec<_>>(),
        ["group:admins => tag:primer tag:worker as root admin check "]
    );
    assert_eq!(model.policy.ssh.len(), 2);
    assert_eq!(model.origins.ssh.len(), 2);
    assert_eq!(why(&model.origins.ssh[0]), "log-in as root and admin");
    // People without a declared device are judged with one that stands for theirs.
    let names: Vec<&str> = model.tailnet.nodes.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(names, ["primer", "worker", "a device of alice", "a device of bob"]);
    assert_eq!(model.declared, 2);
}

#[test]
fn headscale_0_28_gets_acls() {
    let (model, findings) = model(&format!(
        "headscaleVersion: '0.28', {TWO_NODES}, users: {{ alice: {{}} }},
         access: {{ services: {{ dns: {{ on: ['tag:primer'], ports: ['udp:53', 'tcp:53', 'udp:5353'], from: ['alice@'] }} }} }}"
    ));
    assert_eq!(findings, Vec::<String>::new());
    assert_eq!(model.policy.grants.as_ref().map(Vec::len), None);
    assert_eq!(
        rules(&model)[..3],
        [
            "udp alice@ -> tag:primer:53,5353 | the service dns",
            "tcp alice@ -> tag:primer:53 | the service dns",
            "tcp tag:worker -> tag:primer:6443 | k3s: nodes join and follow the API servers",
        ]
    );
}

#[test]
fn monitoring_reaches_what_there_is_to_scrape_r29() {
    let (model, findings) = model(
        "users: { alice: {} },
         nodes: { primer: { tags: ['tag:primer'], k3s: 'server' }, watch: { tags: ['tag:monitoring'] }, laptop: { owner: 'alice' } },
         monitoring: { from: ['tag:monitoring'], tailscaled: 5252, derper: 9443 }",
    );
    assert_eq!(findings, Vec::<String>::new());
    assert_eq!(
        rules(&model),
        [
            "tag:monitoring -> tag:primer tag:monitoring tcp:9100 | monitoring: node exporters are scraped",
            "tag:monitoring -> tag:primer tcp:10250 | monitoring: kubelets are scraped",
            "tag:monitoring -> tag:primer tag:monitoring tcp:5252 | monitoring: tailscaled is scraped",
        ]
    );
}

#[test]
fn announced_routes_are_approved_and_nothing_else() {
    let (model, findings) = model(
        "users: { alice: { email: 'alice@example.org' } },
         nodes: { router: { tags: ['tag:router'], routes: ['192.168.1.0/24', '10.0.0.0/8'] },
                  exit: { tags: ['tag:exit'], exitNode: true },
                  laptop: { owner: 'alice', routes: ['192.168.1.0/24'] } },
         policy: { autoApprovers: { routes: { '10.0.0.0/8': ['alice@example.org'] } } , tagOwners: { 'tag:router': [], 'tag:exit': [] } }",
    );
    let findings: Vec<String> = findings.into_iter().filter(|f| !f.starts_with("TN9")).collect();
    assert_eq!(findings, Vec::<String>::new());
    let approvers = &model.policy.auto_approvers;
    let shown: Vec<String> = approvers
        .routes
        .iter()
        .map(|(route, owners)| format!("{}: {}", route.value, join(owners.iter().map(|o| &o.value))))
        .collect();
    assert_eq!(
        shown,
        [
            "10.0.0.0/8: alice@example.org tag:router",
            "192.168.1.0/24: alice@example.org tag:router"
        ]
    );
    assert_eq!(join(approvers.exit_node.iter().map(|o| &o.value)), "tag:exit");
    assert_eq!(model.origins.routes.len(), 2);
    assert_eq!(why(&model.origins.routes[0]), "declared");
    let approved: Vec<usize> = model.tailnet.nodes.iter().map(|node| node.approved.len()).collect();
    assert_eq!(approved, [2, 1, 2]);
}

#[test]
fn a_file_and_the_declaration_are_one_policy() {
    let (model, findings) = model(
        "users: { alice: {}, bob: {} }, nodes: { web: { tags: ['tag:web'] } },
         policy: { file: 'policies/small.hujson', groups: { 'group:dev': ['bob@'] },
                   grants: [{ src: ['group:dev'], dst: ['tag:web'], ip: ['tcp:8080'] }] },
         access: { services: { api: { on: ['tag:web'], ports: ['tcp:9000'], from: ['group:admins'] } } }",
    );
    assert_eq!(findings, Vec::<String>::new());
    assert_eq!(
        rules(&model),
        [
            "group:admins -> tag:web tcp:443 tcp:22 | file",
            "group:dev -> tag:web tcp:8080 | declared",
            "group:admins -> tag:web tcp:9000 | the service api",
        ]
    );
    let groups: Vec<&str> = model
        .policy
        .groups
        .iter()
        .map(|group| group.name.value.as_str())
        .collect();
    assert_eq!(groups, ["group:admins", "group:dev"]);
    assert_eq!(model.origins.groups, [Origin::File, Origin::Declared]);
}

#[test]
fn a_mistake_in_a_preset_is_found_once_and_at_the_preset() {
    let text =
        "{ name: 'keystone', baseDomain: 'mesh.example.org', controlServer: { url: 'https://headscale.example.org' },
         users: { alice: {} }, nodes: { web: { tags: ['tag:web'] } },
         access: { ssh: [{ from: ['alice@'], to: ['tag:wbe'], as: ['root'] }],
                   services: { site: { on: ['tag:web'], ports: ['tcp:443'], from: ['autogroup:members'] } } } }";
    let (inputs, judgement) = judged(text, 1);
    let found: Vec<String> = judgement
        .diagnostics
        .iter()
        .map(|d| format!("{} {}", d.code, inputs.path(d.span.unwrap())))
        .collect();
    assert_eq!(
        found.iter().filter(|f| !f.starts_with("TN9")).collect::<Vec<_>>(),
        ["TN104 access.ssh[0].to[0]", "TN123 access.services.site.from[0]"]
    );
}

#[test]
fn known_addresses_are_kept_and_others_lie_in_the_declared_prefixes() {
    let (model, _) = model(
        "prefixes: { v4: '100.80.0.0/24', v6: null },
         nodes: { a: { tags: ['tag:a'], addresses: ['100.80.0.7'] }, b: { tags: ['tag:b'] } },
         policy: { hosts: { known: '100.80.0.7', lan: '10.0.0.0/8' } }",
    );
    assert_eq!(model.tailnet.nodes[0].v4.unwrap().to_string(), "100.80.0.7");
    let other = model.tailnet.nodes[1].v4.unwrap();
    assert_eq!(other.octets()[..3], [100, 80, 0]);
    assert_ne!(other.octets()[3], 7);
    assert_eq!((model.tailnet.nodes[0].v6, model.tailnet.nodes[1].v6), (None, None));
}
