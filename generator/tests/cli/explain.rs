//! `tailnet explain`, `completions`, `man`, `docs`.

use crate::run::tailnet;

#[test]
fn a_code_is_explained_with_both_examples() {
    let ran = tailnet(&["explain", "tn102"]);
    assert_eq!(ran.code, Some(0));
    assert!(
        ran.out.starts_with("TN102 invalid-utf8, error (Policy)\n"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("\nWrong:\n") && ran.out.contains("\nRight:\n"),
        "{}",
        ran.out
    );
}

#[test]
fn the_forms_agree_about_what_there_is() {
    let list = tailnet(&["explain"]).out;
    let json: serde_json::Value = serde_json::from_str(&tailnet(&["explain", "--format", "json"]).out).unwrap();
    let markdown = tailnet(&["explain", "--format", "markdown"]).out;
    let pages = json.as_array().unwrap();
    assert!(pages.len() > 5);
    for page in pages {
        let code = page["code"].as_str().unwrap();
        assert!(list.contains(code), "{code}");
        assert!(markdown.contains(&format!("</a>{code} ")), "{code}");
    }
}

#[test]
fn an_unknown_code_names_the_nearest_and_exits_with_two() {
    let ran = tailnet(&["explain", "TN1O2"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert_eq!(
        ran.err,
        "error: there is no diagnostic \"TN1O2\"; nearest: TN102 invalid-utf8 (`tailnet explain` lists all)\n"
    );
}

#[test]
fn completions_know_the_commands_of_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = tailnet(&["completions", shell]);
        assert_eq!(ran.code, Some(0), "{shell}");
        assert!(ran.out.contains("explain"), "{shell}");
    }
}

#[test]
fn there_is_a_man_page_for_every_command_that_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("share/man/man1");
    let ran = tailnet(&["man", target.to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let help = tailnet(&["--help"]).out;
    let commands = help.split("Commands:\n").nth(1).unwrap();
    // What a long description goes on with on a second line is indented deeper.
    let commands = commands
        .lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| !line.starts_with("   "));
    for name in commands.map(|line| line.split_whitespace().next().unwrap()) {
        let page = target.join(format!("tailnet-{name}.1"));
        assert_eq!(page.exists(), name != "help", "{}", page.display());
    }
    assert!(target.join("tailnet.1").exists());
}

#[test]
fn documents_are_written_whole() {
    let folder = tempfile::tempdir().unwrap();
    let ran = tailnet(&["docs", folder.path().to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let written = std::fs::read_to_string(folder.path().join("diagnostics.md")).unwrap();
    assert_eq!(written, tailnet(&["explain", "--format", "markdown"]).out);
    let missing = folder.path().join("no/such");
    let ran = tailnet(&["docs", missing.to_str().unwrap()]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.starts_with("error: cannot write "), "{}", ran.err);
}
