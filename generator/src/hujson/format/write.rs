//! Writes a prepared text in canonical form. One loop with a stack of its own: depth costs no stack.

use super::layout::{Comment, Layout, Token};
use super::{TAB, WIDTH};
use crate::hujson::lex::PieceKind;

/// The canonical form of `text`, which `layout` prepared.
pub(super) fn write(text: &str, layout: &Layout<'_>) -> String {
    let mut writer = Writer {
        layout,
        out: String::with_capacity(text.len() + text.len() / 8),
        column: 0,
        after_line_comment: false,
        open: Vec::new(),
    };
    writer.before_root();
    let mut next = 0;
    while let Some(token) = layout.tokens.get(next) {
        next = match token.kind {
            Some(PieceKind::OpenBrace | PieceKind::OpenBracket) => writer.opening(next, token),
            Some(PieceKind::CloseBrace | PieceKind::CloseBracket) => {
                writer.open.pop();
                writer.token(token.text);
                writer.after_value(next + 1)
            }
            Some(_) if writer.expects_name() => writer.name(next, token),
            Some(_) => {
                writer.token(token.text);
                writer.after_value(next + 1)
            }
            None => break,
        };
    }
    writer.out.push('\n');
    writer.out
}

/// An array or object on several lines, not ended yet.
struct Open {
    object: bool,
    /// In an object: the name is written, its value not yet.
    named: bool,
}

struct Writer<'l, 't> {
    layout: &'l Layout<'t>,
    out: String,
    /// How many columns the last line has.
    column: usize,
    /// The last thing written was a line comment.
    after_line_comment: bool,
    open: Vec<Open>,
}

impl<'t> Writer<'_, 't> {
    fn get(&self, index: usize) -> Option<&Token<'t>> {
        self.layout.tokens.get(index)
    }

    fn expects_name(&self) -> bool {
        self.open.last().is_some_and(|open| open.object && !open.named)
    }

    fn token(&mut self, text: &str) {
        self.out.push_str(text);
        match text.rsplit_once('\n') {
            // A JSON5 string that goes on in the next line.
            Some((_, last)) => self.column = last.chars().count(),
            None => self.column += text.chars().count(),
        }
        self.after_line_comment = false;
    }

    /// Begins a line at the indentation of what is open, less `less` levels; after a blank line where `blank`.
    fn line(&mut self, blank: bool, less: usize) {
        let depth = self.open.len().saturating_sub(less);
        self.out.push_str(if blank { "\n\n" } else { "\n" });
        for _ in 0..depth {
            self.out.push('\t');
        }
        self.column = depth * TAB;
        self.after_line_comment = false;
    }

    /// A comment, after a space on the line of what precedes it or on a line of its own.
    fn comment(&mut self, comment: &Comment<'_>, own_line: bool, blank: bool) {
        if own_line || self.after_line_comment {
            self.line(blank, 0);
        } else if !self.out.is_empty() {
            self.token(" ");
        }
        let depth = self.open.len();
        let mut lines = comment
            .text
            .split('\n')
            .map(|line| line.trim_end_matches([' ', '\t', '\r']));
        self.token(lines.next().unwrap_or_default());
        let rest: Vec<&str> = lines.collect();
        let filled = || rest.iter().filter(|line| !line.is_empty());
        let stars = filled().all(|line| line.trim_start_matches([' ', '\t']).starts_with('*'));
        let common = filled().copied().reduce(common_indentation).map_or(0, indentation);
        for line in &rest {
            if line.is_empty() {
                self.out.push('\n');
                continue;
            }
            self.line(false, self.open.len() - depth);
            if stars {
                self.token(" ");
                self.token(line.trim_start_matches([' ', '\t']));
            } else {
                self.token(line.get(common..).unwrap_or_default());
            }
        }
        self.after_line_comment = comment.line;
    }

    /// What stands before the text's value.
    fn before_root(&mut self) {
        let Some(root) = self.layout.tokens.first() else {
            return;
        };
        let comments = self.layout.comments(root);
        for (i, comment) in comments.iter().enumerate() {
            self.comment(comment, i > 0 && comment.breaks > 0, comment.breaks > 1);
        }
        if !comments.is_empty() {
            if root.breaks > 0 || self.after_line_comment {
                self.line(root.breaks > 1, 0);
            } else {
                self.token(" ");
            }
        }
    }

    /// An array or object: all of it on this line, or its beginning. Gives the index to go on at.
    fn opening(&mut self, index: usize, token: &Token<'t>) -> usize {
        let extent = token.extent;
        let scalars_only = || {
            let inside = self.layout.tokens.get(index + 1..extent.close).unwrap_or_default();
            token.kind == Some(PieceKind::OpenBracket)
                && !inside
                    .iter()
                    .any(|t| matches!(t.kind, Some(PieceKind::OpenBrace | PieceKind::OpenBracket)))
        };
        // One column for the comma.
        let fits = self.column + extent.width + usize::from(!self.open.is_empty()) <= WIDTH;
        let flat = extent.flat && fits && (!self.open.is_empty() || scalars_only());
        if extent.empty || flat {
            self.flat(index, extent.close);
            return self.after_value(extent.close + 1);
        }
        self.token(token.text);
        self.open.push(Open {
            object: token.kind == Some(PieceKind::OpenBrace),
            named: false,
        });
        self.gap(&[], index + 1, true);
        index + 1
    }

    /// Writes the tokens from `first` to `last` on one line.
    fn flat(&mut self, first: usize, last: usize) {
        for index in first..=last {
            let Some(token) = self.layout.tokens.get(index) else {
                return;
            };
            match token.kind {
                Some(PieceKind::Comma) if self.get(index + 1).is_some_and(is_closing) => {}
                Some(PieceKind::Comma) => self.token(", "),
                Some(PieceKind::Colon) => self.token(": "),
                _ => self.token(token.text),
            }
        }
    }

    /// A name, its colon, and the comments up to its value unless they were moved above.
    fn name(&mut self, index: usize, token: &Token<'t>) -> usize {
        if let Some(open) = self.open.last_mut() {
            open.named = true;
        }
        self.token(token.text);
        self.token(":");
        if !self.moves_up(index) {
            for at in [index + 1, index + 2] {
                let Some(token) = self.layout.tokens.get(at) else { break };
                for comment in self.layout.comments(token) {
                    self.comment(comment, false, false);
                }
            }
        }
        self.token(" ");
        index + 2
    }

    /// Whether the comments between the name at `index` and its value move above the name.
    fn moves_up(&self, index: usize) -> bool {
        [index + 1, index + 2]
            .iter()
            .filter_map(|&at| self.get(at))
            .flat_map(|token| self.layout.comments(token))
            .any(|comment| comment.line || comment.text.contains('\n'))
    }

    /// After a value that ended before the token `next`: its comma, the comments up to the next, and its line. Gives
    /// the index of the next element, name or closing bracket.
    fn after_value(&mut self, next: usize) -> usize {
        let Some(token) = self.layout.tokens.get(next) else {
            return next;
        };
        let before = self.layout.comments(token);
        let Some(open) = self.open.last_mut() else {
            // The text's own value has ended.
            for comment in before {
                self.comment(comment, comment.breaks > 0, comment.breaks > 1);
            }
            return next;
        };
        open.named = false;
        if token.kind == Some(PieceKind::Comma) {
            self.token(",");
            self.gap(before, next + 1, false);
            return next + 1;
        }
        if !self.layout.plain {
            self.token(",");
        }
        // Without a comma all comments up to the bracket are comments after the value.
        for comment in before {
            self.comment(comment, comment.breaks > 0, comment.breaks > 1);
        }
        self.line(false, 1);
        next
    }

    /// The comments after an opening bracket or a comma, those `before` the comma first, and the beginning of the next
    /// line, up to the token `next`: an element, a name or a closing bracket.
    fn gap(&mut self, before: &[Comment<'t>], next: usize, opening: bool) {
        let Some(token) = self.layout.tokens.get(next) else {
            return;
        };
        let closing = is_closing(token);
        let after = self.layout.comments(token);
        for comment in before {
            self.comment(comment, comment.breaks > 0, comment.breaks > 1);
        }
        // On one line with what precedes and what follows, a comment belongs to what follows.
        let ends_line = token.breaks > 0 || after.iter().skip(1).any(|comment| comment.breaks > 0);
        let follows = ends_line || (closing && !opening);
        for (i, comment) in after.iter().enumerate() {
            let first = i == 0;
            let own_line = comment.breaks > 0 || (first && !follows);
            self.comment(comment, own_line, comment.breaks > 1 && !(first && opening));
        }
        if closing {
            self.line(false, 1);
            return;
        }
        let mut blank = token.breaks > 1 && !(opening && after.is_empty());
        let mut in_front = token.breaks == 0 && !after.is_empty() && !self.after_line_comment;
        if self.expects_name() && self.moves_up(next) {
            for at in [next + 1, next + 2] {
                let Some(token) = self.layout.tokens.get(at) else { break };
                for comment in self.layout.comments(token) {
                    self.comment(comment, true, blank);
                    blank = false;
                }
            }
            in_front = false;
        }
        if in_front {
            self.token(" ");
        } else {
            self.line(blank, 0);
        }
    }
}

fn is_closing(token: &Token<'_>) -> bool {
    matches!(token.kind, Some(PieceKind::CloseBrace | PieceKind::CloseBracket))
}

/// How many bytes of spaces and tabs `line` begins with.
fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// The spaces and tabs that both lines begin with.
fn common_indentation<'a>(a: &'a str, b: &'a str) -> &'a str {
    let common = a
        .bytes()
        .zip(b.bytes())
        .take_while(|(x, y)| x == y && matches!(x, b' ' | b'\t'))
        .count();
    a.get(..common).unwrap_or_default()
}
