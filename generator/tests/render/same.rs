//! Nothing but what the declaration says decides the artifacts.

use crate::make::{KEYSTONE, judge, render};
use tailnet_generator::render::Options;

#[test]
fn two_runs_give_the_same_bytes() {
    assert_eq!(render(KEYSTONE), render(KEYSTONE));
}

#[test]
fn no_artifact_depends_on_a_symbolic_address() {
    let with_tests = Options { with_tests: true };
    let first = judge(KEYSTONE, 0).sound(with_tests);
    for seed in [1, 2, 3, 0xDEAD_BEEF, u64::MAX] {
        let other = judge(KEYSTONE, seed);
        let addresses = |judged: &crate::make::Judged| {
            let nodes = &judged.judgement.model.as_ref().unwrap().tailnet.nodes;
            nodes.iter().map(|node| node.v4).collect::<Vec<_>>()
        };
        assert_ne!(
            addresses(&judge(KEYSTONE, 0)),
            addresses(&other),
            "the seed changes nothing"
        );
        assert_eq!(other.sound(with_tests), first);
    }
}

#[test]
fn no_artifact_holds_an_address_of_the_tailnet() {
    let judged = judge(KEYSTONE, 7);
    let files = judged.sound(Options { with_tests: true });
    for node in &judged.judgement.model.as_ref().unwrap().tailnet.nodes {
        for address in [node.v4.unwrap().to_string(), node.v6.unwrap().to_string()] {
            for (name, content) in &files {
                assert!(
                    !String::from_utf8_lossy(content).contains(&address),
                    "{address} in {name}"
                );
            }
        }
    }
}

/// The order of names in an object means nothing, how a text is laid out neither: only comments and places may differ.
#[test]
fn the_order_of_names_means_nothing() {
    let backwards = serde_json::to_string(&sorted_backwards(json5::from_str(KEYSTONE).unwrap())).unwrap();
    let mut first = render(KEYSTONE);
    let mut second = render(&backwards);
    // The user's comments are gone, the rest of the policy is the same.
    let plain = |files: &mut tailnet_generator::render::write::Files| {
        let policy = String::from_utf8(files.remove("policy.hujson").unwrap()).unwrap();
        tailnet_generator::hujson::parse(
            tailnet_generator::source::SourceId(0),
            &policy,
            tailnet_generator::hujson::Flavour::Hujson,
        )
        .root
        .map(|tree| tailnet_generator::render::report::hash(&tree))
    };
    assert_eq!(plain(&mut first), plain(&mut second));
    assert_eq!(first, second);
}

fn sorted_backwards(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Object(members) => {
            let mut members: Vec<_> = members
                .into_iter()
                .map(|(name, value)| (name, sorted_backwards(value)))
                .collect();
            members.sort_by(|a, b| b.0.cmp(&a.0));
            serde_json::Value::Object(members.into_iter().collect())
        }
        serde_json::Value::Array(items) => items.into_iter().map(sorted_backwards).collect(),
        other => other,
    }
}
