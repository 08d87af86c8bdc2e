//! The names that stand in what could not be read: no lint may call them unused.

use std::collections::HashSet;

use crate::hujson::{Kind, Value};
use crate::input::Inputs;
use crate::source::Span;

/// All words of the values that `errors` (in the order of their places) touch, and of the members whose names they do:
/// whole, up to each colon, since ports may follow, and what stands between colons.
pub(super) fn mentions(inputs: &Inputs, errors: &[Span]) -> HashSet<String> {
    let mut found = HashSet::new();
    if errors.is_empty() {
        return found;
    }
    for input in (0..inputs.next_id().0).filter_map(|id| inputs.get(crate::source::SourceId(id))) {
        if let Some(tree) = &input.tree {
            walk(tree, errors, false, &mut found);
        }
    }
    found
}

/// Whether one of `errors` has a character in common with `span`. Errors may lie in each other, so the last that begins
/// before is not always the one that reaches furthest; those that are looked at are few.
fn touches(errors: &[Span], span: Span) -> bool {
    let after = errors.partition_point(|error| (error.source, error.start) < (span.source, span.end));
    let before = errors.get(..after).unwrap_or_default();
    before
        .iter()
        .rev()
        .take(64)
        .any(|error| error.source == span.source && error.end > span.start)
}

fn walk(value: &Value, errors: &[Span], all: bool, found: &mut HashSet<String>) {
    match &value.kind {
        Kind::Object(members) => {
            for member in members {
                let all = all || touches(errors, member.name.span);
                if all {
                    take(&member.name.value, found);
                }
                walk(&member.value, errors, all, found);
            }
        }
        Kind::Array(items) => items.iter().for_each(|item| walk(item, errors, all, found)),
        Kind::String(text) if all || touches(errors, value.span) => take(text, found),
        _ => {}
    }
}

/// Names in texts that long are nobody's.
const LONGEST: usize = 4096;

fn take(text: &str, found: &mut HashSet<String>) {
    if text.len() > LONGEST {
        return;
    }
    let separators = |c: char| c.is_whitespace() || matches!(c, ',' | '"' | '\'' | '(' | ')' | '[' | ']' | '{' | '}');
    for word in text.split(separators).filter(|word| !word.is_empty()) {
        for (at, _) in word.match_indices(':') {
            found.extend(word.get(..at).map(str::to_owned));
        }
        // The name alone as well: `admins` was meant to be `group:admins`.
        found.extend(word.split(':').map(str::to_owned));
        found.insert(word.to_owned());
    }
}
