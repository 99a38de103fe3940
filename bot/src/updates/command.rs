//! Commands as people type them: `/new`, `/new@our_bot Friday night`, `/START abc`, `/watch https://…`.

/// What a text asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command<'a> {
    /// `/start`, with what the link brought along.
    Start(&'a str),
    /// `/new`, with a name perhaps.
    New(&'a str),
    /// `/watch`, with a link perhaps.
    Watch(&'a str),
    /// `/matches`
    Matches,
    /// `/help`
    Help,
    /// Something that we do not know.
    Unknown {
        /// Whether it says that it is for us.
        to_us: bool,
    },
    /// A command for another bot.
    ForAnother,
}

/// Reads a command; `None` if the text is none. `username` is ours, without `@`.
pub(super) fn read<'a>(text: &'a str, username: &str) -> Option<Command<'a>> {
    let rest = text.strip_prefix('/')?;
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let (word, argument) = (&rest[..end], rest[end..].trim());
    let (name, to) = match word.split_once('@') {
        Some((name, to)) => (name, Some(to)),
        None => (word, None),
    };
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return None;
    }
    if to.is_some_and(|to| !to.eq_ignore_ascii_case(username)) {
        return Some(Command::ForAnother);
    }
    Some(match name.to_ascii_lowercase().as_str() {
        "start" => Command::Start(argument),
        "new" => Command::New(argument),
        "watch" => Command::Watch(argument),
        "matches" => Command::Matches,
        "help" => Command::Help,
        _ => Command::Unknown { to_us: to.is_some() },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_ours(text: &str) -> Option<Command<'_>> {
        read(text, "sovpalo_bot")
    }

    #[test]
    fn a_command_is_read_as_people_type_it() {
        assert_eq!(read_ours("/new"), Some(Command::New("")));
        assert_eq!(read_ours("/new@Sovpalo_Bot  Friday night "), Some(Command::New("Friday night")));
        assert_eq!(read_ours("/New\nПятница"), Some(Command::New("Пятница")));
        assert_eq!(read_ours("/watch  https://youtu.be/x "), Some(Command::Watch("https://youtu.be/x")));
        assert_eq!(read_ours("/start 7KQ2M001"), Some(Command::Start("7KQ2M001")));
        assert_eq!(read_ours("/help@sovpalo_bot"), Some(Command::Help));
    }

    #[test]
    fn a_command_for_another_bot_is_not_ours() {
        assert_eq!(read_ours("/new@other_bot"), Some(Command::ForAnother));
        assert_eq!(read_ours("/whatever@"), Some(Command::ForAnother));
    }

    #[test]
    fn an_unknown_command_says_whether_it_is_for_us() {
        assert_eq!(read_ours("/newer"), Some(Command::Unknown { to_us: false }));
        assert_eq!(read_ours("/roll@sovpalo_bot"), Some(Command::Unknown { to_us: true }));
    }

    #[test]
    fn what_only_begins_like_a_command_is_none() {
        for text in ["", "/", "//", "new", " /new", "/é", "/@sovpalo_bot", "/a/b", "/\0", "/😀"] {
            assert_eq!(read_ours(text), None, "{text:?} was taken for a command");
        }
    }
}
