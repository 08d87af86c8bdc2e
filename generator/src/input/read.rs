//! From a file to a tree: opening, the size, UTF-8, the grammar. All that is wrong becomes findings.

use super::{Input, Inputs, Origin, rules};
use crate::diagnostics::Diagnostic;
use crate::hujson::{self, Flavour};
use crate::source::{LineIndex, SourceId};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The longest input that is read, in bytes: 256 MiB. Offsets are 32 bits wide, so it must stay below 4 GiB.
pub const MAX_BYTES: u64 = 256 << 20;

impl Inputs {
    /// Reads `bytes`, called `name`, by the grammar of `flavour`; what is wrong goes to `findings`.
    ///
    /// `Some`: there is a tree that can be judged (a name that stands twice is a finding and no hindrance, the first
    /// counts). `None`: there is none. The text is kept in any case, so that the findings can be shown; where it was
    /// no UTF-8, with U+FFFD in place of what was not.
    pub fn read(
        &mut self,
        name: impl Into<String>,
        bytes: impl Into<Vec<u8>>,
        origin: Origin,
        flavour: Flavour,
        prefix: impl Into<String>,
        findings: &mut Vec<Diagnostic>,
    ) -> Option<SourceId> {
        let name = name.into();
        let bytes = bytes.into();
        if bytes.len() as u64 > MAX_BYTES {
            findings.push(rules::too_large::finding(&name));
            return None;
        }
        let id = self.next_id();
        let (text, is_text) = match String::from_utf8(bytes) {
            Ok(text) => (text, true),
            Err(error) => {
                findings.push(rules::invalid_utf8::finding(id, error.as_bytes(), error.utf8_error()));
                (String::from_utf8_lossy(error.as_bytes()).into_owned(), false)
            }
        };
        // What is no text is not parsed: a second finding about the same bytes would help nobody.
        let (tree, sound) = if is_text {
            let parsed = hujson::parse(id, &text, flavour);
            let sound = parsed.is_sound();
            findings.extend(parsed.errors.into_iter().map(rules::finding));
            (parsed.root, sound)
        } else {
            (None, false)
        };
        self.push(Input {
            name,
            origin,
            flavour,
            lines: LineIndex::new(&text),
            text,
            tree,
            prefix: prefix.into(),
        });
        sound.then_some(id)
    }

    /// Reads a policy as [`Inputs::read`] does, from a file, with one difference: a text of *no bytes* is no error, it
    /// has no tree. For headscale it is no policy at all, which allows everything (`unmarshalPolicy` returns nil before
    /// it parses). A text of nothing but white space and comments is an error, for headscale too.
    pub fn read_policy(
        &mut self,
        name: impl Into<String>,
        bytes: impl Into<Vec<u8>>,
        prefix: impl Into<String>,
        findings: &mut Vec<Diagnostic>,
    ) -> Option<SourceId> {
        let bytes = bytes.into();
        if !bytes.is_empty() {
            return self.read(name, bytes, Origin::File, Flavour::Hujson, prefix, findings);
        }
        Some(self.push(Input {
            name: name.into(),
            origin: Origin::File,
            flavour: Flavour::Hujson,
            text: String::new(),
            lines: LineIndex::new(""),
            tree: None,
            prefix: prefix.into(),
        }))
    }

    /// Opens the file `path`, or standard input where it is `-`, and reads it by the grammar its name promises
    /// ([`Flavour::of_path`]).
    pub fn read_file(
        &mut self,
        path: &Path,
        prefix: impl Into<String>,
        findings: &mut Vec<Diagnostic>,
    ) -> Option<SourceId> {
        let name = display_name(path);
        let bytes = read_bytes(&name, open(path), findings)?;
        self.read(name, bytes, Origin::File, Flavour::of_path(path), prefix, findings)
    }

    /// Opens the file `path`, or standard input where it is `-`, and reads it as a policy ([`Inputs::read_policy`]):
    /// always HuJSON, whatever its name.
    pub fn read_policy_file(
        &mut self,
        path: &Path,
        prefix: impl Into<String>,
        findings: &mut Vec<Diagnostic>,
    ) -> Option<SourceId> {
        let name = display_name(path);
        let bytes = read_bytes(&name, open(path), findings)?;
        self.read_policy(name, bytes, prefix, findings)
    }
}

/// How findings call an input: the path as it was given, or `<stdin>`.
#[must_use]
pub fn display_name(path: &Path) -> String {
    if path.as_os_str() == "-" {
        "<stdin>".to_owned()
    } else {
        path.display().to_string()
    }
}

/// Opens the file `path`, or standard input where it is `-`.
///
/// # Errors
/// When there is no such file, it is a directory, or reading it is not allowed.
pub fn open(path: &Path) -> io::Result<Box<dyn Read>> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::stdin().lock()));
    }
    let file = File::open(path)?;
    // Opening a directory succeeds; only reading it would not.
    if file.metadata()?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    Ok(Box::new(file))
}

/// Opens the file `path`, which another text names: a regular file, since a device may never end and a pipe never begin.
///
/// # Errors
/// When there is none, it is another thing than a file, or reading it is not allowed.
pub fn open_file(path: &Path) -> io::Result<Box<dyn Read>> {
    let metadata = std::fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    Ok(Box::new(File::open(path)?))
}

/// All bytes of what was opened (or not) under `name`, at most [`MAX_BYTES`]; what hinders goes to `findings`.
pub fn read_bytes(name: &str, opened: io::Result<Box<dyn Read>>, findings: &mut Vec<Diagnostic>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    match opened.and_then(|input| input.take(MAX_BYTES + 1).read_to_end(&mut bytes)) {
        Ok(length) if length as u64 <= MAX_BYTES => Some(bytes),
        Ok(_) => {
            findings.push(rules::too_large::finding(name));
            None
        }
        Err(error) => {
            findings.push(rules::unreadable::finding(name, &error));
            None
        }
    }
}
