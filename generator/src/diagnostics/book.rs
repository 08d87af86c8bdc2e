//! The pages shown: one on a terminal (`tailnet explain`), all of them as `docs/diagnostics.md`.

use super::render::markdown::fence;
use super::{Code, Example, Page, Severity, codes};

/// What the hundreds of the codes stand for.
const CHAPTERS: &[(u16, &str, &str)] = &[
    (1, "Policy", "The policy file, and reading any text at all."),
    (2, "DERP", "Relays and the map that names them."),
    (
        3,
        "Names and control server",
        "DNS, and how clients find the control server.",
    ),
    (4, "k3s and network", "Addresses, routes and what k3s needs."),
    (
        5,
        "Keys and secrets",
        "Key material, and secrets where they must not be.",
    ),
    (
        6,
        "Hosts against policy",
        "What a host does and the policy does not allow.",
    ),
    (
        7,
        "The declaration's shape",
        "Names, types and values of `tailnet.cluster`.",
    ),
    (9, "Lints", "What works, but hardly as meant. These are warnings."),
];

/// The title of the chapter that `code` belongs to.
#[must_use]
pub fn chapter(code: Code) -> &'static str {
    let hundred = code.0 / 100;
    CHAPTERS
        .iter()
        .find(|(number, ..)| *number == hundred)
        .map_or("", |(_, title, _)| title)
}

/// `page` for a terminal of `width` columns.
#[must_use]
pub fn explain(page: &Page, width: usize) -> String {
    let mut out = format!(
        "{} {}, {} ({})\n\n{}\n",
        page.code,
        page.name,
        severity(page),
        chapter(page.code),
        wrap(page.what, width)
    );
    if !page.why.is_empty() {
        out.push_str(&format!("\n{}\n", wrap(page.why, width)));
    }
    for (title, example) in [("Wrong", &page.wrong), ("Right", &page.right)] {
        let note = note(example).map(|note| format!(" ({note})")).unwrap_or_default();
        out.push_str(&format!("\n{title}{note}:\n\n{}\n", indented(shown(example))));
        if let Some(topology) = topology(example) {
            out.push_str(&format!("\nJudged with this topology:\n\n{}\n", indented(topology)));
        }
    }
    out
}

/// All codes, one line each: `TN104  error    undefined-tag  what`.
#[must_use]
pub fn list(width: usize) -> String {
    let longest = codes::all().map(|page| page.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    let mut before = "";
    for page in codes::all() {
        let title = chapter(page.code);
        if title != before {
            let gap = if before.is_empty() { "" } else { "\n" };
            out.push_str(&format!("{gap}{title}\n"));
            before = title;
        }
        let begin = format!("  {}  {:7}  {:longest$}  ", page.code, severity(page), page.name);
        let what = wrap(page.what, width.saturating_sub(begin.len()).max(30));
        let hanging = format!("\n{}", " ".repeat(begin.len()));
        out.push_str(&format!("{begin}{}\n", what.replace('\n', &hanging)));
    }
    out
}

/// The page whose code or name is nearest to `name`, for those who mistype.
#[must_use]
pub fn nearest(name: &str) -> Option<&'static Page> {
    let name = name.trim().to_ascii_lowercase();
    let distance = |page: &Page| {
        let code = strsim::osa_distance(&page.code.to_string().to_ascii_lowercase(), &name);
        code.min(strsim::osa_distance(page.name, &name))
    };
    codes::all()
        .min_by_key(|page| distance(page))
        .filter(|page| distance(page) <= name.chars().count().div_ceil(2))
}

/// `docs/diagnostics.md`: every page, by chapters.
#[must_use]
pub fn markdown() -> String {
    let mut out = String::from(
        "# Diagnostics\n\n\
         Every finding has a code that never changes. `tailnet explain TN104` shows one of these pages.\n\n\
         This file is generated from the code (`tailnet docs docs`) and compared with it by the tests. In the examples,\n\
         `^^^^` in a comment marks what the finding points at; every example is run by the tests.\n",
    );
    let chapters: Vec<_> = CHAPTERS
        .iter()
        .map(|(number, title, about)| {
            let pages: Vec<_> = codes::all().filter(|page| page.code.0 / 100 == *number).collect();
            (title, about, pages)
        })
        .filter(|(_, _, pages)| !pages.is_empty())
        .collect();
    for (title, _, pages) in &chapters {
        out.push_str(&format!("\n**{title}**\n\n"));
        for page in pages {
            let anchor = anchor(page);
            out.push_str(&format!("- [{} {}](#{anchor}): {}\n", page.code, page.name, page.what));
        }
    }
    for (title, about, pages) in &chapters {
        out.push_str(&format!("\n## {title}\n\n{about}\n"));
        for page in pages {
            out.push_str(&page_markdown(page));
        }
    }
    out
}

/// One page as a section, with a blank line before it.
#[must_use]
pub fn page_markdown(page: &Page) -> String {
    let mut out = format!(
        "\n### <a id=\"{}\"></a>{} {}\n\n{}: {}\n",
        anchor(page),
        page.code,
        page.name,
        match page.severity {
            Severity::Error => "Error",
            Severity::Warning => "Warning",
        },
        page.what
    );
    if !page.why.is_empty() {
        out.push_str(&format!("\n{}\n", page.why));
    }
    for (title, example) in [("Wrong", &page.wrong), ("Right", &page.right)] {
        let note = note(example).map(|note| format!(" ({note})")).unwrap_or_default();
        out.push_str(&format!(
            "\n{title}{note}:\n\n{}",
            block(language(example), shown(example))
        ));
        if let Some(topology) = topology(example) {
            out.push_str(&format!("\nJudged with this topology:\n\n{}", block("json", topology)));
        }
    }
    out
}

/// `tn104`
fn anchor(page: &Page) -> String {
    page.code.to_string().to_ascii_lowercase()
}

fn severity(page: &Page) -> &'static str {
    super::render::severity_word(page.severity)
}

/// The text of an example.
fn shown(example: &Example) -> &'static str {
    match example {
        Example::Input { shown, .. } => shown,
        Example::Policy { text, .. } | Example::Declaration(text) => text,
        Example::Host { module, .. } => module,
    }
}

/// The topology that an example is judged with.
fn topology(example: &Example) -> Option<&'static str> {
    match example {
        Example::Policy { topology, .. } => *topology,
        Example::Input { .. } | Example::Declaration(_) | Example::Host { .. } => None,
    }
}

/// What must be known of an example besides its text.
fn note(example: &Example) -> Option<String> {
    match example {
        Example::Policy { dialect, .. } if *dialect != "0.29" => Some(format!("headscale {dialect}")),
        Example::Host { node, .. } => Some(format!("on {node}, a NixOS module")),
        _ => None,
    }
}

/// The language of a code block with an example.
fn language(example: &Example) -> &'static str {
    match example {
        Example::Input { .. } => "text",
        // Forges colour neither HuJSON nor JSON5 by these names; both are JavaScript's literals.
        Example::Policy { .. } => "jsonc",
        Example::Declaration(_) => "json5",
        Example::Host { .. } => "nix",
    }
}

fn block(language: &str, text: &str) -> String {
    let fence = fence(text);
    format!("{fence}{language}\n{}\n{fence}\n", text.trim_end())
}

fn indented(text: &str) -> String {
    let lines: Vec<String> = text
        .trim_end()
        .lines()
        .map(|line| {
            if line.is_empty() {
                String::new()
            } else {
                format!("    {line}")
            }
        })
        .collect();
    lines.join("\n")
}

/// `text` in lines of at most `width` columns where its words allow it; paragraphs (blank lines) stay.
fn wrap(text: &str, width: usize) -> String {
    let mut out = String::new();
    for (number, paragraph) in text.split("\n\n").enumerate() {
        if number > 0 {
            out.push_str("\n\n");
        }
        let mut column = 0;
        for word in paragraph.split_whitespace() {
            let length = word.chars().count();
            if column > 0 && column + 1 + length > width {
                out.push('\n');
                column = 0;
            } else if column > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += length;
        }
    }
    out
}

#[cfg(test)]
mod tests;
