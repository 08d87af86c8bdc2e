//! `tailnet schema [WHAT]`: the JSON schema of the declaration, or of an artifact.

use clap::builder::PossibleValuesParser;

use super::{Context, Exit, Outcome};

/// The arguments of `tailnet schema`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Of what: the declaration, or an artifact
    #[arg(default_value = "declaration", value_parser = PossibleValuesParser::new(names()))]
    what: String,
}

/// Makes one schema.
type Make = fn() -> schemars::Schema;

/// Every schema: what it describes, and where it comes from. One line each; artifacts by their names, `node` for
/// `nodes/NAME.json`.
const SCHEMAS: &[(&str, Make)] = &[
    ("declaration", crate::cluster::schema),
    ("derp", written::<crate::derp::Map>),
    ("dns", written::<crate::dns::Settings>),
    ("flows", written::<crate::render::flows::Flows>),
    ("node", written::<crate::render::node::NodeArtifact>),
    ("report", written::<crate::render::report::Report>),
    ("topology", written::<crate::render::topology::Topology>),
];

/// The schema of what is written: a member that is left out when it is empty is not required.
fn written<T: schemars::JsonSchema>() -> schemars::Schema {
    let settings = schemars::generate::SchemaSettings::default().for_serialize();
    settings.into_generator().into_root_schema_for::<T>()
}

/// What there are schemas of.
fn names() -> impl Iterator<Item = &'static str> {
    SCHEMAS.iter().map(|(name, _)| *name)
}

/// Prints the schema: JSON in any form of answer.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Outcome {
    if let Some((_, schema)) = SCHEMAS.iter().find(|(name, _)| *name == args.what) {
        serde_json::to_writer_pretty(&mut *context.out, &schema())?;
        writeln!(context.out)?;
    }
    Ok(Exit::Fine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_describes_an_object_and_says_what_its_parts_are() {
        for (name, schema) in SCHEMAS {
            let schema = serde_json::to_value(schema()).unwrap();
            assert_eq!(schema["type"], "object", "{name}");
            assert!(schema["$schema"].is_string(), "{name}");
            assert!(schema["description"].is_string(), "{name}");
            let mut parts = vec![("", &schema)];
            parts.extend(
                schema["$defs"]
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(part, s)| (part.as_str(), s)),
            );
            for (part, schema) in parts {
                for (option, property) in schema["properties"].as_object().into_iter().flatten() {
                    assert!(
                        property["description"].is_string(),
                        "{name}: {part}.{option} has no description"
                    );
                }
            }
        }
    }
}
