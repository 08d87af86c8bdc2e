//! How headscale writes names and lists in its messages.

use super::super::words::{Autogroup, Quoted};

/// `text` in quotes, as headscale's messages show it.
pub(super) fn quote(text: &str) -> String {
    Quoted(text).to_string()
}

/// `text` as a JSON string: what a fix writes.
pub(super) fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// `[a b c]`, as Go prints a list.
pub(super) fn list(autogroups: &[Autogroup]) -> String {
    let names: Vec<&str> = autogroups.iter().map(|autogroup| autogroup.as_str()).collect();
    format!("[{}]", names.join(" "))
}

/// `"a", "b" or "c"`.
pub(super) fn choice(autogroups: &[Autogroup]) -> String {
    let names: Vec<String> = autogroups.iter().map(|autogroup| quote(autogroup.as_str())).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// What headscale puts before every complaint about `tests` and `sshTests`.
pub(super) fn test_failed(complaint: &str) -> String {
    format!("test(s) failed: {complaint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_choices() {
        let some = &[Autogroup::Member, Autogroup::Tagged, Autogroup::OwnDevices];
        assert_eq!(list(some), "[autogroup:member autogroup:tagged autogroup:self]");
        assert_eq!(
            choice(some),
            "\"autogroup:member\", \"autogroup:tagged\" or \"autogroup:self\""
        );
        assert_eq!(choice(&[Autogroup::Member]), "\"autogroup:member\"");
    }

    #[test]
    fn what_a_fix_writes_is_json() {
        assert_eq!(json("a\"\u{7}ä"), "\"a\\\"\\u0007ä\"");
    }
}
