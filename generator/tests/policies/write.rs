//! HuJSON in a layout of chance, with numbered comments in all places where one may stand.

use serde_json::Value;

/// Writes `value`; the same `layout` gives the same text.
pub(crate) fn hujson(value: &Value, layout: u64) -> String {
    let mut writer = Writer {
        out: String::new(),
        state: layout | 1,
        comments: 0,
    };
    writer.comment(0);
    writer.value(value, 0);
    writer.comment(0);
    writer.out.push('\n');
    writer.out
}

/// The comments that [`hujson`] wrote into `text`.
pub(crate) fn comments(text: &str) -> Vec<String> {
    text.split("<c")
        .skip(1)
        .filter_map(|rest| rest.split_once('>').map(|(number, _)| format!("<c{number}>")))
        .collect()
}

struct Writer {
    out: String,
    state: u64,
    comments: usize,
}

impl Writer {
    /// Whether something happens that happens in `percent` of all cases.
    fn chance(&mut self, percent: u64) -> bool {
        // xorshift64
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 16) % 100 < percent
    }

    fn line(&mut self, depth: usize) {
        self.out.push('\n');
        self.out.push_str(&"  ".repeat(depth));
    }

    /// Perhaps a comment.
    fn comment(&mut self, depth: usize) {
        if !self.chance(8) {
            return;
        }
        self.comments += 1;
        let number = self.comments;
        if self.chance(50) {
            self.out.push_str(&format!(" // <c{number}>"));
            self.line(depth);
        } else {
            self.out.push_str(&format!(" /* <c{number}> */ "));
        }
    }

    fn value(&mut self, value: &Value, depth: usize) {
        let members: Vec<(Option<&String>, &Value)> = match value {
            Value::Array(items) => items.iter().map(|item| (None, item)).collect(),
            Value::Object(members) => members.iter().map(|(name, value)| (Some(name), value)).collect(),
            plain => {
                self.out.push_str(&plain.to_string());
                return;
            }
        };
        let lines = self.chance(if depth < 2 { 85 } else { 30 });
        self.out.push(if value.is_array() { '[' } else { '{' });
        self.comment(depth + 1);
        for (i, (name, item)) in members.iter().enumerate() {
            if lines {
                self.line(depth + 1);
            } else if self.chance(70) {
                self.out.push(' ');
            }
            if let Some(name) = name {
                self.out.push_str(&Value::from(name.as_str()).to_string());
                self.comment(depth + 1);
                self.out.push(':');
                self.comment(depth + 1);
                self.out.push(' ');
            }
            self.value(item, depth + 1);
            self.comment(depth + 1);
            if i + 1 < members.len() || self.chance(40) {
                self.out.push(',');
            }
            self.comment(depth + 1);
        }
        if lines {
            self.line(depth);
        }
        self.out.push(if value.is_array() { ']' } else { '}' });
    }
}
