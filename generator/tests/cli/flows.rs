//! What a declared cluster needs and its policy does not give: refused when judged, an answer when asked.

use std::fs;

use crate::run::tailnet_in;

const DECLARATION: &str = "{
  name: 'x', baseDomain: 'mesh.example.net',
  controlServer: { node: 'primer', url: 'https://hs.example.net' },
  derp: { regions: { '900': { code: 'own', nodes: { primer: { hostName: 'derp.example.net', port: 8443 } } } } },
  users: { alice: {} },
  nodes: {
    primer: { tags: ['tag:primer'], underlayAddress: '192.0.2.1', k3s: 'server' },
    worker: { tags: ['tag:worker'], k3s: 'agent' },
  },
  policy: {
    derive: false,
    tagOwners: { 'tag:primer': ['alice@'], 'tag:worker': ['alice@'] },
    grants: [{ src: ['alice@'], dst: ['tag:primer'], ip: ['tcp:6443'] }],
    tests: [{ src: 'alice@', accept: ['tag:worker:22'], deny: ['tag:primer:22'] }],
  },
}
";

#[test]
fn what_is_needed_and_not_given_is_refused_and_can_be_asked_about() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("x.json5"), DECLARATION).unwrap();
    let run = |arguments: &[&str]| tailnet_in(folder.path(), arguments);

    let checked = run(&["check", "x.json5"]);
    assert_eq!(checked.code, Some(1));
    for needed in ["tcp:6443", "tcp:10250", "udp:8472"] {
        assert!(
            checked.out.contains(&format!("worker cannot open {needed} to primer")),
            "{}",
            checked.out
        );
    }
    assert!(
        checked
            .out
            .contains("alice@ -> tag:worker:22: expected ALLOWED, got DENIED")
    );
    let rendered = run(&["render", "x.json5", "--out", "out"]);
    assert_eq!(rendered.code, Some(1));
    assert!(!folder.path().join("out").exists());

    let tested = run(&["test", "x.json5"]);
    assert_eq!(tested.code, Some(1), "{}", tested.err);
    let lines: Vec<&str> = tested.out.lines().collect();
    assert_eq!(lines.last(), Some(&"1 passed, 4 failed"), "{}", tested.out);
    assert!(
        tested.out.contains("blocked: worker -> primer tcp:6443"),
        "{}",
        tested.out
    );

    let asked = run(&["reach", "x.json5", "worker", "primer", "--port", "tcp:6443"]);
    assert_eq!(asked.code, Some(1));
    assert!(
        asked.out.contains("to allow it: add \"tag:worker\" to its `src`"),
        "{}",
        asked.out
    );
}

#[test]
fn what_a_preset_gives_is_changed_at_the_preset() {
    let folder = tempfile::tempdir().unwrap();
    let text = DECLARATION
        .replace("derive: false,", "")
        .replace("users: { alice: {} },", "");
    let text = text.replace(
        "tests: [{ src: 'alice@', accept: ['tag:worker:22'], deny: ['tag:primer:22'] }],\n  },",
        "},\n  users: { alice: {}, bob: {} },\n  access: { services: { web: { on: ['tag:primer'], ports: ['tcp:443'], from: ['alice@'] } } },",
    );
    fs::write(folder.path().join("x.json5"), text).unwrap();
    let run = |arguments: &[&str]| tailnet_in(folder.path(), arguments);
    let asked = run(&["reach", "x.json5", "bob@", "primer", "--port", "tcp:443"]);
    assert_eq!(asked.code, Some(1), "{}{}", asked.out, asked.err);
    assert!(
        asked
            .out
            .contains("to allow it: add \"bob@\" to `access.services.web.from`"),
        "{}",
        asked.out
    );
    // What k3s needs has no option for more: a rule of its own.
    let asked = run(&["reach", "x.json5", "worker", "primer", "--port", "udp:9999"]);
    assert!(
        asked.out.contains(
            "add { src = [ \"tag:worker\" ]; dst = [ \"tag:primer\" ]; ip = [ \"udp:9999\" ]; } to `policy.grants`"
        ),
        "{}",
        asked.out
    );
}
