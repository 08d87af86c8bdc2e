//! Member names as headscale compares them.

/// `name` as headscale compares the member names of its structs: case does not count, nor do `-` and `_`, so
/// `tag_owners`, `Tag-Owners` and `tagOwners` are one name (go-json-experiment with `MatchCaseInsensitiveNames`).
///
/// Names of maps (groups, hosts, tags, capabilities, routes) are compared exactly and must not be folded.
///
/// Unicode's simple folding joins two more characters with ASCII letters, `ſ` (U+017F) with `s` and the Kelvin sign
/// (U+212A) with `k`. Other characters stay as they are: no name that headscale knows has any, so they match nothing.
#[must_use]
pub fn fold_name(name: &str) -> String {
    folded(name).collect()
}

/// Whether two member names of a struct are the same for headscale: `fold_name(a) == fold_name(b)`, without allocating.
#[must_use]
pub fn same_name(a: &str, b: &str) -> bool {
    folded(a).eq(folded(b))
}

fn folded(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| !matches!(c, '-' | '_')).map(|c| match c {
        'ſ' => 's',
        '\u{212A}' => 'k',
        other => other.to_ascii_lowercase(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_hyphens_and_underscores_do_not_count() {
        for name in [
            "tagOwners",
            "TAGOWNERS",
            "tag_owners",
            "Tag-Owners",
            "_tagowners-",
            "tagOwnerſ",
        ] {
            assert_eq!(fold_name(name), "tagowners", "{name}");
            assert!(same_name(name, "tagOwners"), "{name}");
        }
        assert_eq!(fold_name("\u{212A}ey"), "key");
        for name in ["tagOwner", "tag owners", "tagÖwners", ""] {
            assert!(!same_name(name, "tagOwners"), "{name}");
        }
    }
}
