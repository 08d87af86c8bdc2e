//! The words of the declaration: newtypes that cannot hold an invalid value, one parser each.
//!
//! A word is a JSON string (or, for [`Port`], a number). Parsing knows nothing of where the word stands; [`Word::WHAT`]
//! and the error say what was expected, the reader adds the place.

mod choice;
mod name;
mod network;
mod number;
mod public_key;
mod text;

pub use choice::{
    AcmeChallenge, Allocation, Choice, DerpImplementation, FlannelBackend, HeadscaleVersion, K3sComponent, K3sRole,
    PkceMethod, RecordType, SshServer, TlsMode,
};
pub use name::{ClusterName, DomainName, HostName, LoginName, NodeName, ServiceName, Tag, UserName};
pub use network::{Address, Cidr, Listen, RelayV4, RelayV6, Resolver, Url};
pub use number::{Lifetime, Port, RegionId, ServicePorts, Transport};
pub use public_key::{CaHash, CertName, CertificatePin, MachineKey, NodeKey};
pub use text::{Certificate, CheckPeriodText, Email, FilePath, Label, LabelKey, Selector, Taint, Text};

/// A value written as one JSON string.
pub trait Word: Sized {
    /// What it is, with an article, for messages: `a node name`.
    const WHAT: &'static str;

    /// Whether what stands in its place may be a secret, so that messages must not repeat it.
    const SENSITIVE: bool = false;

    /// Reads it.
    ///
    /// # Errors
    /// Why `text` is none, as the end of the sentence "`TEXT` is not `WHAT`: ...", and what to write instead where
    /// that is certain.
    fn parse(text: &str) -> Result<Self, BadWord>;
}

/// Why a text is not the word it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadWord {
    /// The reason, a clause without a full stop.
    pub why: String,
    /// What was meant, when that is certain.
    pub meant: Option<String>,
}

impl BadWord {
    /// `why`, and nothing certain to write instead.
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            meant: None,
        }
    }

    /// The same with what was meant.
    pub(super) fn meant(mut self, meant: impl Into<String>) -> Self {
        self.meant = Some(meant.into());
        self
    }
}

/// A newtype over a checked text: its `as_str`, `Display`, serialisation and schema.
macro_rules! text_word {
    ($(#[$doc:meta])* $name:ident, pattern: $pattern:expr, example: $example:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Box<str>);

        impl $name {
            /// The text as written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        #[cfg(feature = "full")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                crate::cluster::words::text_schema::<Self>($pattern, $example)
            }
        }
    };
}
pub(crate) use text_word;

/// A newtype over a value with a canonical text: serialisation by `Display`, and schema.
macro_rules! shown_word {
    ($name:ident, pattern: $pattern:expr, example: $example:expr) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        #[cfg(feature = "full")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                crate::cluster::words::text_schema::<Self>($pattern, $example)
            }
        }
    };
}
pub(crate) use shown_word;

/// The schema of a word: a string with what it is as its title, and a pattern and an example, each left out when empty.
/// `x-sensitive`: what stands in its place may be a secret, so whoever checks it must not repeat it.
#[cfg(feature = "full")]
pub(crate) fn text_schema<W: Word>(pattern: &str, example: &str) -> schemars::Schema {
    let mut schema = schemars::json_schema!({ "type": "string", "title": W::WHAT });
    if W::SENSITIVE {
        schema.insert("x-sensitive".into(), true.into());
    }
    if !pattern.is_empty() {
        schema.insert("pattern".into(), pattern.into());
    }
    if !example.is_empty() {
        schema.insert("examples".into(), serde_json::json!([example]));
    }
    schema
}
