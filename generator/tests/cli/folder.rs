//! A folder of artifacts is asked like the declaration it came from.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::run::tailnet;

/// Every example declaration.
fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let entries = fs::read_dir(folder).unwrap();
    let all: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json5"))
        .collect();
    assert!(all.len() >= 6, "{all:?}");
    all
}

/// Its artifacts.
fn rendered(declaration: &Path) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out").to_string_lossy().into_owned();
    let ran = tailnet(&["render", &declaration.to_string_lossy(), "--out", &out]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    (folder, out)
}

/// From, to, what opens, and through whom: without the rules, which stand elsewhere.
fn matrix(what: &str) -> Vec<Value> {
    let ran = tailnet(&["matrix", what, "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    let rows: Value = serde_json::from_str(&ran.out).unwrap();
    let mut rows = rows.as_array().unwrap().clone();
    for row in &mut rows {
        row.as_object_mut().unwrap().remove("by");
    }
    assert!(!rows.is_empty());
    rows
}

#[test]
fn nothing_differs_between_a_declaration_and_its_artifacts() {
    for declaration in examples() {
        let (_folder, out) = rendered(&declaration);
        let declaration = declaration.to_string_lossy();
        for (old, new) in [(&*declaration, &*out), (&*out, &*declaration), (&*out, &*out)] {
            let ran = tailnet(&["diff", old, new, "--fail-on-new"]);
            assert_eq!(
                (ran.code, ran.out.as_str()),
                (Some(0), "0 become reachable, 0 no longer are\n"),
                "{old} {new}: {}",
                ran.err
            );
        }
        assert_eq!(matrix(&declaration), matrix(&out), "{declaration}");
    }
}

#[test]
fn what_opens_since_the_artifacts_were_written_is_shown() {
    let minimal = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/keystone.json5");
    let (folder, out) = rendered(&minimal);
    let text = fs::read_to_string(&minimal).unwrap();
    let wider = text.replacen(
        "services: {",
        "services: { extra: { on: ['tag:primer'], ports: ['tcp:9999'], from: ['tag:worker'] },",
        1,
    );
    assert_ne!(text, wider);
    let changed = folder.path().join("keystone.json5");
    fs::write(&changed, wider).unwrap();
    let changed = changed.to_string_lossy();
    let ran = tailnet(&["diff", &out, &changed, "--fail-on-new"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.out.contains("tcp:9999"), "{}", ran.out);
    assert!(ran.out.contains("access.services.extra"), "{}", ran.out);
    let back = tailnet(&["diff", &changed, &out, "--fail-on-new"]);
    assert_eq!(back.code, Some(0), "{}", back.err);
    assert!(
        back.out.contains("- worker-1, worker-2 -> primer: tcp:9999"),
        "{}",
        back.out
    );
}

#[test]
fn another_folder_is_no_artifacts() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("report.json"), "{}").unwrap();
    let ran = tailnet(&["check", &folder.path().to_string_lossy()]);
    assert_eq!(ran.code, Some(2), "{}{}", ran.out, ran.err);
}
