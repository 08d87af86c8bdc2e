//! A real `headscale`, if there is one on `PATH`: its verdict on policies of the corpus, against ours.
//!
//! headscale has had no offline check since 0.29; `policy check` with a flag that bypasses the server opens a database,
//! so each run gets an empty one in a folder of its own. Without users and nodes the verdict is about the policy alone,
//! and about tests, which then fail. 0.28 needs none of this.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;
use tailnet_generator::policy::dialect::Dialect;

use crate::Part;
use crate::case::Case;
use crate::engine;
use crate::sets::{self, Set};

/// How many policies are given to it.
const ASKED: usize = 60;

/// How long it may think about one.
const PATIENCE: Duration = Duration::from_secs(30);

/// A headscale and how to ask it.
struct Headscale {
    program: PathBuf,
    dialect: Dialect,
    /// The flag that does without a server; 0.28 has none.
    bypass: Option<String>,
}

/// Compares verdicts.
pub(crate) fn run() -> Part {
    let Some(headscale) = Headscale::find() else {
        return Part::Skipped("there is no headscale on PATH".to_owned());
    };
    let cases = match sets::corpus() {
        Set::Found(_, cases) => cases,
        Set::Skipped(why) | Set::Broken(why) => return Part::Failed(why),
    };
    println!("  {} speaks {:?}", headscale.program.display(), headscale.dialect);
    let step = (cases.len() / ASKED).max(1);
    let folder = tempfile::tempdir().unwrap();
    if headscale.bypass.is_some() {
        fs::write(folder.path().join("config.yaml"), config(folder.path())).unwrap();
    }
    let (mut asked, mut accepted, mut different) = (0, 0, Vec::new());
    for case in cases.iter().step_by(step) {
        let theirs = match headscale.accepts(folder.path(), &case.policy) {
            Ok(theirs) => theirs,
            Err(why) => return Part::Failed(format!("{}: {why}", case.id)),
        };
        let ours = engine::answer_as(&empty(case), headscale.dialect);
        let ours_accepts = ours.load.is_empty() && ours.tests.is_empty();
        asked += 1;
        accepted += usize::from(theirs.is_ok());
        if ours_accepts != theirs.is_ok() {
            let theirs = theirs.err().unwrap_or_else(|| "accepted".to_owned());
            println!("  {}\n    - {theirs}\n    + {}", case.id, ours.describe());
            different.push(case.id.clone());
        }
    }
    // A headscale that takes all or nothing compares nothing.
    if accepted == 0 || accepted == asked {
        return Part::Failed(format!(
            "headscale accepted {accepted} of {asked} policies: not a comparison"
        ));
    }
    if different.is_empty() {
        Part::Passed(format!(
            "{asked} of {asked} verdicts agree, {accepted} of them acceptance"
        ))
    } else {
        Part::Failed(format!(
            "{} of {asked} verdicts differ: {}",
            different.len(),
            different.join(" ")
        ))
    }
}

/// The policy of `case` in a tailnet without users and nodes.
fn empty(case: &Case) -> Case {
    Case {
        topology: json!({"users": [], "nodes": {}}),
        ..case.clone()
    }
}

impl Headscale {
    fn find() -> Option<Self> {
        let path = std::env::var_os("PATH")?;
        let program = std::env::split_paths(&path)
            .map(|folder| folder.join("headscale"))
            .find(|program| program.is_file())?;
        let help = Command::new(&program)
            .args(["policy", "check", "--help"])
            .output()
            .ok()?;
        let help = String::from_utf8_lossy(&help.stdout).into_owned() + &String::from_utf8_lossy(&help.stderr);
        let bypass = help
            .split_whitespace()
            .find(|word| word.starts_with("--bypass-"))
            .map(str::to_owned);
        let dialect = match bypass.as_deref() {
            None => Dialect::V0_28,
            Some(flag) if flag.contains("grpc") => Dialect::V0_29,
            Some(_) => Dialect::V0_30,
        };
        Some(Self {
            program,
            dialect,
            bypass,
        })
    }

    /// Whether it accepts `policy`; if not, why.
    fn accepts(&self, folder: &Path, policy: &str) -> Result<Result<(), String>, String> {
        let file = folder.join("policy.hujson");
        fs::write(&file, policy).map_err(|error| error.to_string())?;
        let mut command = Command::new(&self.program);
        command.args(["policy", "check", "-f"]).arg(&file);
        if let Some(bypass) = &self.bypass {
            command.args(["--force", bypass, "-c"]).arg(folder.join("config.yaml"));
        }
        let output = patiently(&mut command)?;
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        if output.status.success() {
            Ok(Ok(()))
        } else if said.contains("policy") || said.contains("test(s) failed") {
            Ok(Err(said))
        } else {
            // Not about the policy: it could not be asked.
            Err(said)
        }
    }
}

/// Runs `command`, and ends it when it takes too long.
fn patiently(command: &mut Command) -> Result<Output, String> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let begun = Instant::now();
    while child.try_wait().map_err(|error| error.to_string())?.is_none() {
        if begun.elapsed() > PATIENCE {
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("no answer after {} s", PATIENCE.as_secs()));
        }
        sleep(Duration::from_millis(10));
    }
    child.wait_with_output().map_err(|error| error.to_string())
}

/// The least that a server with a database of its own needs.
fn config(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        r#"server_url: http://127.0.0.1:18080
listen_addr: 127.0.0.1:18080
noise: {{private_key_path: "{folder}/noise.key"}}
prefixes: {{v4: 100.64.0.0/10, v6: "fd7a:115c:a1e0::/48"}}
derp: {{server: {{enabled: false}}, urls: [], paths: [], auto_update_enabled: false}}
database: {{type: sqlite, sqlite: {{path: "{folder}/db.sqlite"}}}}
dns: {{magic_dns: false, override_local_dns: false, base_domain: "", nameservers: {{global: []}}}}
disable_check_updates: true
unix_socket: "{folder}/headscale.sock"
policy: {{mode: file}}
log: {{level: error}}
"#
    )
}
