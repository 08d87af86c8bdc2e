//! User names: any text that contains `@`.

/// A user as policies write it: `alice@` (a local user) or `alice@example.org` (matched by provider id, email, name).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserName(pub(super) Box<str>);

impl UserName {
    /// The name as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
