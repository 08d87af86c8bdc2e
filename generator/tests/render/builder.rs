//! `tailnet nix-builder`: structured attributes in, the output written.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::make::KEYSTONE;

/// The builder as Nix runs it: one variable, nothing else.
fn build(folder: &Path, attributes: &str) -> (Output, PathBuf) {
    let file = folder.join("attrs.json");
    let out = folder.join("out");
    std::fs::write(&file, attributes.replace("OUT", out.to_str().unwrap())).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_tailnet"))
        .arg("nix-builder")
        .env_clear()
        .env("NIX_ATTRS_JSON_FILE", &file)
        .current_dir(folder)
        .output()
        .unwrap();
    (output, out)
}

fn attributes(declaration: &str, mode: &str) -> String {
    let declaration: serde_json::Value = json5::from_str(declaration).unwrap();
    serde_json::json!({
        "declaration": declaration,
        "mode": mode,
        "name": "tailnet-keystone",
        "system": "x86_64-linux",
        "outputs": {"out": "OUT"},
    })
    .to_string()
}

fn wrong() -> String {
    KEYSTONE.replace("https://headscale.example.org", "http://headscale.example.org")
}

fn report(out: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(out.join("report.json")).unwrap()).unwrap()
}

#[test]
fn a_right_declaration_is_written() {
    for mode in ["eval", "build"] {
        let folder = tempfile::tempdir().unwrap();
        let (output, out) = build(folder.path(), &attributes(KEYSTONE, mode));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(report(&out)["ok"], true);
        assert!(out.join("nodes/primer/k3s.yaml").is_file());
    }
}

/// The modules raise what is in the report, all at once; a failed build would show one log.
#[test]
fn evaluation_gets_a_report_of_a_wrong_declaration() {
    let folder = tempfile::tempdir().unwrap();
    let (output, out) = build(folder.path(), &attributes(&wrong(), "eval"));
    assert!(output.status.success());
    let report = report(&out);
    assert_eq!(report["ok"], false);
    let finding = &report["diagnostics"][0];
    assert_eq!(finding["code"], "TN302");
    assert_eq!(finding["path"], "controlServer.url");
    // There is no file that anybody could open.
    assert_eq!(finding["file"], serde_json::Value::Null);
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 1);
}

#[test]
fn a_build_of_a_wrong_declaration_fails_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (output, out) = build(folder.path(), &attributes(&wrong(), "build"));
    assert_eq!(output.status.code(), Some(1));
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(log.contains("TN302") && log.contains("controlServer.url"), "{log}");
    assert!(!out.exists());
}

#[test]
fn attributes_that_are_none_are_said() {
    let whole = attributes(KEYSTONE, "eval");
    for (attributes, words) in [
        ("{}".to_owned(), "no attribute `declaration`"),
        ("{".to_owned(), "cannot be read"),
        (String::new(), "cannot be read"),
        (whole.replace("\"eval\"", "\"x\""), "`mode`"),
        (whole.replace("\"out\"", "\"bin\""), "no output `out`"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (output, out) = build(folder.path(), &attributes);
        assert_eq!(output.status.code(), Some(2));
        let log = String::from_utf8_lossy(&output.stderr);
        assert!(log.contains(words), "{log}");
        assert!(!out.exists());
    }
}

#[test]
fn a_declaration_that_is_no_object_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let attributes = r#"{"declaration": [], "mode": "eval", "outputs": {"out": "OUT"}}"#;
    let (output, out) = build(folder.path(), attributes);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(report(&out)["ok"], false);
}

#[test]
fn without_attributes_it_says_what_it_is() {
    let output = Command::new(env!("CARGO_BIN_EXE_tailnet"))
        .arg("nix-builder")
        .env_clear()
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("__structuredAttrs"));
}

/// A declaration with a policy file whose text Nix has read.
fn with_file(policy: &str) -> String {
    serde_json::json!({
        "declaration": {
            "name": "club",
            "baseDomain": "club.example.org",
            "controlServer": {"url": "https://headscale.example.com"},
            "nodes": {"wiki": {"tags": ["tag:wiki"]}, "files": {"tags": ["tag:files"]}},
            "policy": {"file": "hosts/policy.hujson"},
        },
        "files": {"hosts/policy.hujson": policy},
        "mode": "eval",
        "outputs": {"out": "OUT"},
    })
    .to_string()
}

const POLICY: &str = "{\n  // Files for the wiki.\n  \"tagOwners\": {\"tag:wiki\": [], \"tag:files\": []},\n  \
                      \"grants\": [{\"src\": [\"tag:wiki\"], \"dst\": [\"tag:files\"], \"ip\": [\"tcp:445\"]}],\n}\n";

/// The file lies in no folder that the builder could read, and its comments are kept.
#[test]
fn a_policy_file_is_handed_over_as_its_text() {
    let folder = tempfile::tempdir().unwrap();
    let (output, out) = build(folder.path(), &with_file(POLICY));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = report(&out);
    assert_eq!(said["ok"], true, "{said:#}");
    let policy = std::fs::read_to_string(out.join("policy.hujson")).unwrap();
    assert!(
        policy.contains("// Files for the wiki.") && policy.contains("tcp:445"),
        "{policy}"
    );
    assert_eq!(said["policyFile"].as_str().unwrap().len(), 64);
    let folder = tempfile::tempdir().unwrap();
    let (_, other) = build(folder.path(), &with_file(&POLICY.replace("Files for", "Disks for")));
    assert_ne!(
        report(&other)["policyFile"],
        said["policyFile"],
        "its hash covers every byte"
    );
    assert_eq!(report(&other)["declaration"], said["declaration"]);
}

/// What is wrong in it has a line and column there.
#[test]
fn findings_of_a_handed_over_policy_have_their_place_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let (_, out) = build(
        folder.path(),
        &with_file(&POLICY.replace("\"dst\": [\"tag:files\"]", "\"dst\": [\"tag:disks\"]")),
    );
    let report = report(&out);
    let finding = &report["diagnostics"][0];
    assert_eq!(
        (&finding["code"], &finding["file"], &finding["line"]),
        (&"TN104".into(), &"hosts/policy.hujson".into(), &4.into()),
        "{report:#}"
    );
}
