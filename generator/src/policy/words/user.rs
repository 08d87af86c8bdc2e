//! User names: any text that contains `@`.

use super::quote::Quoted;

/// A user as policies write it: `alice@` (a local user) or `alice@example.org` (matched by provider id, email, name).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserName(Box<str>);

/// A user name without `@`, in headscale's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("username must contain @, got: {}", Quoted(.0))]
pub struct UserError(pub Box<str>);

impl UserName {
    /// Reads a user name (headscale's `Username.Validate`): nothing but the `@` is asked for, and it may stand
    /// anywhere.
    ///
    /// # Errors
    /// There is no `@`.
    pub fn parse(text: &str) -> Result<Self, UserError> {
        if text.contains('@') {
            Ok(Self(text.into()))
        } else {
            Err(UserError(text.into()))
        }
    }

    /// The name as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What headscale compares with its users' provider id, email and name: one trailing `@` dropped
    /// (`Username.resolveUser`).
    #[must_use]
    pub fn token(&self) -> &str {
        self.0.strip_suffix('@').unwrap_or(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_at_sign_will_do() {
        for text in ["alice@", "alice@example.org", "@", "group:a@b", " a@b "] {
            assert_eq!(UserName::parse(text).unwrap().as_str(), text);
        }
        assert_eq!(
            UserName::parse("alice").unwrap_err().to_string(),
            r#"username must contain @, got: "alice""#
        );
    }

    #[test]
    fn one_trailing_at_sign_is_dropped() {
        assert_eq!(UserName::parse("alice@").unwrap().token(), "alice");
        assert_eq!(UserName::parse("alice@@").unwrap().token(), "alice@");
        assert_eq!(UserName::parse("a@example.org").unwrap().token(), "a@example.org");
    }
}
