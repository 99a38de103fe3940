//! Writes the OpenAPI document into the file that is named as the argument.
//!
//! `cargo run -p sovpalo-server --example description -- target/openapi.json`

use std::{env, fs, io, path::PathBuf};

fn main() -> io::Result<()> {
    let Some(file) = env::args_os().nth(1).map(PathBuf::from) else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "name the file to write as the argument"));
    };
    fs::write(file, sovpalo_server::description()?)
}
