//! A migration that is added must be built in, too.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
