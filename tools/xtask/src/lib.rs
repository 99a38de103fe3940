//! What the developer's machine offers: programs and how to get them, processes, ports, and a PostgreSQL
//! and a Redis of one's own.
//!
//! A library, because the harness in `bench/` starts, kills and restarts the same services that
//! `cargo xtask test` only starts. Everything here blocks, and needs nothing but what is quick to compile.

pub mod cargo;
mod debian;
pub mod install;
pub mod interrupt;
pub mod net;
pub mod paths;
pub mod process;
pub mod programs;
pub mod services;
pub mod tools;
