//! A declaration as Nix hands it over: an object whose member `declaration` is the declaration and whose member `files`
//! has the text of every file that it names. A derivation's attributes are one, and so is what `nix eval --json` prints
//! of `config.tailnet.lockInput`.

use std::collections::BTreeMap;

use super::judged::Judged;
use crate::hujson::{Flavour, Kind, Value};
use crate::input::{Inputs, Origin};

/// A declaration and the files that it names.
pub(super) struct HandedOver {
    /// The text of the declaration.
    declaration: String,
    /// The texts of files, by the names that the declaration uses.
    files: BTreeMap<String, String>,
}

impl HandedOver {
    /// What the object `tree`, whose text is `text`, hands over; `None`: it has no member `declaration`.
    pub(super) fn of(text: &str, tree: &Value) -> Option<Self> {
        let declaration = tree.get("declaration")?;
        let mut files = BTreeMap::new();
        if let Some(Kind::Object(members)) = tree.get("files").map(|files| &files.kind) {
            for member in members {
                if let Some(text) = member.value.as_str() {
                    files.insert(member.name.value.to_string(), text.to_owned());
                }
            }
        }
        Some(Self {
            declaration: text.get(declaration.span.range()).unwrap_or_default().to_owned(),
            files,
        })
    }

    /// Judges it. What Nix hands over lies in no file that somebody could look into: findings name the option.
    pub(super) fn judge(self) -> Judged {
        let mut inputs = Inputs::default();
        inputs.hand_over(self.files);
        let mut findings = Vec::new();
        let source = inputs.read(
            "tailnet.cluster",
            self.declaration,
            Origin::Nix,
            Flavour::Hujson,
            "",
            &mut findings,
        );
        Judged::new(inputs, source, findings)
    }
}
