//! The examples hold together.

use super::*;

/// Every declaration among the examples, by name.
fn declarations() -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = std::fs::read_dir(examples())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json5"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    found.sort();
    found
}

#[test]
fn every_example_is_judged_without_a_finding() {
    let all = declarations();
    let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "ha.json5",
            "homelab.json5",
            "keystone.json5",
            "minimal.json5",
            "plain-tailnet.json5",
            "regions.json5"
        ]
    );
    let mut complaints = Vec::new();
    for (name, text) in &all {
        let (inputs, judgement) = judge(text, 1);
        complaints.extend(
            said(&inputs, &judgement)
                .into_iter()
                .map(|line| format!("{name}: {line}")),
        );
    }
    assert_eq!(complaints, Vec::<String>::new());
}

#[test]
fn regions_has_two_hundred_nodes_in_three_regions() {
    let (_, text) = declarations().pop().unwrap();
    let (_, judgement) = judge(&text, 1);
    let declaration = judgement.declaration.unwrap();
    assert_eq!((declaration.nodes.len(), declaration.derp.regions.len()), (200, 3));
}
