//! `policy`: headscale's own language, written out or named as a file.

use serde::Serialize;
use serde::ser::SerializeMap as _;

use crate::hujson::{Member, Value};
use crate::source::Spanned;

use super::super::reading::{Object, Read, Reader};
use super::super::words::FilePath;
use super::{defaults, unwritten};

/// The policy. Its sections are kept as they were written: the policy's own reader judges them.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Where it stands; an empty place where there is none.
    pub place: Spanned<()>,
    /// A policy file: an existing one can be used as it is.
    pub file: Option<Spanned<FilePath>>,
    /// Whether what k3s, monitoring and announced routes need is added to the policy.
    pub derive: Spanned<bool>,
    /// The sections written here: every other member.
    pub sections: Vec<Member>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            place: unwritten(()),
            file: None,
            derive: defaults::yes(),
            sections: Vec::new(),
        }
    }
}

impl Serialize for Policy {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("file", &self.file)?;
        map.serialize_entry("derive", &self.derive)?;
        for member in &self.sections {
            map.serialize_entry(&*member.name.value, &super::tree::json(&member.value))?;
        }
        map.end()
    }
}

impl Read for Policy {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "policy", reader, |object| {
            Some(Self {
                place: object.place(),
                file: object.optional("file"),
                derive: object.or("derive", defaults::yes()),
                sections: object.rest(),
            })
        })
    }
}

#[cfg(feature = "full")]
impl schemars::JsonSchema for Policy {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Policy".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        super::policy_schema::Policy::json_schema(generator)
    }
}
