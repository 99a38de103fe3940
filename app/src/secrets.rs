//! Secrets that come from files of their own.
//!
//! Every setting that holds a secret has a sibling whose name ends in `_FILE`, as Docker's and systemd's secrets want it. **Neither what
//! is in such a file nor its path is ever shown**: the secret itself may have been pasted there.

use std::{fs::File, io::Read as _};

use crate::{
    config::{Settings, text},
    dotenv::Mistake,
};

/// How many bytes a file with a secret may have; a larger one is refused at the start.
pub(crate) const MAX_SECRET_FILE: u64 = 8 * 1024;

/// What came of reading the files.
#[derive(Default)]
pub(crate) struct Read {
    /// What keeps the program from starting.
    pub(crate) mistakes: Vec<Mistake>,
    /// What an operator should know although the program starts.
    pub(crate) warnings: Vec<String>,
}

/// Puts what is in the files into the settings.
pub(crate) fn read(settings: &mut Settings) -> Read {
    let all = [
        ("BOT_TOKEN", &mut settings.bot_token, &settings.bot_token_file),
        ("DATABASE_URL", &mut settings.database_url, &settings.database_url_file),
        ("REDIS_URL", &mut settings.redis_url, &settings.redis_url_file),
        ("WEBHOOK_SECRET", &mut settings.webhook_secret, &settings.webhook_secret_file),
        ("TELEGRAM_PROXY", &mut settings.telegram_proxy, &settings.telegram_proxy_file),
        ("JWT_SECRET", &mut settings.jwt_secret, &settings.jwt_secret_file),
        ("TURN_SECRET", &mut settings.turn_secret, &settings.turn_secret_file),
        ("TMDB_TOKEN", &mut settings.tmdb_token, &settings.tmdb_token_file),
    ];
    let mut read = Read::default();
    for (name, value, file) in all {
        let Some(path) = text(file.as_deref()) else { continue };
        let outcome = if text(value.as_deref()).is_some() {
            Err(format!("{name} and {name}_FILE are both set: keep one"))
        } else {
            content(path).map_err(|why| format!("{name}_FILE: the file {why}"))
        };
        match outcome {
            Ok(Content { secret, open_to_all }) => {
                *value = Some(secret);
                if open_to_all {
                    read.warnings.push(format!(
                        "{name}_FILE: everybody on this machine can read the file: take that from them (chmod o-r)"
                    ));
                }
            }
            Err(says) => read.mistakes.push(Mistake { name: Some(name.to_owned()), says }),
        }
    }
    read
}

struct Content {
    secret: String,
    open_to_all: bool,
}

fn content(path: &str) -> Result<Content, String> {
    let cannot = |error: std::io::Error| format!("cannot be read: {}", error.kind());
    // Looked at before it is opened: opening a pipe waits for whoever writes to it.
    let found = std::fs::metadata(path).map_err(cannot)?;
    if !found.is_file() {
        return Err("is a folder or something else that is no file".into());
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_SECRET_FILE + 1).read_to_end(&mut bytes))
        .map_err(cannot)?;
    if bytes.len() as u64 > MAX_SECRET_FILE {
        return Err(format!("is larger than {} KB, which no secret is", MAX_SECRET_FILE / 1024));
    }
    let all = String::from_utf8(bytes).map_err(|_| "is not text in UTF-8")?;
    let secret = all.trim_start_matches('\u{FEFF}').trim_end_matches(['\r', '\n']);
    if secret.trim().is_empty() {
        return Err("is empty".into());
    }
    if secret.chars().any(char::is_control) {
        return Err("has more than one line, or a character that cannot be seen".into());
    }
    Ok(Content { secret: secret.to_owned(), open_to_all: is_open_to_all(&found) })
}

#[cfg(unix)]
fn is_open_to_all(found: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    found.permissions().mode() & 0o004 != 0
}

#[cfg(not(unix))]
fn is_open_to_all(_: &std::fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn with_file(content: &[u8]) -> (tempfile::TempDir, Settings) {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("token");
        std::fs::write(&file, content).unwrap();
        (home, Settings { bot_token_file: Some(shown(&file)), ..Settings::default() })
    }

    fn shown(path: &Path) -> String {
        path.to_str().unwrap().to_owned()
    }

    fn said(read: &Read) -> String {
        let mistakes = read.mistakes.iter().map(|mistake| &mistake.says);
        mistakes.chain(&read.warnings).cloned().collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_secret_is_read_from_its_file_without_the_end_of_the_line() {
        for content in ["1:hunter2", "1:hunter2\n", "1:hunter2\r\n", "\u{FEFF}1:hunter2\n\n"] {
            let (_home, mut settings) = with_file(content.as_bytes());
            let read = read(&mut settings);
            assert!(read.mistakes.is_empty(), "{content:?}: {}", said(&read));
            assert_eq!(settings.bot_token.as_deref(), Some("1:hunter2"), "{content:?}");
        }
    }

    #[test]
    fn every_secret_may_come_from_a_file() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("secret");
        std::fs::write(&file, "hunter2\n").unwrap();
        let given = Some(shown(&file));
        let mut settings = Settings {
            bot_token_file: given.clone(),
            database_url_file: given.clone(),
            redis_url_file: given.clone(),
            webhook_secret_file: given.clone(),
            telegram_proxy_file: given.clone(),
            jwt_secret_file: given.clone(),
            turn_secret_file: given.clone(),
            tmdb_token_file: given,
            ..Settings::default()
        };
        assert!(read(&mut settings).mistakes.is_empty());
        for value in [
            settings.bot_token,
            settings.database_url,
            settings.redis_url,
            settings.webhook_secret,
            settings.telegram_proxy,
            settings.jwt_secret,
            settings.turn_secret,
            settings.tmdb_token,
        ] {
            assert_eq!(value.as_deref(), Some("hunter2"));
        }
    }

    #[test]
    fn what_cannot_be_used_is_named_and_neither_content_nor_path_is_shown() {
        let (_home, twice) = with_file(b"1:hunter2");
        let (place, mut folder) = with_file(b"");
        folder.bot_token_file = Some(shown(place.path()));
        let cases = [
            (Settings { bot_token: Some("1:hunter2".into()), ..twice }, "both set"),
            (
                Settings { bot_token_file: Some("/nowhere/hunter2".into()), ..Settings::default() },
                "cannot be read",
            ),
            (folder, "no file"),
        ];
        for (mut settings, hint) in cases {
            let read = read(&mut settings);
            let said = said(&read);
            assert!(said.contains("BOT_TOKEN_FILE") && said.contains(hint), "{hint}: {said}");
            assert!(!said.contains("hunter2"), "{said}");
        }
        for (content, hint) in [
            (b"\n".to_vec(), "empty"),
            (b"hunter2\nhunter2".to_vec(), "more than one line"),
            (b"hunter2\0".to_vec(), "cannot be seen"),
            (b"hunter2\xff".to_vec(), "UTF-8"),
            ([b'h'; 9000].to_vec(), "larger than 8 KB"),
        ] {
            let (_home, mut settings) = with_file(&content);
            let read = read(&mut settings);
            assert!(
                said(&read).contains(hint) && !said(&read).contains("hunter2"),
                "{hint}: {}",
                said(&read)
            );
            assert_eq!(settings.bot_token, None, "nothing is taken from it");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_everybody_can_read_is_warned_about() {
        use std::os::unix::fs::PermissionsExt as _;
        for (mode, warned) in [(0o600, false), (0o640, false), (0o644, true)] {
            let (_home, mut settings) = with_file(b"1:hunter2");
            let path = settings.bot_token_file.clone().unwrap();
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
            let read = read(&mut settings);
            assert_eq!(!read.warnings.is_empty(), warned, "{mode:o}: {}", said(&read));
        }
    }
}
