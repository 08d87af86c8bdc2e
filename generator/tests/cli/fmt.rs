//! `tailnet fmt`.

use std::fs;

use crate::run::{tailnet, tailnet_in, tailnet_with_input};

const UGLY: &str = "{\"acls\":[ // the rules\n{\"action\":\"accept\",\"src\":[\"*\"],\"dst\":[\"*:*\"]}]}";

#[test]
fn standard_input_is_formatted_to_standard_output_with_its_comments() {
    let ran = tailnet_with_input(UGLY.as_bytes(), &["fmt", "-"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!(ran.out);
    let again = tailnet_with_input(ran.out.as_bytes(), &["fmt", "-"]);
    assert_eq!(again.out, ran.out);
}

#[test]
fn files_are_changed_in_place_and_named_only_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policy.hujson");
    fs::write(&path, UGLY).unwrap();

    let ran = tailnet_in(folder.path(), &["fmt", "--check", "policy.hujson"]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (Some(1), "not in canonical form: policy.hujson\n")
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), UGLY);

    let ran = tailnet_in(folder.path(), &["fmt", "policy.hujson", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let answer: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        answer,
        serde_json::json!({"ok": true, "changed": ["policy.hujson"], "diagnostics": []})
    );

    let ran = tailnet_in(folder.path(), &["fmt", "--check", "policy.hujson"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""));
}

#[test]
fn a_file_with_errors_stays_as_it_is_and_hinders_no_other() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("broken.hujson"), "{\"acls\": [}").unwrap();
    fs::write(folder.path().join("ugly.hujson"), UGLY).unwrap();
    let ran = tailnet_in(
        folder.path(),
        &["fmt", "broken.hujson", "missing.hujson", "ugly.hujson"],
    );
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err.contains("broken.hujson:1:11") && ran.err.contains("\"missing.hujson\""),
        "{}",
        ran.err
    );
    assert_eq!(
        fs::read_to_string(folder.path().join("broken.hujson")).unwrap(),
        "{\"acls\": [}"
    );
    assert_ne!(fs::read_to_string(folder.path().join("ugly.hujson")).unwrap(), UGLY);
    let ran = tailnet_in(folder.path(), &["fmt", "broken.hujson"]);
    assert_eq!(ran.code, Some(1));
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_written_is_said_and_kept() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policy.hujson");
    fs::write(&path, UGLY).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let ran = tailnet_in(folder.path(), &["fmt", "policy.hujson"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("cannot write \"policy.hujson\": "), "{}", ran.err);
    assert_eq!(fs::read_to_string(&path).unwrap(), UGLY);
}

#[test]
fn combinations_that_mean_nothing_are_refused() {
    for arguments in [
        &["fmt"][..],
        &["fmt", "-", "x.hujson"],
        &["fmt", "-", "--format", "json"],
        &["fmt", "x.hujson", "--format", "markdown"],
    ] {
        let ran = tailnet(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{arguments:?}");
    }
}
