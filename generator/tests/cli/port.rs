//! `tailnet port`.

use std::fs;

use serde_json::{Value, json};

use crate::run::{tailnet, tailnet_in, tailnet_with_input};

const POLICY: &str = r#"{
  // Who may give the tag.
  "tagOwners": {"tag:web": ["autogroup:admin"]},
  "acls": [
    {"action": "accept", "users": ["autogroup:members"], "ports": ["tag:web:443"]},
    {"action": "accept", "src": ["*"], "dst": ["*:22"], "srcPosture": ["posture:x"]},
  ],
  "tests": [{"src": "alice@example.org", "accept": ["tag:web:443"]}],
  "derpMap": {"OmitDefaultRegions": true, "Regions": {}},
}
"#;

#[test]
fn the_policy_goes_to_standard_output_and_the_report_to_standard_error() {
    let ran = tailnet_with_input(POLICY.as_bytes(), &["port", "-"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    insta::assert_snapshot!("port-policy", ran.out);
    insta::assert_snapshot!("port-report", ran.err);
    // It is accepted, and nothing is left to be done.
    let again = tailnet_with_input(ran.out.as_bytes(), &["port", "-"]);
    assert_eq!(again.out, ran.out);
    assert_eq!(again.err, "accepted by headscale 0.29: nothing to change\n");
}

#[test]
fn machines_get_one_answer() {
    let ran = tailnet_with_input(POLICY.as_bytes(), &["port", "-", "--format", "json"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let answer: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&answer["ok"], &answer["dialect"]), (&json!(true), &json!("0.29")));
    let changes = answer["changes"].as_array().unwrap();
    let change = changes.iter().find(|change| change["path"] == "acls[1]").unwrap();
    assert_eq!(
        (&change["line"], &change["now"], &change["effect"]),
        (&json!(6), &Value::Null, &json!("left out"))
    );
    assert_eq!(
        answer["groups"],
        json!([{"name": "group:admin", "standsFor": "autogroup:admin"}])
    );
    assert_eq!(answer["fragments"]["derp"]["publicRegions"], "none");
    assert!(answer["policy"].as_str().unwrap().contains("// Who may give the tag."));
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("policy.hujson"), POLICY).unwrap();
    fs::write(folder.path().join("out.hujson"), "what stood there").unwrap();
    let ran = tailnet_in(folder.path(), &["port", "policy.hujson", "--out", "out.hujson"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""));
    let written = fs::read_to_string(folder.path().join("out.hujson")).unwrap();
    assert!(written.contains("autogroup:member\""));
    assert_eq!(fs::read_to_string(folder.path().join("policy.hujson")).unwrap(), POLICY);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing else is left");

    let ran = tailnet_in(folder.path(), &["port", "policy.hujson", "--out", "."]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    let ran = tailnet_in(folder.path(), &["port", "policy.hujson", "--out", "no/such/folder"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn an_older_headscale_gets_what_it_can_say() {
    let ran = tailnet_with_input(
        br#"{"grants": [{"src": ["*"], "dst": ["100.64.0.1"], "ip": ["tcp:22", "icmp:*", "80"]}], "tests": []}"#,
        &["port", "-", "--dialect", "0.28"],
    );
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for acl in [
        r#"{ "action": "accept", "proto": "tcp", "src": ["*"], "dst": ["100.64.0.1:22"] }"#,
        r#"{ "action": "accept", "proto": "icmp", "src": ["*"], "dst": ["100.64.0.1:*"] }"#,
        r#"{ "action": "accept", "src": ["*"], "dst": ["100.64.0.1:80"] }"#,
    ] {
        assert!(ran.out.contains(acl), "{}", ran.out);
    }
}

#[test]
fn what_is_no_policy_is_refused_and_nothing_written() {
    let folder = tempfile::tempdir().unwrap();
    for (text, said) in [
        ("{\"acls\": [}", "expected a value"),
        ("{\"acls\": [], \"acls\": []}", "duplicate object member name \"acls\""),
        ("{\"acls\": [], \"ACLs\": []}", "duplicate object member name"),
        ("[]", "json: cannot unmarshal JSON array"),
        ("// nothing\n", "expected a value"),
    ] {
        fs::write(folder.path().join("policy.hujson"), text).unwrap();
        let ran = tailnet_in(folder.path(), &["port", "policy.hujson", "--out", "out.hujson"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{text}");
        assert!(ran.err.contains(said), "{text}: {}", ran.err);
        assert!(!folder.path().join("out.hujson").exists(), "{text}");
        let ran = tailnet_in(folder.path(), &["port", "policy.hujson", "--format", "json"]);
        let answer: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!((ran.code, &answer["ok"]), (Some(1), &json!(false)), "{text}");
    }
    assert_eq!(tailnet(&["port", "/no/such/file"]).code, Some(2));
    let brackets = "[".repeat(2_000_000);
    assert_eq!(tailnet_with_input(brackets.as_bytes(), &["port", "-"]).code, Some(1));
}

#[test]
fn a_policy_of_thousands_of_mistakes() {
    let rules: String = (0..3_000)
        .map(|i| {
            format!(
                "{{\"action\": \"accept\", \"src\": [\"svc:a{i}\", \"h{i}\"], \"dst\": [\"autogroup:admin:22\", 7]}},"
            )
        })
        .collect();
    let text = format!("{{\"acls\": [{rules}]}}");
    let ran = tailnet_with_input(text.as_bytes(), &["port", "-", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err.lines().last().unwrap_or_default());
    let answer: Value = serde_json::from_str(&ran.out).unwrap();
    // Nobody is left as a source of any of them: they go.
    let left_out = answer["changes"].as_array().unwrap();
    let gone = left_out.iter().filter(|change| change["effect"] == "left out").count();
    assert!(gone >= 3_000, "{gone}");
    let again = tailnet_with_input(answer["policy"].as_str().unwrap().as_bytes(), &["check", "-"]);
    assert_eq!(again.code, Some(0), "{}", again.out);
}
