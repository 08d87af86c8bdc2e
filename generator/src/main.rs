//! The command `tailnet`: a thin shell around the library.

fn main() {}
