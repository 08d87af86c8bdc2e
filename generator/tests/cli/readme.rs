//! What the README shows is what is printed: every command of its console blocks is run and compared.

use std::path::Path;

use crate::run::tailnet_in;

/// A command line and what stands below it.
struct Shown<'a> {
    command: &'a str,
    output: String,
}

/// The commands of all console blocks that are followed by output, in order.
fn shown(readme: &str) -> Vec<Shown<'_>> {
    let mut all: Vec<Shown<'_>> = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            _ if !inside => {}
            _ => match (line.strip_prefix("$ "), all.last_mut()) {
                (Some(command), _) => all.push(Shown {
                    command,
                    output: String::new(),
                }),
                (None, Some(last)) => {
                    last.output.push_str(line);
                    last.output.push('\n');
                }
                (None, None) => panic!("output without a command: {line}"),
            },
        }
    }
    all
}

#[test]
fn its_commands_print_what_it_shows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let Ok(readme) = std::fs::read_to_string(root.join("README.md")) else {
        eprintln!("skipped: there is no README beside the crate");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("keystone").to_string_lossy().into_owned();
    let mut compared = 0;
    for Shown { command, output } in shown(&readme) {
        let Some(command) = command.strip_prefix("cargo run -q -- ") else {
            continue;
        };
        let (command, tail) = command.split_once(" | tail -").unwrap_or((command, "1000"));
        let arguments: Vec<String> = command
            .split(' ')
            .map(|word| word.replace("/tmp/keystone", &target))
            .collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let printed = tailnet_in(&root, &arguments).out.replace(&target, "/tmp/keystone");
        let lines: Vec<&str> = printed.lines().collect();
        let last = lines.len().saturating_sub(tail.parse().unwrap());
        assert_eq!(lines[last..].join("\n") + "\n", output, "$ {command}");
        compared += 1;
    }
    assert!(compared >= 4, "only {compared} commands were found");
}
