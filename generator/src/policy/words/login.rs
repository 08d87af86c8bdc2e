//! The entries of an SSH rule's `users`: logins on the node that is entered.

/// The domain of `localpart:*@domain`, which lets every user of that mail domain in under the local part of their
/// address. `None` for everything else: headscale takes a malformed one for a login of that name
/// (`SSHUser.IsCanonicalLocalpart`).
///
/// ```
/// use tailnet_generator::policy::words::login::localpart_domain;
/// assert_eq!(localpart_domain("localpart:*@example.org"), Some("example.org"));
/// assert_eq!(localpart_domain("localpart:a@example.org"), None);
/// assert_eq!(localpart_domain("localpart:*@x@example.org"), None);
/// assert_eq!(localpart_domain("localpart:*@"), None);
/// ```
#[must_use]
pub fn localpart_domain(login: &str) -> Option<&str> {
    let (local, domain) = login.strip_prefix("localpart:")?.rsplit_once('@')?;
    (local == "*" && !domain.is_empty()).then_some(domain)
}

/// Why a login is refused. The words are headscale's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// Nothing left after trimming.
    #[error("user \"\" is not valid")]
    Empty,
    /// `*`
    #[error("user \"*\" is not valid")]
    Wildcard,
}

/// Reads a login: trimmed (`SSHUser.UnmarshalJSON`); then all but the empty text and `*` passes, whatever it looks
/// like (`Policy.validate`).
///
/// # Errors
/// It is empty or `*`.
pub fn parse(text: &str) -> Result<&str, LoginError> {
    match text.trim() {
        "" => Err(LoginError::Empty),
        "*" => Err(LoginError::Wildcard),
        login => Ok(login),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearly_everything_is_a_login() {
        for text in ["root", "autogroup:nonroot", "group:admins", "localpart:x", "**", "a b"] {
            assert_eq!(parse(text), Ok(text));
        }
        assert_eq!(parse(" root\t"), Ok("root"));
        assert_eq!(parse(" \n").unwrap_err().to_string(), "user \"\" is not valid");
        assert_eq!(parse(" * ").unwrap_err().to_string(), "user \"*\" is not valid");
    }
}
