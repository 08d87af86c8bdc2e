//! The NixOS options are made from the schema that lies with the modules: it has to be today's.

/// `tailnet schema` as the modules read it. When the declaration changes: `cargo run -q -- schema >
/// modules/options/schema.json`.
#[test]
fn the_modules_have_the_schema_of_this_generator() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../modules/options/schema.json");
    let theirs: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let ours = serde_json::to_value(tailnet_generator::cluster::schema()).unwrap();
    assert!(
        theirs == ours,
        "modules/options/schema.json is of another declaration: cargo run -q -- schema > modules/options/schema.json"
    );
}
