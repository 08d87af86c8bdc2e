//! headscale itself, where there is one on `PATH`: it starts with what is written and reads what was meant.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::make::{KEYSTONE, render, text};

/// headscale's configuration as the module would write it: the settings of the artifacts and the host's own paths.
fn configuration(folder: &Path, node: &str) -> String {
    let node: serde_json::Value = serde_json::from_str(node).unwrap();
    let mut settings = node["headscale"]["settings"].clone();
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    settings["noise"] = serde_json::json!({"private_key_path": path("noise.key")});
    settings["database"] = serde_json::json!({"type": "sqlite", "sqlite": {"path": path("db.sqlite")}});
    settings["policy"]["path"] = path("policy.hujson").into();
    settings["derp"]["paths"] = serde_json::json!([path("derp.yaml")]);
    settings["unix_socket"] = path("socket").into();
    // `configtest` opens no port, but asks Let's Encrypt's library for its folder.
    settings["tls_letsencrypt_cache_dir"] = path("cache").into();
    settings.to_string()
}

#[test]
fn headscale_takes_what_is_written() {
    let Ok(version) = Command::new("headscale").arg("version").output() else {
        println!("skipped: no headscale on PATH");
        return;
    };
    println!("{}", String::from_utf8_lossy(&version.stdout));
    let folder = tempfile::tempdir().unwrap();
    let files = render(KEYSTONE);
    for name in ["policy.hujson", "derp.yaml"] {
        fs::write(folder.path().join(name), text(&files, name)).unwrap();
    }
    let config = folder.path().join("config.yaml");
    fs::write(
        &config,
        configuration(folder.path(), &text(&files, "nodes/primer.json")),
    )
    .unwrap();
    let output = Command::new("headscale")
        .arg("-c")
        .arg(&config)
        .arg("configtest")
        .output()
        .unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("WRN"), "{said}");
}
