//! Opens a page in the developer's browser, where there is one.

use std::process::{Command, Stdio};

/// Opens the page, or does nothing: a server without a screen is no error.
pub(crate) fn open(url: &str) {
    let Some(mut command) = opener(url) else {
        return;
    };
    // Not waited for: some openers live as long as the browser does.
    let _ = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
}

fn opener(url: &str) -> Option<Command> {
    let (name, first): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        // `start` is a word of the shell; its first quoted argument would be the window's title.
        ("cmd", &["/C", "start", ""])
    } else if ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
    {
        ("xdg-open", &[])
    } else {
        return None;
    };
    let mut command = Command::new(name);
    command.args(first).arg(url);
    Some(command)
}
