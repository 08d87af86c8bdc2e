//! Questions to one tailnet under one policy: who reaches what, by which rule, and what a change would change.

pub mod classes;
pub mod diff;
pub mod matrix;
pub mod opens;
pub mod reach;
pub mod show;
pub mod tests;

#[cfg(test)]
mod trial;
