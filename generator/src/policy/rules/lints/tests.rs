//! The lints on policies as a whole.
