//! Sovpalo.
fn main() {}
