//! What a declaration means depends neither on the seed of symbolic addresses nor on the order of members.

use proptest::prelude::*;
use serde_json::Value;

use super::*;

/// The model in full, without places and addresses, and the findings without places.
fn meaning(text: &str, seed: u64) -> (String, Vec<String>) {
    let (inputs, judgement) = judge(text, seed);
    let mut said = said(&inputs, &judgement);
    said.sort();
    let model = judgement.model.map(|mut model| {
        for node in &mut model.tailnet.nodes {
            (node.v4, node.v6) = (None, None);
        }
        without_places(&format!("{model:#?}"))
    });
    (model.unwrap_or_default(), said)
}

/// Takes `Span { ... }` out of what `Debug` printed.
fn without_places(text: &str) -> String {
    let mut parts = text.split("Span {");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut all, part| {
        let (_, rest) = part.split_once('}').unwrap();
        all.push_str("_ ");
        all.push_str(rest);
        all
    })
}

/// Texts that speak of addresses, with mistakes, and without.
fn texts() -> Vec<String> {
    let mut texts: Vec<String> = ["ha", "homelab", "keystone", "minimal", "plain-tailnet"]
        .iter()
        .map(|name| std::fs::read_to_string(examples().join(format!("{name}.json5"))).unwrap())
        .collect();
    texts.push(SPOKEN_OF.to_owned());
    texts.push(MISTAKES.to_owned());
    texts
}

/// A range so small that a careless choice would meet the addresses that the policy names.
const SPOKEN_OF: &str = r#"{
  name: "small",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  prefixes: { v4: "100.80.0.0/28", v6: null },
  users: { alice: {} },
  nodes: {
    a: { tags: ["tag:a"] },
    b: { tags: ["tag:b"] },
    known: { tags: ["tag:b"], addresses: ["100.80.0.3"] },
  },
  policy: {
    hosts: { known: "100.80.0.3", half: "100.80.0.0/29" },
    grants: [
      { src: ["tag:a"], dst: ["known"], ip: ["tcp:22"] },
      { src: ["half"], dst: ["tag:a"], ip: ["tcp:80"] },
      { src: ["alice@"], dst: ["tag:b"], ip: ["tcp:443"] },
    ],
    tests: [
      { src: "tag:a", accept: ["known:22"], deny: ["half:80"] },
      { src: "tag:b", deny: ["tag:a:80"] },
    ],
  },
}"#;

/// Mistakes of every kind: found alike in any order.
const MISTAKES: &str = r#"{
  name: "wrong",
  baseDomain: "mesh.example.org",
  controlServer: { node: "nobody", url: "headscale" },
  unknown: 1,
  users: { alice: { email: "a@example.org" }, bob: { email: "a@example.org" } },
  nodes: {
    a: { tags: ["tag:a"], owner: "alice", k3s: "server", addresses: ["10.0.0.1"] },
    b: { owner: "carol", k3s: "agent", routes: ["10.0.0.1/8"] },
    c: {},
  },
  policy: {
    tagOwners: { "tag:b": ["dave@"] },
    grants: [{ src: ["tag:x", "eve@"], dst: ["tag:a"], ip: ["tcp:22"] }],
  },
  access: { kubectl: [{ from: ["group:none"] }], ssh: [{ from: ["alice@"], to: ["tag:a"], as: ["root"] }] },
  derp: { regions: { "900": { code: "x", nodes: { zed: { hostName: "x.example.org" } } } } },
}"#;

#[test]
fn no_seed_changes_what_is_found_or_meant() {
    for text in texts() {
        let first = meaning(&text, 0);
        for seed in [1, 2, 3, 5, 8, 13, 0xDEAD_BEEF, u64::MAX] {
            let other = meaning(&text, seed);
            assert_eq!(other.1, first.1, "seed {seed}");
            assert!(other.0 == first.0, "seed {seed} changes the model of\n{text}");
        }
    }
}

#[test]
fn seeds_do_change_addresses() {
    let address = |seed| judge(SPOKEN_OF, seed).1.model.unwrap().tailnet.nodes[0].v4.unwrap();
    let few: std::collections::BTreeSet<_> = (0..20).map(address).collect();
    assert!(few.len() > 3, "{few:?}");
}

/// `text` as JSON.
fn json(text: &str) -> Value {
    let parsed = tailnet_generator::hujson::parse(tailnet_generator::source::SourceId(0), text, Flavour::Json5);
    fn plain(value: &tailnet_generator::hujson::Value) -> Value {
        use tailnet_generator::hujson::Kind;
        match &value.kind {
            Kind::Null => Value::Null,
            Kind::Bool(on) => (*on).into(),
            Kind::Number(literal) => serde_json::from_str(literal).unwrap(),
            Kind::String(text) => (&**text).into(),
            Kind::Array(items) => items.iter().map(plain).collect(),
            Kind::Object(members) => members
                .iter()
                .map(|member| (member.name.value.to_string(), plain(&member.value)))
                .collect(),
        }
    }
    plain(&parsed.root.unwrap())
}

/// The same with the members of every object in another order, chosen by `seed`.
fn shuffled(value: &Value, seed: &mut u64) -> Value {
    match value {
        Value::Object(members) => {
            let mut entries: Vec<(u64, String, Value)> = members
                .iter()
                .map(|(name, value)| {
                    *seed = seed
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1_442_695_040_888_963_407);
                    (*seed >> 20, name.clone(), shuffled(value, seed))
                })
                .collect();
            entries.sort_by_key(|(key, ..)| *key);
            entries.into_iter().map(|(_, name, value)| (name, value)).collect()
        }
        Value::Array(items) => items.iter().map(|item| shuffled(item, seed)).collect(),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_members_has_no_meaning(which in 0..7_usize, seed in any::<u64>()) {
        let plain = json(&texts()[which]);
        let other = shuffled(&plain, &mut { seed });
        let (model, said) = meaning(&plain.to_string(), 1);
        let (other_model, other_said) = meaning(&other.to_string(), 1);
        prop_assert_eq!(said, other_said);
        prop_assert!(model == other_model, "another model for\n{}", other);
    }

    /// Cut anywhere, with anything in between: findings, never a panic.
    #[test]
    fn cut_and_disturbed_texts_are_judged(which in 0..7_usize, at in any::<prop::sample::Index>(), junk in "\\PC{0,8}") {
        let text = texts()[which].clone();
        let cut: String = text.chars().take(at.index(text.chars().count())).collect();
        let rest: String = text.chars().skip(cut.chars().count() + 1).collect();
        let mut inputs = Inputs::default();
        for disturbed in [cut.clone(), format!("{cut}{junk}{rest}"), format!("{cut}{rest}")] {
            let mut findings = Vec::new();
            let id = inputs.read("x.json5", disturbed, Origin::File, Flavour::Json5, "", &mut findings);
            if let Some(id) = id {
                let _ = judge_with(&mut inputs, id, findings, Options::default());
            }
        }
    }
}
