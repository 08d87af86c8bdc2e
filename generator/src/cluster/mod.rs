//! The declaration of a cluster: what it says, what it means, whether it holds together.
//!
//! The way of data: tree -> [`declaration::Declaration`] -> model (nodes with addresses, one policy, the flows that
//! have to pass) -> rules -> artifacts.

mod addresses;
pub(crate) mod coverage;
pub mod declaration;
pub mod judge;
pub(crate) mod listeners;
pub mod model;
pub mod reading;
pub mod rules;
pub(crate) mod sample;
pub mod words;

pub use judge::{Judgement, Options, judge, judge_with};
pub use model::Model;

/// The JSON schema of a declaration, for editors and for the check that the NixOS options say the same.
#[cfg(feature = "full")]
#[must_use]
pub fn schema() -> schemars::Schema {
    let mut schema = schemars::schema_for!(declaration::Declaration);
    unwrap_descriptions(&mut schema);
    // What editors write to know the schema is no unknown option.
    if let Some(properties) = schema.get_mut("properties").and_then(|value| value.as_object_mut()) {
        properties.insert(
            "$schema".to_owned(),
            serde_json::json!({ "type": "string", "description": "Where an editor finds this schema." }),
        );
    }
    schema
}

/// Joins the lines of every description: where a comment is broken in the source says nothing. An empty line stays.
#[cfg(feature = "full")]
fn unwrap_descriptions(schema: &mut schemars::Schema) {
    use schemars::transform::{RecursiveTransform, Transform as _};
    let join = |schema: &mut schemars::Schema| {
        let Some(serde_json::Value::String(text)) = schema.get_mut("description") else {
            return;
        };
        let paragraphs = text.split("\n\n").map(|paragraph| paragraph.replace('\n', " "));
        *text = paragraphs.collect::<Vec<_>>().join("\n\n");
    };
    RecursiveTransform(join).transform(schema);
}

#[cfg(all(test, feature = "full"))]
mod tests {
    #[test]
    fn the_schema_has_every_option_with_its_description_and_default() {
        let schema = serde_json::to_value(super::schema()).unwrap();
        let properties = schema["properties"].as_object().unwrap();
        assert_eq!(properties.len(), 16);
        for (name, property) in properties {
            assert!(property["description"].is_string(), "{name} has no description");
        }
        assert_eq!(
            schema["required"],
            serde_json::json!(["name", "baseDomain", "controlServer"])
        );
        assert_eq!(schema["properties"]["tailnetMtu"]["default"], 1280);
        assert_eq!(
            schema["$defs"]["K3s"]["properties"]["podCidr"]["default"],
            "10.42.0.0/16"
        );
        assert_eq!(schema["$defs"]["Policy"]["properties"]["derive"]["default"], true);
    }
}
