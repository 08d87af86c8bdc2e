//! What holds between policies: one written in another order or layout means the same, one with a rule more allows no
//! less, and what two differ in is said completely, from either side.

use proptest::prelude::*;
use serde_json::{Map, Value};
use tailnet_generator::hujson::{Flavour, format};
use tailnet_generator::policy::ask::diff::{Change, Where, diff};
use tailnet_generator::policy::ask::matrix::{Target, matrix};
use tailnet_generator::policy::ask::opens::{Atlas, End, Opens};
use tailnet_generator::policy::ask::reach::{Question, reach};

use super::make::{Policy, Tailnet, policy, rule, tailnet};
use super::support::with_compiled;
use super::write::hujson;

/// What every node receives. The tags that it may advertise come in the order of `tagOwners`, which says nothing.
fn compiled(tailnet: &Value, policy: &str) -> Value {
    let mut answer = with_compiled(&tailnet.to_string(), policy, |_, answer| answer.clone());
    for node in answer["nodes"].as_object_mut().unwrap().values_mut() {
        node["canTag"].as_array_mut().unwrap().sort_by_key(Value::to_string);
    }
    answer
}

fn changes((old_nodes, old): (&Tailnet, &Policy), (new_nodes, new): (&Tailnet, &Policy)) -> Vec<Change> {
    let texts = [old_nodes.json(), old.json(), new_nodes.json(), new.json()].map(|value| value.to_string());
    with_compiled(&texts[0], &texts[1], |old, _| {
        with_compiled(&texts[2], &texts[3], |new, _| diff(old, new))
    })
}

/// The same in an order of chance.
fn shuffled<T>(list: impl IntoIterator<Item = T>, dice: &mut u64) -> Vec<T> {
    let mut list: Vec<T> = list.into_iter().collect();
    for i in (1..list.len()).rev() {
        // A linear congruence, of which the upper bits are random enough.
        *dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        list.swap(i, usize::try_from(*dice >> 33).unwrap() % (i + 1));
    }
    list
}

/// The same with the members of all objects in another order.
fn members_shuffled(value: &Value, dice: &mut u64) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| members_shuffled(item, dice)).collect(),
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| (name.clone(), members_shuffled(value, dice)));
            Value::Object(
                shuffled(members.collect::<Vec<_>>(), dice)
                    .into_iter()
                    .collect::<Map<_, _>>(),
            )
        }
        other => other.clone(),
    }
}

/// A filter as the set of what its rules say entry by entry: rules of the same sources are merged, and where depends on
/// their order.
fn entries(filter: &Value) -> Vec<String> {
    let mut all = Vec::new();
    for rule in filter.as_array().unwrap() {
        let mut rule = rule.clone();
        if let Some(sources) = rule["SrcIPs"].as_array_mut() {
            sources.sort_by_key(Value::to_string);
        }
        if let Some(grants) = rule["CapGrant"].as_array_mut() {
            grants.sort_by_key(Value::to_string);
        }
        let destinations = rule["DstPorts"].take();
        let destinations = destinations.as_array().cloned().unwrap_or_default();
        all.push(rule.to_string());
        all.extend(destinations.iter().map(|entry| format!("{rule} {entry}")));
    }
    all.sort();
    all.dedup();
    all
}

/// Everything that the order of rules does not change.
fn less_order(answer: &Value) -> Value {
    let mut nodes = answer["nodes"].clone();
    for node in nodes.as_object_mut().unwrap().values_mut() {
        node["packetFilter"] = entries(&node["packetFilter"]).into();
    }
    nodes
}

fn ends<'t>(tailnet: &'t Tailnet, atlas: &Atlas<'_, '_>) -> Vec<(&'t str, End)> {
    let lowered = atlas.lowered();
    let find = |name: &str| lowered.index().nodes().find(|(_, node)| node.name == name).unwrap().0;
    let nodes = tailnet.nodes.iter();
    nodes
        .map(|node| (node.name.as_str(), End::node(lowered, find(&node.name))))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn formatting_keeps_what_is_compiled(tailnet in tailnet(), policy in policy(), layout in any::<u64>()) {
        let text = hujson(&policy.json(), layout);
        let formatted = format(&text, Flavour::Hujson).unwrap();
        prop_assert_eq!(format(&formatted, Flavour::Hujson).unwrap(), formatted.clone());
        let topology = tailnet.json();
        prop_assert_eq!(compiled(&topology, &formatted), compiled(&topology, &text), "{}", text);
    }

    #[test]
    fn the_order_of_members_does_not_matter(tailnet in tailnet(), policy in policy(), mut dice in any::<u64>()) {
        let (topology, policy) = (tailnet.json(), policy.json());
        let mut other_topology = members_shuffled(&topology, &mut dice);
        let mut other = members_shuffled(&policy, &mut dice);
        // Users and who is in a group are lists without an order too.
        let users = shuffled(topology["users"].as_array().unwrap().clone(), &mut dice);
        other_topology["users"] = users.into();
        for people in other["groups"].as_object_mut().unwrap().values_mut() {
            *people = shuffled(people.as_array().unwrap().clone(), &mut dice).into();
        }
        prop_assert_eq!(
            compiled(&other_topology, &other.to_string()),
            compiled(&topology, &policy.to_string()),
            "{} {}", other, other_topology
        );
    }

    /// headscale keeps the order of rules in what it sends; what they say stays, and who reaches what.
    #[test]
    fn the_order_of_rules_moves_entries_of_filters_and_changes_nothing_else(
        tailnet in tailnet(),
        policy in policy(),
        mut dice in any::<u64>(),
    ) {
        let mut other = policy.clone();
        other.rules = shuffled(other.rules, &mut dice);
        for rule in &mut other.rules {
            rule.dst = shuffled(rule.dst.clone(), &mut dice);
            rule.traffic = shuffled(rule.traffic.clone(), &mut dice);
        }
        let topology = tailnet.json();
        let [before, after] = [&policy, &other].map(|policy| compiled(&topology, &policy.json().to_string()));
        // Among several `via` the first decides about routes (`ViaRoutesForPeer`).
        if policy.rules.iter().filter(|rule| !rule.via.is_empty()).count() < 2 {
            prop_assert_eq!(less_order(&after), less_order(&before), "{}\n{}", policy.json(), other.json());
            prop_assert_eq!(changes((&tailnet, &policy), (&tailnet, &other)), []);
        }
    }

    /// With `via`, which steers away from other routers, this does not hold. Nor where the rule shows somebody a router
    /// with a longer route, or with the same and before the other: what goes there is then sent to that one
    /// (`another_rule_may_show_a_router_that_is_preferred`).
    #[test]
    fn another_rule_takes_nothing_away(tailnet in tailnet(), policy in policy(), more in rule(), at in any::<prop::sample::Index>()) {
        prop_assume!(policy.rules.iter().chain([&more]).all(|rule| rule.via.is_empty()));
        let mut wider = policy.clone();
        wider.rules.insert(at.index(policy.rules.len() + 1), more);
        let texts = [tailnet.json(), policy.json(), wider.json()].map(|value| value.to_string());
        let closed = with_compiled(&texts[0], &texts[1], |old, _| with_compiled(&texts[0], &texts[2], |new, _| {
            let (before, after) = (ends(&tailnet, old), ends(&tailnet, new));
            let is_led_elsewhere = |change: &Change| match &change.to {
                Where::Nodes(_) => false,
                Where::Behind(part) => {
                    let addr = part.end().addresses[0];
                    let mut from = before.iter().zip(&after).filter(|((name, _), _)| change.from.iter().any(|it| it == name));
                    from.all(|((_, was), (_, is))| old.router(was, addr) != new.router(is, addr))
                }
            };
            let all = diff(old, new);
            all.into_iter().filter(|change| !change.closed.is_empty() && !is_led_elsewhere(change)).collect::<Vec<_>>()
        }));
        prop_assert!(closed.is_empty(), "{:?}\n{}\n{}\n{}", closed, texts[1], texts[2], texts[0]);
    }

    #[test]
    fn nothing_differs_from_itself(tailnet in tailnet(), policy in policy()) {
        prop_assert_eq!(changes((&tailnet, &policy), (&tailnet, &policy)), []);
    }

    #[test]
    fn a_difference_seen_from_the_other_side_is_its_mirror(a in (tailnet(), policy()), b in (tailnet(), policy())) {
        let mirrored: Vec<Change> = changes((&b.0, &b.1), (&a.0, &a.1))
            .into_iter()
            .map(|change| Change {
                opened: change.closed,
                closed: change.opened,
                opened_by: change.closed_by,
                closed_by: change.opened_by,
                ..change
            })
            .collect();
        prop_assert_eq!(changes((&a.0, &a.1), (&b.0, &b.1)), mirrored);
    }

    #[test]
    fn a_difference_between_two_nodes_is_said_and_nothing_else(tailnet in tailnet(), old in policy(), new in policy()) {
        let said = changes((&tailnet, &old), (&tailnet, &new));
        let has = |names: &[String], name: &str| names.iter().any(|other| other == name);
        let texts = [tailnet.json(), old.json(), new.json()].map(|value| value.to_string());
        let wrong = with_compiled(&texts[0], &texts[1], |old, _| with_compiled(&texts[0], &texts[2], |new, _| {
            let (before, after) = (ends(&tailnet, old), ends(&tailnet, new));
            let mut wrong = Vec::new();
            for (i, (from, old_from)) in before.iter().enumerate() {
                for (j, (to, old_to)) in before.iter().enumerate().filter(|(j, _)| *j != i) {
                    let (was, is) = (old.opens(old_from, old_to), new.opens(&after[i].1, &after[j].1));
                    let mut about = said.iter().filter(|change| {
                        has(&change.from, from) && matches!(&change.to, Where::Nodes(names) if has(names, to))
                    });
                    let (opened, closed) = about
                        .next()
                        .map_or_else(Default::default, |change| (change.opened.clone(), change.closed.clone()));
                    if (is.difference(&was), was.difference(&is)) != (opened, closed) || about.next().is_some() {
                        wrong.push(format!("{from} -> {to}"));
                    }
                }
            }
            wrong
        }));
        prop_assert_eq!(wrong, [""; 0], "{}\n{}\n{}", texts[0], texts[1], texts[2]);
    }

    #[test]
    fn the_matrix_and_reach_say_what_may_be_opened(tailnet in tailnet(), policy in policy()) {
        let wrong = with_compiled(&tailnet.json().to_string(), &policy.json().to_string(), |atlas, _| {
            let rows = matrix(atlas);
            let ends = ends(&tailnet, atlas);
            let mut wrong = Vec::new();
            for (i, (from_name, from)) in ends.iter().enumerate() {
                for (_, (to_name, to)) in ends.iter().enumerate().filter(|(j, _)| *j != i) {
                    let opens = atlas.opens(from, to);
                    let row = rows.iter().find(|row| {
                        row.from.contains(&from.node.unwrap())
                            && matches!(&row.to, Target::Nodes(nodes) if nodes.contains(&to.node.unwrap()))
                    });
                    if row.map_or_else(Opens::default, |row| row.opens.clone()) != opens {
                        wrong.push(format!("matrix: {from_name} -> {to_name}"));
                    }
                    for traffic in [None, Some((6, 22)), Some((17, 53)), Some((1, 0)), Some((132, 22))] {
                        let question = Question { from: from.clone(), to: to.clone(), traffic };
                        let answer = reach(atlas, &question);
                        let expected = match traffic {
                            None => !opens.is_empty(),
                            Some((protocol, port)) => opens.any_family().contains(protocol, port),
                        };
                        // A yes has rules that decide; a no has the nearest ones, if there are any.
                        let reasons = if expected { !answer.by.is_empty() && answer.nearest.is_empty() } else {
                            answer.by.is_empty() && (policy.rules.is_empty() || !answer.nearest.is_empty())
                        };
                        if answer.allowed != expected || !reasons {
                            wrong.push(format!("reach: {from_name} -> {to_name} {traffic:?}: {answer:?}"));
                        }
                    }
                }
            }
            wrong
        });
        prop_assert!(wrong.is_empty(), "{}\n{}\n{}", wrong.join("\n"), policy.json(), tailnet.json());
    }
}
