//! What every command has in common: exit codes, colours, pipes, devices.

use std::fs::File;
use std::process::Stdio;

use crate::run::{command, tailnet};

#[test]
fn help_and_version_are_answers() {
    for arguments in [
        &["--help"][..],
        &["-h"],
        &["help"],
        &["--version"],
        &["explain", "--help"],
    ] {
        let ran = tailnet(arguments);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{arguments:?}");
        assert!(!ran.out.is_empty(), "{arguments:?}");
    }
}

#[test]
fn misuse_exits_with_two_and_says_so_on_standard_error() {
    for arguments in [
        &[][..],
        &["nonsense"],
        &["explain", "--nonsense"],
        &["explain", "--format", "xml"],
    ] {
        let ran = tailnet(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(!ran.err.is_empty(), "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_a_quiet_end() {
    for arguments in [
        &["explain", "--format", "markdown"][..],
        &["--help"],
        &["completions", "bash"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = command(arguments).stdout(Stdio::from(writer)).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_and_exits_with_two() {
    for arguments in [&["explain", "--format", "markdown"][..], &["--help"]] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = command(arguments).stdout(Stdio::from(full)).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(err.starts_with("error: ") && err.contains("No space left"), "{err}");
    }
}
