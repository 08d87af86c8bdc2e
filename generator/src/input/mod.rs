//! The texts read together, their trees, and where a span lies in them: file, line, column, option path.

mod read;
pub mod rules;

pub use read::{MAX_BYTES, display_name, open, open_file, read_bytes};

use std::collections::BTreeMap;

use crate::hujson::{Flavour, Kind, Value};
use crate::source::{LineColumn, LineIndex, SourceId, Span};

/// Where a text came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file or standard input: findings show file, line and source line.
    File,
    /// Handed over by Nix: there is no file to show, findings name the option path.
    Nix,
}

/// One text with its tree.
#[derive(Debug)]
pub struct Input {
    /// How it is called: a path as the user gave it, or `<stdin>`.
    pub name: String,
    /// Where it came from.
    pub origin: Origin,
    /// The grammar it was read by.
    pub flavour: Flavour,
    /// The text.
    pub text: String,
    /// Its lines.
    pub lines: LineIndex,
    /// What was read; `None` when nothing could be.
    pub tree: Option<Value>,
    /// What stands before every option path: `policy` when a policy file belongs to a declaration's option.
    pub prefix: String,
}

/// All texts of one run.
#[derive(Debug, Default)]
pub struct Inputs {
    list: Vec<Input>,
    handed_over: BTreeMap<String, String>,
}

impl Inputs {
    /// Takes texts in that a declaration may name as its files, by the name that it uses: whoever hands a declaration
    /// over (Nix) has read them already, and the file system is not asked for them.
    pub fn hand_over(&mut self, files: BTreeMap<String, String>) {
        self.handed_over = files;
    }

    /// The text that was handed over as the file `name`.
    #[must_use]
    pub fn handed_over(&self, name: &str) -> Option<&str> {
        self.handed_over.get(name).map(String::as_str)
    }

    /// The text whose option paths begin with `prefix`: `policy` for the policy file of a declaration.
    #[must_use]
    pub fn of_prefix(&self, prefix: &str) -> Option<&Input> {
        self.list.iter().find(|input| input.prefix == prefix)
    }

    /// Takes a text in. Its spans carry the returned id, so ask [`Inputs::next_id`] before parsing.
    pub fn push(&mut self, input: Input) -> SourceId {
        let id = self.next_id();
        self.list.push(input);
        id
    }

    /// The id that the next [`Inputs::push`] will give.
    #[must_use]
    pub fn next_id(&self) -> SourceId {
        SourceId(u16::try_from(self.list.len()).unwrap_or(u16::MAX))
    }

    /// The text `id` names.
    #[must_use]
    pub fn get(&self, id: SourceId) -> Option<&Input> {
        self.list.get(usize::from(id.0))
    }

    /// The text `id` names, for hiding what must not be shown.
    pub(crate) fn get_mut(&mut self, id: SourceId) -> Option<&mut Input> {
        self.list.get_mut(usize::from(id.0))
    }

    /// The characters under `span`.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.get(span.source)
            .and_then(|input| input.text.get(span.range()))
            .unwrap_or_default()
    }

    /// Where `span` begins.
    #[must_use]
    pub fn line_column(&self, span: Span) -> Option<LineColumn> {
        self.get(span.source)
            .map(|input| input.lines.line_column(&input.text, span.start))
    }

    /// The path of the innermost value or name at `span`, as Nix writes it: `policy.grants[2].dst[0]`,
    /// `policy.groups."group:admins"[1]`. Empty for the whole text.
    #[must_use]
    pub fn path(&self, span: Span) -> String {
        let Some(input) = self.get(span.source) else {
            return String::new();
        };
        let mut path = input.prefix.clone();
        let mut value = input.tree.as_ref();
        while let Some(current) = value {
            if current.span == span {
                break;
            }
            value = match &current.kind {
                // What an array or object holds lies in the order written: the last that begins at the span or before.
                Kind::Array(items) => {
                    let after = items.partition_point(|item| item.span.start <= span.start);
                    after
                        .checked_sub(1)
                        .and_then(|i| items.get(i).map(|item| (i, item)))
                        .filter(|(_, item)| item.span.encloses(span))
                        .map(|(i, item)| {
                            path.push_str(&format!("[{i}]"));
                            item
                        })
                }
                Kind::Object(members) => members
                    .partition_point(|member| member.name.span.start <= span.start)
                    .checked_sub(1)
                    .and_then(|i| members.get(i))
                    .filter(|member| member.value.span.encloses(span) || member.name.span.encloses(span))
                    .and_then(|member| {
                        push_name(&mut path, &member.name.value);
                        member.value.span.encloses(span).then_some(&member.value)
                    }),
                _ => None,
            };
        }
        path
    }
}

/// Appends `.name`, quoted as Nix would where it is no identifier.
fn push_name(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '\''));
    if plain {
        path.push_str(name);
    } else {
        path.push_str(&format!("{name:?}"));
    }
}

#[cfg(test)]
mod tests;
