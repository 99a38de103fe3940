//! Where things are in the repository.

use std::path::PathBuf;

/// The repository's root, wherever the command was typed.
pub fn root() -> PathBuf {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).map_or_else(|| PathBuf::from("."), PathBuf::from)
}

/// The Mini App's sources.
pub fn ui() -> PathBuf {
    root().join("miniapp-ui")
}

/// The built Mini App, which the server serves.
pub fn ui_dist() -> PathBuf {
    ui().join("dist")
}

/// The server's OpenAPI document, HTTP and the socket's frames, as its code has it. The Mini App's script `types` reads it here.
pub fn description() -> PathBuf {
    root().join("target").join("openapi.json")
}

/// The types of the wire, generated from the server's OpenAPI document.
pub fn wire_types() -> PathBuf {
    ui().join("src").join("generated").join("wire.ts")
}

/// The browser tests.
pub fn e2e() -> PathBuf {
    root().join("tools").join("e2e")
}

/// Tools that belong to this checkout alone; goes away with `cargo clean`.
pub fn tools() -> PathBuf {
    root().join("target").join("tools")
}
