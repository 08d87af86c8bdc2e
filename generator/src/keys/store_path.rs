//! Nix store paths: `/nix/store/HASH-NAME`, where everybody on the host may read them.

use harmonia_utils_base_encoding::{Base, base32, decode_for_base};

/// Where Nix keeps what it builds, unless somebody has compiled it otherwise.
const STORE: &str = "/nix/store/";

/// A store path's hash: 160 bits.
const HASH_BYTES: usize = 20;

/// Whether `path` names something in the Nix store: the store's folder, a hash in Nix's base 32, a hyphen and a name.
#[must_use]
pub fn is_store_path(path: &str) -> bool {
    let Some(rest) = path.strip_prefix(STORE) else {
        return false;
    };
    let Some((hash, name)) = rest.split_once('-') else {
        return false;
    };
    let mut bytes = [0; HASH_BYTES];
    hash.len() == base32::encode_len(HASH_BYTES)
        && decode_for_base(Base::NixBase32)(hash.as_bytes(), &mut bytes).is_ok()
        && name
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+-._?=".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_of_thirty_two_characters_and_a_name() {
        assert!(is_store_path("/nix/store/0c5b8vw40dy178xlpddw65q9gf1h2186-jq-1.6"));
        assert!(is_store_path(
            "/nix/store/0c5b8vw40dy178xlpddw65q9gf1h2186-source/secrets/key"
        ));
        for other in [
            "/run/secrets/key",
            "/nix/store/",
            "/nix/store/short-x",
            "/nix/store/0c5b8vw40dy178xlpddw65q9gf1h2186",
            "/nix/store/0c5b8vw40dy178xlpddw65q9gf1h2186-",
            // `e`, `o`, `t` and `u` are not in Nix's alphabet.
            "/nix/store/ec5b8vw40dy178xlpddw65q9gf1h2186-jq",
            "/nix/store/\u{e4}c5b8vw40dy178xlpddw65q9gf1h218-jq",
        ] {
            assert!(!is_store_path(other), "{other}");
        }
    }
}
