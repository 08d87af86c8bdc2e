//! TN102: bytes that are no text.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::{SourceId, Span};
use std::str::Utf8Error;

/// TN102.
pub const PAGE: Page = Page {
    code: Code(102),
    severity: Severity::Error,
    name: "invalid-utf8",
    what: "The text is not valid UTF-8.",
    why: "JSON is UTF-8 and nothing else (RFC 8259, section 8.1), and headscale checks it, in comments too. The usual \
          causes are an editor that saved Latin-1 or UTF-16, and a file that is not a text at all.",
    wrong: Example::Input {
        shown: "a file saved as Latin-1, in which `é` is the byte 0xe9",
        open: || {
            Ok(Box::new(
                &b"{\"hosts\": {\"caf\xe9\": \"10.0.0.1\"}, \"acls\": []}\n"[..],
            ))
        },
    },
    right: Example::Policy {
        text: "{\"hosts\": {\"café\": \"10.0.0.1\"}, \"grants\": [{\"src\": [\"*\"], \"dst\": [\"café\"], \"ip\": [\"443\"]}]}\n",
        topology: None,
        dialect: "0.29",
    },
};

/// `bytes` are no text, as `error` says. Its place is right in `bytes` decoded lossily, where one replacement
/// character stands for what is wrong.
pub(in crate::input) fn finding(source: SourceId, bytes: &[u8], error: Utf8Error) -> Diagnostic {
    let start = error.valid_up_to();
    let byte = bytes.get(start).copied().unwrap_or_default();
    let at = start as u32;
    let length = char::REPLACEMENT_CHARACTER.len_utf8() as u32;
    let message = match error.error_len() {
        Some(_) => format!("invalid UTF-8: the byte 0x{byte:02x} at offset {start} begins no character"),
        None => format!("invalid UTF-8: the character that begins with 0x{byte:02x} at offset {start} is cut off"),
    };
    let finding = Diagnostic::new(&PAGE, Span::new(source, at, at + length), message);
    match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => finding.help("the file is UTF-16; save it as UTF-8"),
        _ => finding.help("save the file as UTF-8"),
    }
}
