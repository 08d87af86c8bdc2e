//! Input that wants to hurt: nothing panics, nothing takes more than its share of stack, time or memory.

use crate::make::mutated;
use proptest::prelude::*;
use std::time::{Duration, Instant};
use tailnet_generator::diagnostics::{Code, Diagnostic};
use tailnet_generator::hujson::{Flavour, MAX_DEPTH, MAX_ERRORS, Parsed, SyntaxErrorKind, format, parse};
use tailnet_generator::input::{Inputs, Origin};
use tailnet_generator::source::SourceId;

const BOTH: [Flavour; 2] = [Flavour::Hujson, Flavour::Json5];

fn read(text: &str) -> Parsed {
    parse(SourceId(0), text, Flavour::Hujson)
}

/// How many seconds `work` takes of this thread's processor time, where the system says; of the clock otherwise.
fn seconds(work: impl FnOnce()) -> f64 {
    let on_processor = || -> Option<f64> {
        let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        Some(stat.split(' ').next()?.parse::<f64>().ok()? / 1e9)
    };
    let (clock, begin) = (Instant::now(), on_processor());
    work();
    match (begin, on_processor()) {
        (Some(begin), Some(end)) => end - begin,
        _ => clock.elapsed().as_secs_f64(),
    }
}

/// Errors name places in the text, in order, and are not too many; a text has a tree, or an error says why not.
fn is_sane(text: &str) {
    for flavour in BOTH {
        let parsed = parse(SourceId(0), text, flavour);
        let mut last = 0;
        for error in &parsed.errors {
            assert!(text.get(error.span.range()).is_some(), "{error:?}");
            assert!(error.span.start >= last, "out of order: {error:?}");
            last = error.span.start;
            if let Some((span, _)) = &error.related {
                assert!(text.get(span.range()).is_some(), "{error:?}");
            }
            assert!(!error.message.is_empty() && !error.message.ends_with('.'), "{error:?}");
        }
        assert!(parsed.errors.len() <= 2 * MAX_ERRORS + 2, "{}", parsed.errors.len());
        assert!(parsed.root.is_some() || !parsed.errors.is_empty());
        let formatted = format(text, flavour);
        assert_eq!(formatted.is_ok(), parsed.errors.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_is_read_or_refused(text in prop_oneof![any::<String>(), mutated(), "[\"'`{}\\[\\]:,/*\\\\#a1 \n\r\u{0}]{0,40}"]) {
        is_sane(&text);
    }

    /// Every mistake that can be mended and is mended is gone: proposals do not lead in a circle.
    #[test]
    fn proposals_lead_somewhere(text in mutated()) {
        let mut text = text;
        for _ in 0..200 {
            let errors = read(&text).errors;
            let Some(fix) = errors.iter().find_map(|error| error.fix.clone()) else { return Ok(()) };
            let mended = tailnet_generator::hujson::edit::apply(&text, &fix.edits).unwrap();
            prop_assert_ne!(&mended, &text);
            text = mended;
        }
        prop_assert!(false, "still something to mend: {:?}", text);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let mut inputs = Inputs::default();
        let mut findings = Vec::new();
        let id = inputs.read("x", bytes.clone(), Origin::File, Flavour::Hujson, "", &mut findings);
        let is_error = |f: &Diagnostic| f.code != Code(101);
        prop_assert_eq!(id.is_none(), findings.iter().any(is_error));
        prop_assert_eq!(findings.iter().any(|f| f.code == Code(102)), std::str::from_utf8(&bytes).is_err());
        for finding in &findings {
            prop_assert!(inputs.line_column(finding.span.unwrap()).is_some());
        }
    }
}

const SAMPLE: &str = "// Who may reach what.\n{\n\t\"groups\": {\"group:äb\": [\"alice@\", \"b\\u00f6b@\",],}, /* two\nlines */\n\t\"acls\": [\n\t\t{\"action\": \"accept\", \"n\": -1.5e+3, \"t\": true, \"x\": null}, // first\n\t],\n}\n";

#[test]
fn cut_off_at_every_byte_it_is_refused_where_it_ends() {
    assert_eq!(read(SAMPLE).errors, []);
    let end = SAMPLE.rfind('}').unwrap();
    for length in 0..=end {
        let bytes = &SAMPLE.as_bytes()[..length];
        let mut findings = Vec::new();
        let id = Inputs::default().read("cut", bytes, Origin::File, Flavour::Hujson, "", &mut findings);
        assert_eq!(id, None, "cut at {length}");
        // The last finding is that it ends too early (or, inside a character, that it is no text).
        let last = findings.last().unwrap();
        let at = last.span.unwrap();
        let inside_character = !SAMPLE.is_char_boundary(length);
        assert_eq!(
            last.code,
            Code(if inside_character { 102 } else { 100 }),
            "cut at {length}"
        );
        assert!(
            inside_character || at.end as usize == length,
            "cut at {length}: {last:?}"
        );
    }
}

#[test]
fn every_byte_changed_is_read_or_refused() {
    for at in 0..SAMPLE.len() {
        for byte in [b'"', b'\\', b'{', b']', b',', b'/', b'*', b'\n', 0, b' '] {
            let mut bytes = SAMPLE.as_bytes().to_vec();
            bytes[at] = byte;
            if let Ok(text) = std::str::from_utf8(&bytes) {
                is_sane(text);
            }
        }
    }
}

#[test]
fn depth_is_bounded_and_the_deepest_tree_can_be_handled() {
    let nested = |open: &str, close: &str, n: usize| format!("{}1{}", open.repeat(n), close.repeat(n));
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":[", "]}]")] {
        let levels = open.matches(['[', '{']).count();
        for n in [999, 1_000, 1_001] {
            let text = nested(open, close, n / levels) + &"\n".repeat(3);
            let text = if n % levels == 0 {
                text
            } else {
                nested("[", "]", n % levels).replace('1', text.trim())
            };
            let parsed = read(&text);
            let kinds: Vec<_> = parsed.errors.iter().map(|error| error.kind).collect();
            if n <= MAX_DEPTH {
                assert_eq!(kinds, []);
                // Comparing, cloning, showing and dropping recurse; formatting and paths do not.
                let root = parsed.root.unwrap();
                assert_eq!(root.clone(), root);
                assert!(format!("{root:?}").len() > n);
                let formatted = format(&text, Flavour::Hujson).unwrap();
                assert_eq!(format(&formatted, Flavour::Hujson).unwrap(), formatted);
            } else {
                assert_eq!(kinds, [SyntaxErrorKind::TooDeep]);
            }
        }
    }
}

#[test]
fn two_million_brackets_are_one_error() {
    for text in ["[", "{\"a\":", "[{\"a\":"] {
        for flavour in BOTH {
            let parsed = parse(SourceId(0), &text.repeat(2_000_000 / text.len()), flavour);
            assert_eq!(parsed.errors.len(), 1);
            assert_eq!(parsed.errors[0].kind, SyntaxErrorKind::TooDeep);
        }
    }
    assert!(read(&"]".repeat(2_000_000)).errors.len() == 1);
    assert!(read(&"}{".repeat(1_000_000)).errors.len() <= MAX_ERRORS);
}

#[test]
fn mistakes_without_end_are_not_all_said() {
    for text in [
        "[1 ",
        "[,",
        "{\"a\" 1 ",
        "[@",
        "\"\t",
        "[\"\\x\" ",
        "\u{A0}",
        "{\"\":0,\"\":0,",
    ] {
        let errors = read(&text.repeat(100_000)).errors;
        assert!(
            (1..=2 * MAX_ERRORS + 2).contains(&errors.len()),
            "{text:?}: {}",
            errors.len()
        );
    }
    let one = format!("\"{}\"", "\\x\t".repeat(1_000_000));
    assert!(read(&one).errors.len() <= 2 * MAX_ERRORS);
}

#[test]
fn a_string_of_a_hundred_megabytes_is_a_string() {
    let mut text = String::from("{\"a\": \"");
    text.push_str(&"x".repeat(100 << 20));
    text.push_str("\"}");
    let mut findings = Vec::new();
    let mut inputs = Inputs::default();
    let took = seconds(|| {
        inputs.read("long", text, Origin::File, Flavour::Hujson, "", &mut findings);
    });
    println!("figures: 100 MiB of one string are read in {took:.2} s");
    // Unoptimised; the command itself must take less than two seconds.
    assert!(took < 10.0, "{took} s");
    assert_eq!(findings, []);
    let tree = inputs.get(SourceId(0)).unwrap().tree.as_ref().unwrap();
    assert_eq!(tree.get("a").unwrap().as_str().unwrap().len(), 100 << 20);
}

/// Eight times the text takes about eight times the time; what is quadratic would take 64 times.
#[test]
fn time_grows_with_the_text() {
    let brackets = "[".repeat(MAX_DEPTH);
    let shapes: &[(&str, &str, &str)] = &[
        ("numbers", "[", "1,"),
        ("objects", "[", "{\"a\":[1,{\"b\":null}]},"),
        ("strings", "[", "\"\\u00e9\\n\","),
        ("line comments", "", "// c\n"),
        ("block comments", "[1", "/* c\n */"),
        ("one long comment", "/*", "c\n * "),
        ("no end of strings", "[", "\"\n"),
        ("no end of comments", "[", "/*"),
        ("blank lines", "[1,", "\n"),
        ("commas", "[", ","),
        ("wrong brackets", &brackets, "}"),
        ("deep and shallow", "[", "[[[[[]]]]],"),
    ];
    for (name, begin, part) in shapes {
        let measure = |count: usize| {
            let text = format!("{begin}{}", part.repeat(count));
            // The clock of the processor ticks every few milliseconds.
            let clock = Instant::now();
            let mut times = 0;
            let took = seconds(|| {
                while times == 0 || clock.elapsed() < Duration::from_millis(60) {
                    for flavour in BOTH {
                        drop(parse(SourceId(0), &text, flavour));
                        drop(format(&text, flavour));
                    }
                    times += 1;
                }
            });
            took.max(1e-3) / f64::from(times)
        };
        let small = 40_000 / part.len();
        let ratio = measure(small * 8) / measure(small);
        assert!(
            ratio < 32.0,
            "{name}: eight times the text takes {ratio:.0} times the time"
        );
    }
    // Names of one object are compared with each other.
    let names = |count: usize| {
        let members: String = (0..count).map(|i| format!("\"{i}\":0,")).collect();
        let text = format!("{{{members}}}");
        seconds(|| {
            let root = read(&text).root.unwrap();
            assert_eq!(root.as_object().unwrap().len(), count);
        })
    };
    names(1_000);
    let ratio = names(160_000) / names(20_000).max(1e-3);
    assert!(
        ratio < 32.0,
        "names: eight times as many take {ratio:.0} times the time"
    );
}

/// Reads the text named by the environment, alone in its process, and says how much memory that took.
#[test]
#[ignore = "runs in a process of its own, see the next test"]
fn child_measures_memory() {
    let peak = || -> f64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        peak.trim().trim_end_matches(" kB").parse::<f64>().unwrap() * 1024.0
    };
    let shape = std::env::var("TAILNET_TEST_SHAPE").unwrap();
    let (begin, part) = shape.split_once('|').unwrap();
    let before = peak();
    let mut text = String::with_capacity(4 << 20);
    text.push_str(begin);
    text.push_str(&part.repeat((4 << 20) / part.len() - 1));
    let length = text.len();
    let mut findings = Vec::new();
    let id = Inputs::default().read("x", text, Origin::File, Flavour::Hujson, "", &mut findings);
    let multiple = (peak() - before) / length as f64;
    println!("\nmultiple {multiple} {}", id.is_some() || !findings.is_empty());
}

#[test]
#[cfg(target_os = "linux")]
fn memory_is_a_small_multiple_of_the_text() {
    let policy = "{\"action\": \"accept\", \"src\": [\"group:team-one\", \"alice@example.org\"], \"dst\": [\"tag:web:80,443\"]},\n";
    // A value takes 40 bytes, a string 16 more at least: what is worst has two bytes a value.
    for (name, shape, most) in [
        ("policy text", format!("[|{policy}"), 10.0),
        ("one string", "\"|x".to_owned(), 4.0),
        ("one comment", "/*|x".to_owned(), 3.0),
        ("comments", "|// c\n".to_owned(), 5.0),
        ("brackets", "|[".to_owned(), 3.0),
        ("mistakes", "[|@ ".to_owned(), 4.0),
        ("empty objects", "[|{},".to_owned(), 48.0),
        ("digits", "[|1,".to_owned(), 64.0),
    ] {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "hostile::child_measures_memory", "--ignored", "--nocapture"])
            .env("TAILNET_TEST_SHAPE", shape)
            .output()
            .unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let line = stdout
            .lines()
            .find_map(|line| line.strip_prefix("multiple "))
            .unwrap_or_else(|| panic!("{stdout}"));
        let (multiple, read) = line.split_once(' ').unwrap();
        assert_eq!(read, "true");
        let multiple: f64 = multiple.parse().unwrap();
        println!("figures: {name}: {multiple:.1} times the text");
        assert!(multiple < most, "{name}: {multiple}");
    }
}
