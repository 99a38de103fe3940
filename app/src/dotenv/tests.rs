//! What people write into `.env`, and what must never come back out of it.

use proptest::prelude::*;

use super::*;

const KNOWN: [&str; 9] = [
    "BOT_TOKEN",
    "PUBLIC_URL",
    "MINI_APP_NAME",
    "JWT_SECRET",
    "DATABASE_URL",
    "REDIS_URL",
    "LISTEN",
    "DATA_DIR",
    "RUST_LOG",
];
const TOKEN: &str = "7000000001:AAAAinventedTokenForTests_1234567890";

fn read(text: impl AsRef<[u8]>) -> DotEnv {
    DotEnv::read(text.as_ref(), ".env", &KNOWN, &|_| None)
}

fn said(read: &DotEnv) -> String {
    let mistakes = read.mistakes.iter().map(|mistake| &mistake.says);
    mistakes.chain(&read.warnings).chain(&read.hints).cloned().collect::<Vec<_>>().join("\n")
}

/// The one mistake of a text whose every value is a secret.
fn mistake(text: &str) -> String {
    let read = read(text);
    let said = said(&read);
    assert_eq!(read.mistakes.len(), 1, "{text:?} has one mistake:\n{said}");
    assert!(!said.contains("invented"), "a value is shown: {said}");
    read.mistakes[0].says.clone()
}

#[test]
fn what_editors_and_shells_write_is_read() {
    for text in [
        "BOT_TOKEN=T\nPUBLIC_URL=https://films.example.org\n",
        "\u{FEFF}BOT_TOKEN=T\r\nPUBLIC_URL=https://films.example.org\r\n",
        "BOT_TOKEN=T\rPUBLIC_URL=https://films.example.org",
        "export BOT_TOKEN=\"T\"\nexport\tPUBLIC_URL='https://films.example.org'   # mine\n",
        "  BOT_TOKEN = T  \n\tPUBLIC_URL\t=\thttps://films.example.org\t# mine\n",
        "# BOT_TOKEN=other\n\n   # a remark = here\nBOT_TOKEN=T # mine\nPUBLIC_URL=\"https://films.example.org\"# mine",
        "\u{A0}BOT_TOKEN=T\u{200B}\nPUBLIC_URL=\u{2060}https://films.example.org\u{A0}\n",
        "OTHER=a b c \"\nBOT_TOKEN=T\nPUBLIC_URL=https://films.example.org\nother.name-2='x\n",
        "KEY=\"-----BEGIN\nBOT_TOKEN inside=1\n-----END\"\nBOT_TOKEN=T\nPUBLIC_URL=https://films.example.org\n",
    ] {
        let text = text.replace("=T", &format!("={TOKEN}")).replace("\"T\"", &format!("\"{TOKEN}\""));
        let text = text.replace("= T", &format!("= {TOKEN}"));
        let read = read(&text);
        assert_eq!(said(&read), "", "{text:?}");
        assert_eq!(read.get("BOT_TOKEN"), Some(TOKEN), "{text:?}");
        assert_eq!(read.get("PUBLIC_URL"), Some("https://films.example.org"), "{text:?}");
    }
}

#[test]
fn utf_16_is_read_with_and_without_its_mark() {
    let text = format!("BOT_TOKEN={TOKEN}\r\n# Кино\r\nMINI_APP_NAME=films\r\n");
    for marked in [true, false] {
        let text = format!("{}{text}", if marked { "\u{FEFF}" } else { "" });
        for bytes_of in [u16::to_le_bytes, u16::to_be_bytes] {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(bytes_of).collect();
            let read = read(bytes);
            assert_eq!(said(&read), "");
            assert_eq!((read.get("BOT_TOKEN"), read.get("MINI_APP_NAME")), (Some(TOKEN), Some("films")));
        }
    }
}

#[test]
fn a_file_that_is_no_text_is_named_with_the_line() {
    for (bytes, hint) in [
        (b"LISTEN=1\nBOT_TOKEN=invented\xff\n".to_vec(), "line 2"),
        (b"LISTEN=1\nBOT_TOKEN=in\0vented\n".to_vec(), "line 2"),
        (b"\xff\xfeB\0O\0T\0_".to_vec(), "UTF-16"),
        (b"\xff\xfe\x00\xd8B\0".to_vec(), "UTF-16"),
    ] {
        let read = read(&bytes);
        let said = said(&read);
        assert!(read.mistakes.len() == 1 && said.contains(hint) && said.contains("UTF-8"), "{said}");
        assert!(!said.contains("vented"), "{said}");
    }
}

#[test]
fn what_is_written_is_what_is_meant() {
    for (written, meant) in [
        ("ab$cd$ef", "ab$cd$ef"),
        ("${HOME}x", "${HOME}x"),
        ("'${HOME}x'", "${HOME}x"),
        ("\"${HOME}x\"", "${HOME}x"),
        ("\"a\\$b\\\"c\\\\d\"", "a$b\"c\\d"),
        ("C:\\films\\new", "C:\\films\\new"),
        ("\"C:\\films\\new\"", "C:\\films\\new"),
        ("'it is \\n # all'", "it is \\n # all"),
        ("abc#def", "abc#def"),
        ("\"abc #def\"", "abc #def"),
        ("a=b==", "a=b=="),
        ("it's", "it's"),
        ("пароль", "пароль"),
        ("\"\"", ""),
        ("", ""),
        (" # nothing yet", ""),
        ("# nothing yet", ""),
    ] {
        let read = read(format!("JWT_SECRET={written}\n"));
        assert!(read.mistakes.is_empty(), "{written}: {}", said(&read));
        assert_eq!(read.get("JWT_SECRET"), Some(meant), "{written}");
    }
}

#[test]
fn a_dollar_and_a_value_that_ends_early_are_said() {
    for (line, hint) in [
        ("JWT_SECRET=inv$ented", "line 1: JWT_SECRET: the $"),
        ("DATABASE_URL=\"postgres://u:${PASSWORD}@h/invented\"", "DATABASE_URL: the $"),
        ("JWT_SECRET=$(cat invented)", "words"),
        ("JWT_SECRET=abc #invented", "JWT_SECRET: what comes after the #"),
        ("BOT_TOKN=invented", "BOT_TOKN is no setting, so it does nothing; did you mean BOT_TOKEN?"),
        ("JWT_SECRTE=invented", "JWT_SECRET?"),
        ("REDIS_URI=invented", "REDIS_URL?"),
        ("HTTPS_PROXY=invented", "HTTPS_PROXY is read from the environment only"),
        ("BOT_TOKEN=", "BOT_TOKEN is empty"),
    ] {
        let said = said(&read(line));
        assert!(said.contains(hint) && !said.contains("invented"), "{line}: {said}");
    }
    for quiet in [
        "JWT_SECRET='inv$ented'",
        "JWT_SECRET=\"inv\\$ented\"",
        "JWT_SECRET=5$",
        "JWT_SECRET=a$5",
        "JWT_SECRET=abc # mine",
        "JWT_SECRET=abc ## mine",
        "DOMAIN=films.example.org",
        "POSTGRES_PASSWORD=inv$ented",
        "BOT_TOKEN=1\nBOT_TOKEN2=2",
        "LISTEN=1\nLISTENS=2",
    ] {
        assert_eq!(said(&read(quiet)), "", "{quiet}");
    }
}

#[test]
fn every_mistake_has_its_line_and_its_name_and_never_the_value() {
    for (line, hint) in [
        ("BOT_TOKEN=7000000001:invented from BotFather", "words follow"),
        ("BOT_TOKEN=\"7000000001:invented\" from BotFather", "closing quote"),
        ("BOT_TOKEN='7000000001:invented' from BotFather", "closing quote"),
        ("BOT_TOKEN='7000000001:'invented", "closing quote"),
        ("BOT_TOKEN: 7000000001:invented", "colon"),
        ("BOT_TOKEN:7000000001=invented", "colon"),
        ("\"BOT_TOKEN\": \"invented\",", "colon"),
        ("BOT_TOKEN 7000000001:invented", "BOT_TOKEN="),
        ("BOT_TOKEN", "BOT_TOKEN="),
        ("BOT_TOKEN=\"7000000001:invented", "not closed"),
        ("BOT_TOKEN='7000000001:invented", "not closed"),
        ("BOT_TOKEN=\"7000000001:invented\\\"", "not closed"),
        ("BOT_TOKEN=\"7000000001:invented”", "not closed"),
        ("BOT_TOKEN=7000000001:invented\"", "none before"),
        ("BOT_TOKEN=“7000000001:invented”", "typographic"),
        ("BOT_TOKEN=„invented“", "typographic"),
        ("BOT_TOKEN=«invented»", "typographic"),
        ("BOT_TOKEN=`invented`", "typographic"),
        ("BOT_TOKEN=invented”", "typographic"),
        ("BOT_TOKEN=#invented", "begins with #"),
        ("BOT_TOKEN=in\u{7}vented", "cannot be seen"),
        ("BOT-TOKEN=invented", "BOT_TOKEN="),
        ("bot_token=invented", "BOT_TOKEN="),
        ("BotToken=invented", "BOT_TOKEN="),
        ("ВОТ_ТОКЕN=invented", "BOT_TOKEN="),
        ("Bot token = invented", "BOT_TOKEN="),
        ("- BOT_TOKEN=invented", "BOT_TOKEN="),
        ("set BOT_TOKEN=invented", "BOT_TOKEN="),
        ("$env:BOT_TOKEN = \"invented\"", "BOT_TOKEN="),
        ("ENV BOT_TOKEN invented", "BOT_TOKEN="),
    ] {
        let says = mistake(&format!("# first\n{line}\nDATA_DIR=/data\n"));
        assert!(says.starts_with(".env, line 2: BOT_TOKEN: ") && says.contains(hint), "{line}: {says}");
    }
    for (line, hint) in [
        ("=7000000001:invented", "no name"),
        ("7000000001:invented", "not NAME=value"),
        ("invented", "not NAME=value"),
        ("7000000001:inventedAAAA==", "not NAME=value"),
        ("https://invented.example/?a=b", "not NAME=value"),
    ] {
        let says = mistake(&format!("# first\n{line}\nDATA_DIR=/data\n"));
        assert!(says.starts_with(".env, line 2: ") && says.contains(hint), "{line}: {says}");
    }
}

#[test]
fn a_name_that_is_there_twice_is_said_with_both_lines() {
    let says = mistake("MINI_APP_NAME=\nBOT_TOKEN=\nBOT_TOKEN=7000000001:invented\n");
    assert_eq!(says, ".env, line 3: BOT_TOKEN is there twice, in line 2 too, empty: keep one");
    let says = mistake("LISTEN=invented\nLISTEN=invented\n");
    assert_eq!(says, ".env, line 2: LISTEN is there twice, in line 1 too: keep one");
    // Whatever other programs make of theirs.
    assert_eq!(said(&read("DOMAIN=a\nDOMAIN=b\n")), "");
}

#[test]
fn a_file_of_nothing_but_mistakes_is_told_in_a_few_lines() {
    let read = read("invented\n".repeat(1000));
    assert_eq!(read.mistakes.len(), MOST + 1);
    assert!(
        read.mistakes.last().unwrap().says.contains("980 more"),
        "{}",
        read.mistakes.last().unwrap().says
    );
}

#[test]
fn an_empty_variable_of_the_environment_that_hides_a_line_is_said() {
    let environment = |name: &str| (name == "BOT_TOKEN").then(String::new);
    let read = DotEnv::read(b"BOT_TOKEN=7000000001:invented", ".env", &KNOWN, &environment);
    assert_eq!(read.hints, [".env, line 1: BOT_TOKEN is set to nothing in the environment, which wins"]);
}

fn first_of(folders: &[&Path]) -> DotEnv {
    let folders: Vec<PathBuf> = folders.iter().map(|folder| (*folder).to_owned()).collect();
    DotEnv::first_of(&folders, &KNOWN, &|_| None)
}

#[test]
fn the_file_where_the_program_is_started_comes_before_the_one_beside_the_program() {
    let home = tempfile::tempdir().unwrap();
    let [here, beside] = ["here", "beside"].map(|name| home.path().join(name));
    fs::create_dir(&here).unwrap();
    fs::create_dir(&beside).unwrap();
    let read = || first_of(&[&here, &beside]);
    fs::write(beside.join(".env"), "LISTEN=beside\n").unwrap();
    assert_eq!(read().get("LISTEN"), Some("beside"));
    fs::write(beside.join(".env"), "LISTEN: beside\n").unwrap();
    let says = read().mistakes.remove(0).says;
    assert!(says.contains(&format!("{}, line 1", beside.join(".env").display())), "{says}");
    fs::write(here.join(".env"), "LISTEN=here\n").unwrap();
    assert_eq!(read().get("LISTEN"), Some("here"));
}

#[test]
fn a_file_in_a_folder_above_is_somebody_elses_and_never_read() {
    let home = tempfile::tempdir().unwrap();
    let inner = home.path().join("a/b");
    fs::create_dir_all(&inner).unwrap();
    fs::write(home.path().join(".env"), "LISTEN=stolen\n").unwrap();
    let read = first_of(&[&inner]);
    assert_eq!(read.get("LISTEN"), None);
    assert!(read.hints[0].contains("is not read, since it lies above"), "{}", said(&read));
}

#[test]
fn what_is_no_file_of_settings_is_named() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join(".env");
    fs::create_dir(&file).unwrap();
    let folder = first_of(&[home.path()]);
    assert!(folder.mistakes[0].says.contains("it is a folder"), "{}", said(&folder));
    fs::remove_dir(&file).unwrap();
    fs::write(&file, "A=1\n".repeat(20_000)).unwrap();
    let large = first_of(&[home.path()]);
    assert!(large.mistakes[0].says.contains("larger than 64 KB"), "{}", said(&large));
    fs::remove_file(&file).unwrap();
    fs::write(home.path().join(".env.txt"), "LISTEN=1").unwrap();
    let notepad = first_of(&[home.path()]);
    assert!(notepad.mistakes.is_empty() && notepad.hints[0].contains(".env.txt"), "{}", said(&notepad));
}

#[cfg(unix)]
#[test]
fn a_file_that_another_user_could_have_written_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    for (user, owner, mode, fine) in [
        (1000, 1000, 0o100_600, true),
        (1000, 1000, 0o100_664, true),
        (1000, 0, 0o100_644, true),
        (1000, 1001, 0o100_600, false),
        (0, 1000, 0o100_644, false),
        (1000, 1000, 0o100_666, false),
        (1000, 0, 0o100_602, false),
    ] {
        assert_eq!(trusted_by(user, owner, mode).is_ok(), fine, "{user} {owner} {mode:o}");
    }
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join(".env");
    fs::write(&file, "LISTEN=anybodys").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    let read = first_of(&[home.path()]);
    assert!(read.get("LISTEN").is_none() && said(&read).contains("chmod o-w"), "{}", said(&read));
}

#[cfg(unix)]
#[test]
fn a_link_to_nothing_is_named() {
    let home = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("nowhere", home.path().join(".env")).unwrap();
    let read = first_of(&[home.path()]);
    assert!(read.mistakes[0].says.contains("a link to nothing"), "{}", said(&read));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nothing_of_a_secret_comes_out_however_its_line_is_broken(
        secret in "[a-zA-Z0-9]{24}",
        name in prop::sample::select(&["BOT_TOKEN", "BOT_TOKN", "bot-token", "JWT_SECRET", "OTHER", "export DATABASE_URL", "", "set REDIS_URL"][..]),
        between in prop::sample::select(&["=", ": ", " ", " = ", "=\"", "='", "=“", "==", "= #", "=#", "=$", "=\"${", "=x ", ":=", "\0="][..]),
        noise in "[ -~“”\u{200B}\u{7}\\\\]{0,4}",
        after in prop::sample::select(&["", "\"", "'", "”", " words", " #x", "\\", "}", "\" x", "\r"][..]),
        at in 0usize..=24,
    ) {
        let (head, tail) = secret.split_at(at);
        for text in [
            format!("{name}{between}{secret}{after}\n{name}{between}{secret}\n"),
            format!("{name}{between}{head}{noise}{tail}{after}\n"),
            format!("{head}{name}{between}{tail}{after}\n"),
            format!("{secret}{between}{name}\n"),
        ] {
            let read = read(&text);
            let said = said(&read);
            for start in 0..=secret.len() - 6 {
                prop_assert!(!said.contains(&secret[start..start + 6]), "{text:?} says {said}");
            }
        }
    }
}
