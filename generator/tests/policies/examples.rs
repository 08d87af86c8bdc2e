//! The examples in `examples/policies`: the design document's own policy, and one for each mistake that real policies
//! make (79 files that people published, judged by headscale 0.29.2).

use std::fs;
use std::path::{Path, PathBuf};

use tailnet_generator::policy::dialect::Dialect;

use super::support::{errors, ported, shown};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/policies")
}

/// Name and text of every mistake, by name.
fn mistakes() -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = fs::read_dir(folder().join("mistakes"))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    all.sort();
    assert!(all.len() >= 30, "{}", all.len());
    all
}

/// R07, R13 to R32: what is wrong with the policy of the design document.
#[test]
fn r14_r15_the_design_documents_policy_as_written() {
    let text = fs::read_to_string(folder().join("seed-acl.hujson")).unwrap();
    insta::assert_snapshot!("seed-acl", shown("seed-acl.hujson", &text, Dialect::V0_29));
}

#[test]
fn every_mistake_is_found_and_brought_to_headscale() {
    for (name, text) in mistakes() {
        let mut snapshot = shown(&format!("{name}.hujson"), &text, Dialect::V0_29);
        if name == "not-hujson" {
            assert!(ported(&text, Dialect::V0_29).is_err());
        } else {
            let (ported, report) = ported(&text, Dialect::V0_29).unwrap_or_else(|found| panic!("{name}: {found:?}"));
            snapshot.push_str("--- brought to headscale 0.29\n");
            snapshot.push_str(&ported.text);
            snapshot.push_str("--- changes\n");
            for change in &report.changes {
                let line = format!("{}: {}: {}\n", change.line, change.path, change.effect.as_str());
                snapshot.push_str(&line);
            }
            for (option, value) in &report.fragments {
                snapshot.push_str(&format!("{option}: {value}\n"));
            }
        }
        insta::assert_snapshot!(name, snapshot);
    }
}

#[test]
fn every_mistake_is_an_error_and_none_is_left_in_any_dialect() {
    for (name, text) in mistakes() {
        assert!(!errors(&text, Dialect::V0_29).is_empty(), "{name} is no mistake");
        for dialect in Dialect::ALL {
            let Ok((ported, _)) = ported(&text, dialect) else {
                assert_eq!(name, "not-hujson");
                continue;
            };
            assert_eq!(
                errors(&ported.text, dialect),
                [""; 0],
                "{name} for {dialect}:\n{}",
                ported.text
            );
        }
    }
}

#[test]
fn porting_again_changes_nothing() {
    for (name, text) in mistakes() {
        for dialect in Dialect::ALL {
            let Ok((first, _)) = ported(&text, dialect) else {
                continue;
            };
            let (second, _) = ported(&first.text, dialect).unwrap();
            assert_eq!(second.changes, [], "{name} for {dialect}");
            assert_eq!(second.text, first.text, "{name} for {dialect}");
        }
    }
}

#[test]
fn comments_stay() {
    for (name, text) in mistakes() {
        let Ok((ported, _)) = ported(&text, Dialect::V0_29) else {
            continue;
        };
        for line in text.lines() {
            if let Some((_, comment)) = line.split_once("// ") {
                assert!(ported.text.contains(comment), "{name}: {comment}");
            }
        }
    }
}

/// The last table of `docs/judgement.md`: every example is in it, with codes that it gives.
#[test]
fn the_table_of_mistakes_is_what_is_found() {
    let table = include_str!("../../../docs/judgement.md");
    let (_, table) = table.split_once("## Mistakes of real policies").unwrap();
    let mut listed = std::collections::BTreeSet::new();
    for line in table.lines().filter(|line| line.contains("| TN")) {
        let cells: Vec<&str> = line.split(" | ").collect();
        let codes: Vec<&str> = cells[1].split(", ").collect();
        for name in cells[2].trim_end_matches(" |").split(", ") {
            let name = name.trim_matches('`');
            let text = fs::read_to_string(folder().join(format!("mistakes/{name}.hujson"))).unwrap();
            let found = errors(&text, Dialect::V0_29);
            for code in &codes {
                assert!(
                    found.iter().any(|line| line.starts_with(code)),
                    "{name} gives no {code}: {found:?}"
                );
            }
            listed.insert(name.to_owned());
        }
    }
    let all: std::collections::BTreeSet<String> = mistakes().into_iter().map(|(name, _)| name).collect();
    assert_eq!(listed, all);
}
