//! The command itself, on a few cases: `tailnet compile POLICY --topology T --format json` prints what the library
//! answers, in the form that is promised, and exits as promised.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::Part;
use crate::case::{Case, Verdict};
use crate::engine;
use crate::sets::{self, Set};

/// How many cases of each verdict are run.
const EACH: usize = 5;

/// Runs the command.
pub(crate) fn run() -> Part {
    if !cfg!(feature = "full") {
        return Part::Skipped("the command was built without `compile`".to_owned());
    }
    let cases = match sets::corpus() {
        Set::Found(_, cases) => cases,
        Set::Skipped(why) | Set::Broken(why) => return Part::Failed(why),
    };
    let by_tests = |case: &&Case| matches!(case.verdict, Verdict::Refused { by_tests: true, .. });
    let accepted = cases.iter().filter(|case| case.verdict == Verdict::Accepted).take(EACH);
    let tests = cases.iter().filter(by_tests).take(EACH);
    let refused = cases
        .iter()
        .filter(|case| case.verdict != Verdict::Accepted && !by_tests(case))
        .take(EACH);
    let folder = tempfile::tempdir().unwrap();
    let (mut asked, mut wrong) = (0, Vec::new());
    for case in accepted.chain(tests).chain(refused) {
        asked += 1;
        if let Err(why) = agrees(folder.path(), case) {
            wrong.push(format!("{}: {why}", case.id));
        }
    }
    if wrong.is_empty() {
        Part::Passed(format!(
            "{asked} of {asked} cases: the command prints what the library answers"
        ))
    } else {
        Part::Failed(wrong.join("; "))
    }
}

fn agrees(folder: &Path, case: &Case) -> Result<(), String> {
    let (policy, topology) = (folder.join("policy.hujson"), folder.join("topology.json"));
    fs::write(&policy, &case.policy).unwrap();
    fs::write(&topology, case.topology.to_string()).unwrap();
    let compile = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tailnet"));
        command.arg("compile").arg(&policy).arg("--topology").arg(&topology);
        command
            .args(["--format", "json", "--server-url", "https://unused"])
            .args(more);
        let output = command.output().unwrap();
        let said: Value = serde_json::from_slice(&output.stdout).map_err(|error| {
            let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
            format!("{error}: {complaint}")
        })?;
        Ok::<_, String>((output.status.code(), said))
    };
    let ours = engine::answer(case);
    let (code, said) = compile(&[])?;
    if case.verdict == Verdict::Accepted {
        return answered(code, &said, &ours);
    }
    if code != Some(1) || said["ok"] != false {
        return Err(format!("refused, but exit {code:?} and ok is {}", said["ok"]));
    }
    let shown: Vec<&str> = said["diagnostics"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|found| found["severity"] == "error")
        .filter_map(|found| found["message"].as_str())
        .collect();
    let known = ours.load.iter().chain(&ours.tests).map(String::as_str);
    if !known.clone().all(|message| shown.contains(&message)) {
        return Err(format!(
            "shown are {shown:?} instead of {:?}",
            known.collect::<Vec<_>>()
        ));
    }
    // headscale starts with a policy whose tests fail, and so does whoever asks for it.
    let (code, said) = compile(&["--no-tests"])?;
    if ours.nodes.is_some() {
        answered(code, &said, &ours)
    } else if code == Some(1) && said["ok"] == false {
        Ok(())
    } else {
        Err(format!("with --no-tests exit {code:?}"))
    }
}

fn answered(code: Option<i32>, said: &Value, ours: &engine::Answer) -> Result<(), String> {
    let members: Vec<&String> = said.as_object().into_iter().flatten().map(|(name, _)| name).collect();
    if code != Some(0) || said["ok"] != true || members != ["ok", "nodes"] {
        return Err(format!("exit {code:?}, ok is {}, members {members:?}", said["ok"]));
    }
    if said["nodes"].as_object() != ours.nodes.as_ref() {
        return Err("other nodes than the library's".to_owned());
    }
    Ok(())
}
