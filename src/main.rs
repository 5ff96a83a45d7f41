//! The `turnout` program.

fn main() {}
