//! The declaration of a cluster: read, completed by its presets, judged.

pub mod rules;
