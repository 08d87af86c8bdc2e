//! The parts that the examples of the pages have in common, so that each page shows what it is about.

/// Literals for `concat!`: the beginning of a declaration that holds together, section by section.
macro_rules! sample {
    () => {
        concat!(sample!(names), sample!(control), sample!(nodes), sample!(derp))
    };
    (names) => {
        "{\n  name: \"keystone\",\n  baseDomain: \"mesh.example.org\",\n"
    };
    (control) => {
        "  controlServer: { node: \"primer\", url: \"https://headscale.example.org\" },\n"
    };
    (nodes) => {
        "  nodes: { primer: { tags: [\"tag:primer\"] } },\n"
    };
    (derp) => {
        "  derp: { regions: { \"900\": { code: \"keystone\", nodes: { primer: { hostName: \"derp.example.org\", port: 8443 } } } } },\n"
    };
}
pub(crate) use sample;

/// Judges a declaration whose marks say what is found in it, and gives that.
#[cfg(test)]
#[track_caller]
pub(crate) fn check(marked: &str) -> Vec<crate::diagnostics::Diagnostic> {
    use crate::diagnostics::Example;
    use crate::diagnostics::caret::{self, Text};
    let text = Text {
        name: "cluster.json5",
        marked,
    };
    caret::check_with(&[text], |plain| caret::judge(&Example::Declaration(""), plain))
}
