//! Lets a fresh clone build before the UI has been: the folder that is embedded must exist, and a new file in it
//! means a new build.

fn main() -> std::io::Result<()> {
    std::fs::create_dir_all("../miniapp-ui/dist")?;
    println!("cargo::rerun-if-changed=../miniapp-ui/dist");
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
