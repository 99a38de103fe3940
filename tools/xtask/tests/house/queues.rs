//! Queues that can grow for ever, as far as the text of a file shows them.

/// What makes a queue without a bound, of whichever library: `unbounded` is in the names of tokio's, futures', flume's, crossbeam's and
/// async-channel's; the standard library's channel without an argument, and concurrency without a limit.
const WITHOUT: &[&str] = &[
    "unbounded",
    "std::sync::mpsc",
    "mpsc::channel()",
    "mpsc::channel::<",
    "SegQueue",
    "for_each_concurrent(None",
    "try_for_each_concurrent(None",
    "buffer_unordered(usize::MAX)",
];
/// What takes its bound as an argument, which has to be a constant: its name and its comment say what happens beyond it.
const WITH: &[&str] = &[
    "mpsc::channel(",
    "broadcast::channel(",
    "sync_channel(",
    "flume::bounded(",
    "async_channel::bounded(",
    "channel::bounded(",
];

/// Where a file makes a queue that has no bound, or none that is named. What its comments say does not count, nor its tests at its end.
pub(crate) fn without_bound(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let lines = code.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    let code: String = lines.flat_map(|line| [line, "\n"]).collect();
    let mut found: Vec<String> =
        WITHOUT.iter().filter(|word| code.contains(*word)).map(|word| (*word).to_owned()).collect();
    for maker in WITH {
        for (start, _) in code.match_indices(maker) {
            let argument = code[start + maker.len()..].split([')', '\n']).next().unwrap_or_default();
            // Without an argument it is found above.
            if !argument.is_empty() && !argument.split(|c: char| !is_of_a_name(c)).any(is_constant) {
                found.push(format!("{maker}{argument})"));
            }
        }
    }
    found
}

fn is_of_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn is_constant(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && !name.contains(|c: char| c.is_ascii_lowercase())
}

#[test]
fn queues_without_a_named_bound_are_found_whatever_makes_them() {
    for found in [
        "let (a, b) = mpsc::unbounded_channel();",
        "let (a, b) = flume::unbounded::<u8>();",
        "use async_channel::unbounded;",
        "use std::sync::mpsc;\n",
        "let (a, b) = mpsc::channel();",
        "let (a, b) = mpsc::channel::<u8>();",
        "let (a, b) = broadcast::channel(64);",
        "let (a, b) = mpsc::channel(rooms.len());",
        "stream.for_each_concurrent(None, f)",
    ] {
        assert!(!without_bound(found).is_empty(), "{found}");
    }
    for fine in [
        "let (a, b) = mpsc::channel(4 * GROUP);",
        "let changes = broadcast::channel(BACKLOG).0;",
        "let (a, b) = oneshot::channel();",
        "let (a, b) = watch::channel(None);",
        "// mpsc::unbounded_channel would grow.",
        "#[cfg(test)]\nmod tests { use std::sync::mpsc; }",
    ] {
        assert_eq!(without_bound(fine), [""; 0], "{fine}");
    }
}
