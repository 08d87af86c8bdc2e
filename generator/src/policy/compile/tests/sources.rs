//! `SrcIPs`.

use super::sent;

const STAR: &str = "100.64.0.0-100.115.91.255 100.115.94.0-100.127.255.255 fd7a:115c:a1e0::/48";

fn sources(src: &str, nodes: &[&str]) -> String {
    let policy = format!(
        r#"{{
            "groups": {{"group:none": ["nobody@"]}},
            "tagOwners": {{"tag:r": []}},
            "acls": [{{"action": "accept", "src": [{src}], "dst": ["100.64.0.1:*"]}}],
        }}"#
    );
    let rules = sent(&policy, nodes).rules("laptop");
    rules.first().map_or(String::new(), |rule| {
        rule.trim_end_matches(" > n1:*")
            .replace('u', "fd7a:115c:a1e0::")
            .replace("n0", "100.64.0.0")
    })
}

#[test]
fn everybody_leaves_out_chromeos() {
    assert_eq!(sources(r#""*""#, &["laptop alice 1"]), STAR);
}

/// `approvedSubnetRoutes`: with `*` the subnet routes in force are sources, each by itself and once, exit routes not.
#[test]
fn everybody_brings_the_routes() {
    let nodes = [
        "laptop alice 1",
        "r1 tag:r 2 10.1.0.0/16 10.0.0.0/8 ?10.9.0.0/16",
        "r2 tag:r 3 10.1.0.0/16 0.0.0.0/0",
    ];
    assert_eq!(sources(r#""*""#, &nodes), format!("{STAR} 10.0.0.0/8 10.1.0.0/16"));
    assert_eq!(sources(r#""tag:r""#, &nodes), "n2/31 fd7a:115c:a1e0::2/127");
}

/// `buildSrcIPStrings`: sources beside `*` are listed once more, unless the same text is there already.
#[test]
fn sources_beside_everybody_are_listed_again() {
    let nodes = ["laptop alice 1", "r1 tag:r 2 10.1.0.0/16"];
    assert_eq!(
        sources(r#""tag:r", "*", "10.1.0.0/16", "tag:r""#, &nodes),
        format!("10.1.0.0/16 {STAR} 10.1.0.0/16 n2 fd7a:115c:a1e0::2")
    );
}

/// `srcIPsWithRoutes`: `autogroup:danger-all` is `*` alone; beside `*` its own ranges are repeated as any other source's.
#[test]
fn danger_all_is_everything() {
    let nodes = ["laptop alice 1", "r1 tag:r 2 10.1.0.0/16"];
    assert_eq!(sources(r#""autogroup:danger-all", "tag:r""#, &nodes), "*");
    assert_eq!(sources(r#""*", "autogroup:danger-all""#, &nodes), "* 0.0.0.0/0 ::/0");
}

#[test]
fn nobody_is_no_rule() {
    assert_eq!(sources(r#""group:none", "nobody@""#, &["laptop alice 1"]), "");
}

/// Routes that go on where the ranges of `*` end make the same text as those ranges written out, so the rules merge.
#[test]
fn the_same_text_is_the_same_source() {
    let policy = r#"{
        "acls": [
            {"action": "accept", "src": ["*"], "dst": ["100.64.0.1:1"]},
            {"action": "accept", "src": ["alice@"], "dst": ["100.64.0.1:2"]},
            {"action": "accept",
             "src": ["100.64.0.0/11", "100.96.0.0/12", "100.112.0.0/15", "100.114.0.0/16", "100.115.0.0/18", "100.115.64.0/20",
                     "100.115.80.0/21", "100.115.88.0/22", "100.115.94.0/23", "100.115.96.0/19", "100.115.128.0/17",
                     "100.116.0.0/14", "100.120.0.0/13", "fd7a:115c:a1e0::/48", "fe00::/16"],
             "dst": ["100.64.0.1:3"]},
        ],
    }"#;
    let sent = sent(policy, &["laptop alice 1", "r1 tag:r 2 fe00::/16"]);
    let rules = sent.rules("laptop");
    assert_eq!(rules.len(), 2, "{rules:?}");
    assert!(rules[0].ends_with("> n1:1 n1:3"), "{rules:?}");
}
