//! Code, page, wrong example, right example and emitter are checked against each other. There is no exemption: a code
//! that no example can provoke has no emitter, and a page that is not in the table has no reader. Examples that are NixOS
//! modules are evaluated by Nix (`checks/host-pages.nix`); what is said of a page's form holds for them here.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::*;
use crate::diagnostics::caret::{self, Text};
use crate::diagnostics::{Diagnostic, Example, Severity, fix};
use crate::source::SourceId;

/// Runs `check` for every page and fails with what all of them say, so that one run shows everything.
#[track_caller]
fn for_every_page(mut check: impl FnMut(&'static Page) -> Result<(), String>) {
    let complaints: Vec<String> = all()
        .filter_map(|page| {
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(page)));
            let complaint = match result {
                Ok(Ok(())) => return None,
                Ok(Err(complaint)) => complaint,
                Err(panic) => panic.downcast_ref::<String>().cloned().unwrap_or_default(),
            };
            Some(format!("{} {}: {complaint}\n", page.code, page.name))
        })
        .collect();
    assert!(
        complaints.is_empty(),
        "{} pages are wrong\n{}",
        complaints.len(),
        complaints.concat()
    );
}

/// Whether Nix evaluates the page's examples, and nothing here.
fn is_nix(page: &Page) -> bool {
    matches!(page.wrong, Example::Host { .. })
}

fn said(found: &[Diagnostic]) -> String {
    found.iter().map(|d| format!("\n  {}: {}", d.code, d.message)).collect()
}

#[test]
fn every_wrong_example_gives_its_code_where_it_is_marked_and_nothing_else() {
    for_every_page(|page| {
        if is_nix(page) {
            return Ok(());
        }
        let texts = caret::texts(&page.wrong);
        let found = if texts.is_empty() {
            caret::judge(&page.wrong, &[]).1
        } else {
            caret::check_with(&texts, |plain| caret::judge(&page.wrong, plain))
        };
        match found.iter().all(|d| d.code == page.code && d.severity == page.severity) && !found.is_empty() {
            true => Ok(()),
            false => Err(format!("the wrong example gives{}", said(&found))),
        }
    });
}

#[test]
fn a_wrong_example_is_as_wrong_with_its_marks_as_without() {
    for_every_page(|page| {
        if caret::texts(&page.wrong).is_empty() {
            return Ok(()); // An input that no literal can hold has no marks.
        }
        let texts: Vec<(Text<'_>, String)> = caret::texts(&page.wrong)
            .into_iter()
            .map(|text| (text, text.marked.to_owned()))
            .collect();
        let (_, found) = caret::judge(&page.wrong, &texts);
        match found.iter().all(|d| d.code == page.code) && !found.is_empty() {
            true => Ok(()),
            false => Err(format!("pasted with its marks it gives{}", said(&found))),
        }
    });
}

#[test]
fn every_right_example_is_accepted() {
    for_every_page(|page| {
        if is_nix(page) {
            return Ok(());
        }
        let texts = caret::texts(&page.right);
        if texts.is_empty() {
            return Err("a right example is something to copy: a text".to_owned());
        }
        let plain: Vec<(Text<'_>, String)> = texts
            .into_iter()
            .map(|text| (text, caret::cut(text.marked).0))
            .collect();
        let (_, found) = caret::judge(&page.right, &plain);
        // A lint in an example that shows something else would teach the wrong thing too.
        match found.is_empty() {
            true => Ok(()),
            false => Err(format!("the right example gives{}", said(&found))),
        }
    });
}

#[test]
fn safe_fixes_mend_what_they_are_for_and_come_to_an_end() {
    for_every_page(|page| {
        let texts = caret::texts(&page.wrong);
        let mut plain: Vec<(Text<'_>, String)> = texts.into_iter().map(|t| (t, caret::cut(t.marked).0)).collect();
        let is_safe = |d: &Diagnostic| d.fixes.iter().any(|fix| fix.safe);
        let (_, mut found) = caret::judge(&page.wrong, &plain);
        let without = found.iter().filter(|d| !is_safe(d)).count();
        if without == found.len() {
            return Ok(());
        }
        for _ in 0..10 {
            let id = SourceId(0);
            let Some(fixed) = plain.first().and_then(|(_, text)| fix::apply(id, text, &found)) else {
                break;
            };
            plain[0].1 = fixed.text;
            found = caret::judge(&page.wrong, &plain).1;
        }
        // What was mended may reveal what it hid, but not the same again, nor be a text that cannot be read.
        let again = found.iter().filter(|d| d.code == page.code).count() > without;
        match again || found.iter().any(|d| is_safe(d) || d.code < Code(104)) {
            true => Err(format!("mended it is\n{}\nand gives{}", plain[0].1, said(&found))),
            false => Ok(()),
        }
    });
}

#[test]
fn examples_for_nix_are_two_modules_for_one_host() {
    for_every_page(|page| match (&page.wrong, &page.right) {
        (
            Example::Host { node, module },
            Example::Host {
                node: same,
                module: other,
            },
        ) if node == same && module != other && module.ends_with("}\n") && other.ends_with("}\n") => Ok(()),
        (Example::Host { .. }, _) | (_, Example::Host { .. }) => Err("both are modules for one host".to_owned()),
        _ => Ok(()),
    });
}

#[test]
fn codes_and_names_are_never_used_twice() {
    let (mut seen, mut names) = (HashMap::new(), HashMap::new());
    for_every_page(
        |page| match (seen.insert(page.code, page.name), names.insert(page.name, page.code)) {
            (None, None) => Ok(()),
            (Some(other), _) => Err(format!("the code is taken by {other}")),
            (_, Some(other)) => Err(format!("the name is taken by {other}")),
        },
    );
}

#[test]
fn the_areas_lists_are_in_order_and_keep_to_their_numbers() {
    for area in AREAS {
        assert!(area.is_sorted_by_key(|page| page.code), "{area:?}");
    }
    for_every_page(|page| {
        let lint = page.code.0 >= 900;
        let chapter = crate::diagnostics::book::chapter(page.code);
        match (chapter.is_empty(), lint && page.severity == Severity::Error) {
            (true, _) => Err("its hundred is not given out".to_owned()),
            (_, true) => Err("lints are warnings".to_owned()),
            _ => Ok(()),
        }
    });
}

#[test]
fn pages_are_written_in_one_style() {
    for_every_page(|page| {
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let names = [
            "headscale",
            "tailscale",
            "tailscaled",
            "derper",
            "k3s",
            "flannel",
            "etcd",
            "containerd",
            "kubectl",
        ];
        let sentence = |text: &str| {
            let first = text.split([' ', '\'', ',']).next().unwrap_or_default();
            let capital = !first.starts_with(char::is_lowercase) || names.contains(&first);
            capital && text.ends_with('.') && !text.contains("  ") && text.trim() == text
        };
        if page.name.is_empty() || !page.name.chars().all(kebab) {
            return Err(format!("the name {:?} is not lower case with hyphens", page.name));
        }
        if !sentence(page.what) || page.what.contains('\n') {
            return Err(format!(
                "`what` is not one sentence with a capital and a full stop: {:?}",
                page.what
            ));
        }
        if !sentence(page.why) {
            return Err(format!("`why` is not in sentences: {:?}", page.why));
        }
        Ok(())
    });
}

/// All Rust files of the library.
fn sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => files.push(path),
            }
        }
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    // What the tests of this folder say of made-up pages is none.
    files.retain(|file| !file.to_string_lossy().contains("/diagnostics/"));
    files
}

#[test]
fn every_page_in_the_source_is_in_the_table_and_emitted_where_it_is_written() {
    let mut listed: HashSet<Code> = all().map(|page| page.code).collect();
    let mut complaints = String::new();
    for file in sources() {
        let text = std::fs::read_to_string(&file).unwrap();
        let Some((_, page)) = text.split_once("pub const PAGE: Page = Page {") else {
            continue;
        };
        let digits = page
            .split_once("code: Code(")
            .and_then(|(_, rest)| rest.split_once(')'));
        let code = Code(digits.unwrap().0.parse().unwrap());
        if !listed.remove(&code) {
            complaints.push_str(&format!("{code} in {} is in no list, or twice\n", file.display()));
        }
        if !text.contains(&format!("{code}")) {
            complaints.push_str(&format!("{} does not say that it is {code}\n", file.display()));
        }
    }
    for code in listed {
        complaints.push_str(&format!("{code} has no file of its own with `pub const PAGE: Page`\n"));
    }
    assert!(complaints.is_empty(), "{complaints}");
}

#[test]
fn only_codes_that_exist_are_named_in_the_source() {
    let known: HashSet<String> = all().map(|page| page.code.to_string()).collect();
    let mut complaints = String::new();
    for file in sources()
        .into_iter()
        .filter(|file| !file.to_string_lossy().contains("/diagnostics/"))
    {
        let text = std::fs::read_to_string(&file).unwrap();
        for (at, _) in text.match_indices("TN") {
            let code: String = text.get(at..).unwrap().chars().take(5).collect();
            let is_code = code.len() == 5 && code.chars().skip(2).all(|c| c.is_ascii_digit());
            if is_code && !known.contains(&code) {
                complaints.push_str(&format!("{} names {code}, which does not exist\n", file.display()));
            }
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
}
