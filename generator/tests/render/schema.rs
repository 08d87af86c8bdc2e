//! What is written fits its schema, and the examples fit the declaration's: as an editor would check them.

use std::path::Path;
use std::process::Command;

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::{Value, json};

use crate::make::render;

/// A schema as `tailnet schema WHAT` prints it.
fn schema(what: &str) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_tailnet"))
        .args(["schema", what])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Closes every object whose members are listed: then a member that the schema forgot does not fit. Objects put together
/// by `flatten` stay open, since each part knows only its own.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.contains_key("properties") && !members.contains_key("allOf") {
                members.entry("additionalProperties").or_insert(json!(false));
            }
            members.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

struct Fits {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Fits {
    fn new(what: &str) -> Self {
        let mut schema = schema(what);
        close(&mut schema);
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.add_resource("schema.json", schema).unwrap();
        let index = compiler.compile("schema.json", &mut schemas).unwrap();
        Self { schemas, index }
    }

    fn check(&self, name: &str, value: &Value) {
        if let Err(error) = self.schemas.validate(value, self.index) {
            panic!("{name}: {error:#}");
        }
    }

    fn refuses(&self, value: &Value) -> bool {
        self.schemas.validate(value, self.index).is_err()
    }
}

/// Every example declaration, by file name.
fn examples() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut all: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json5"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    all.sort();
    assert!(all.len() >= 6, "the examples are there: {all:?}");
    all
}

#[test]
fn every_artifact_of_every_example_fits_its_schema() {
    let kinds = ["derp", "dns", "flows", "node", "report", "topology"].map(|what| (what, Fits::new(what)));
    for (example, text) in examples() {
        // The policy file beside it is found from the declaration's folder.
        let text = text.replace(
            "policies/",
            &format!("{}/examples/policies/", env!("CARGO_MANIFEST_DIR")),
        );
        let files = render(&text);
        let mut checked = 0;
        for (file, content) in &files {
            let Some(stem) = file.strip_suffix(".json") else {
                continue;
            };
            let what = if file.starts_with("nodes/") { "node" } else { stem };
            let (_, fits) = kinds
                .iter()
                .find(|(kind, _)| *kind == what)
                .unwrap_or_else(|| panic!("{file} has no schema"));
            fits.check(&format!("{example}: {file}"), &serde_json::from_slice(content).unwrap());
            checked += 1;
        }
        assert!(checked > 4, "{example}: {checked}");
    }
}

#[test]
fn a_report_of_findings_fits_its_schema() {
    let judged = crate::make::judge("{ name: 'x', nodes: { a: { tags: ['b'] } }, colour: 1 }", 0);
    let files = judged.render(tailnet_generator::render::Options::default());
    let report: Value = serde_json::from_slice(&files["report.json"]).unwrap();
    assert_eq!(report["ok"], false);
    Fits::new("report").check("report.json", &report);
}

#[test]
fn every_example_fits_the_declarations_schema_and_slips_do_not() {
    let fits = Fits::new("declaration");
    for (example, text) in examples() {
        let mut value: Value = json5::from_str(&text).unwrap();
        fits.check(&example, &value);
        value["nodes"]["primer"]["tag"] = json!(["tag:x"]);
        assert!(fits.refuses(&value), "{example}");
    }
    let text = include_str!("../../examples/minimal.json5");
    let minimal: Value = json5::from_str(text).unwrap();
    for (pointer, wrong) in [
        ("name", json!(1)),
        ("baseDomain", json!(["mesh.example.org"])),
        ("nodes", json!([])),
        ("headscaleVersion", json!("0.1")),
    ] {
        let mut value = minimal.clone();
        value[pointer] = wrong;
        assert!(fits.refuses(&value), "{pointer}");
    }
}
