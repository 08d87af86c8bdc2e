//! Questions to one tailnet under one policy: who reaches what, by which rule, and what a change would change.

#[cfg(any(test, feature = "full"))]
pub mod classes;
#[cfg(any(test, feature = "full"))]
pub mod diff;
#[cfg(any(test, feature = "full"))]
pub mod matrix;
#[cfg(any(test, feature = "full"))]
pub mod opens;
#[cfg(any(test, feature = "full"))]
pub mod reach;
#[cfg(any(test, feature = "full"))]
pub mod show;
pub mod tests;

#[cfg(test)]
mod trial;
