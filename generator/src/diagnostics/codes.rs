//! The one table of codes: the pages of every area, joined.

use super::{Code, Page};

/// The areas' lists. An area adds its pages to its own list; a new area adds a line here.
const AREAS: &[&[&Page]] = &[
    crate::input::rules::PAGES,
    crate::policy::rules::PAGES,
    crate::policy::rules::lints::PAGES,
    crate::cluster::rules::PAGES,
    crate::derp::rules::PAGES,
    crate::dns::rules::PAGES,
    crate::k3s::rules::PAGES,
    crate::keys::rules::PAGES,
    crate::host::PAGES,
];

/// Every page, in the order of the codes.
pub fn all() -> impl Iterator<Item = &'static Page> {
    let mut pages: Vec<&'static Page> = AREAS.iter().flat_map(|area| area.iter().copied()).collect();
    pages.sort_by_key(|page| page.code);
    pages.into_iter()
}

/// The page that `name` calls for: a code (`TN104`, `tn104`, `104`) or a page's name (`undefined-tag`).
#[must_use]
pub fn find(name: &str) -> Option<&'static Page> {
    let name = name.trim().to_ascii_lowercase();
    let digits = name.strip_prefix("tn").unwrap_or(&name);
    // `u16` reads `+102` too.
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let code = digits.parse().ok().filter(|_| plain).map(Code);
    all().find(|page| Some(page.code) == code || page.name == name)
}

#[cfg(test)]
mod tests;
