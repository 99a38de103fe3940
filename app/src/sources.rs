//! Where settings come from: a flag, else the environment, else the file `.env`; secrets also from [files of their own](secrets).
//!
//! All errors are reported together: those of the sources and those of the settings themselves.

use clap::{Arg, Command, CommandFactory, FromArgMatches};

use crate::{
    config::{Cli, Config, Mistakes},
    dotenv::{DotEnv, Mistake},
    secrets,
};

/// Read by the logger, not by the command line.
const LOG_FILTER: &str = "RUST_LOG";

/// What was given, not judged yet. Not `Debug`: it holds secrets.
pub(crate) struct Given {
    pub(crate) cli: Cli,
    file: DotEnv,
    in_environment: Vec<Mistake>,
    from_files: secrets::Read,
}

/// Reads all of them. Ends the process where the command line cannot be read, or asks for help.
pub(crate) fn read() -> Given {
    let command = Cli::command();
    let mut names: Vec<String> = command.get_arguments().filter_map(name).collect();
    names.push(LOG_FILTER.into());
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let file = DotEnv::find(&names, &environment);
    let in_environment = names.into_iter().filter_map(|name| quoted(name, &environment(name)?)).collect();
    let matches = beneath(command, &file).get_matches();
    let mut cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let from_files = secrets::read(&mut cli.settings);
    Given { cli, file, in_environment, from_files }
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The variable that a flag may be set by.
fn name(flag: &Arg) -> Option<String> {
    flag.get_env()?.to_str().map(str::to_owned)
}

/// Puts what the file says below flags and environment. The help must not show it.
fn beneath(command: Command, file: &DotEnv) -> Command {
    command.mut_args(|flag| match name(&flag).and_then(|name| file.get(&name).map(str::to_owned)) {
        Some(value) => flag.default_value(value).hide_default_value(true),
        None => flag,
    })
}

/// A shell takes quotes away; `docker run --env-file` and many a panel do not.
fn quoted(name: &str, value: &str) -> Option<Mistake> {
    let mut letters = value.trim().chars();
    let (first, last) = (letters.next()?, letters.next_back()?);
    let pairs =
        [('"', '"'), ('\'', '\''), ('“', '”'), ('„', '“'), ('”', '”'), ('‘', '’'), ('«', '»'), ('`', '`')];
    pairs.contains(&(first, last)).then(|| Mistake {
        name: Some(name.to_owned()),
        says: format!(
            "{name} has quotes around it in the environment, as part of its value: leave them out (`docker run --env-file` keeps them)"
        ),
    })
}

impl Given {
    /// Judges everything; the error is all that is wrong, in words.
    pub(crate) fn judge(&self) -> Result<Config, Mistakes> {
        let wrong: Vec<&Mistake> =
            self.file.mistakes.iter().chain(&self.in_environment).chain(&self.from_files.mistakes).collect();
        let judged = self.cli.settings.judge(self.cli.command.as_ref());
        let of_settings = match judged {
            Ok(config) if wrong.is_empty() => return Ok(config),
            Ok(_) => Vec::new(),
            Err(Mistakes(mistakes)) => mistakes,
        };
        // A line that could not be read gives no value, and that is not missing.
        let named: Vec<&str> = wrong.iter().filter_map(|mistake| mistake.name.as_deref()).collect();
        let of_settings = of_settings.into_iter().filter(|says| !names_one_of(says, &named));
        let mut all: Vec<String> =
            wrong.iter().map(|mistake| mistake.says.clone()).chain(of_settings).collect();
        let asides = self.file.warnings.iter().chain(&self.file.hints);
        all.extend(asides.map(|aside| format!("note: {aside}")));
        Err(Mistakes(all))
    }

    /// What an operator should know although everything can be used. For the log: no value is in it.
    pub(crate) fn warnings(&self) -> impl Iterator<Item = &str> {
        self.file.warnings.iter().chain(&self.from_files.warnings).map(String::as_str)
    }

    /// What is logged, in the syntax of the environment variable `RUST_LOG`.
    pub(crate) fn log_filter(&self) -> Option<String> {
        let set = environment(LOG_FILTER).or_else(|| self.file.get(LOG_FILTER).map(str::to_owned));
        set.filter(|filter| !filter.trim().is_empty())
    }
}

fn names_one_of(says: &str, names: &[&str]) -> bool {
    let is_of_a_name = |letter: char| letter.is_ascii_uppercase() || letter == '_';
    says.split(|letter| !is_of_a_name(letter)).any(|word| names.contains(&word))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::Settings;

    fn parsed(file: &str, arguments: &[&str]) -> Cli {
        let names: Vec<String> = Cli::command().get_arguments().filter_map(name).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let file = DotEnv::read(file.as_bytes(), ".env", &names, &|_| None);
        let arguments = std::iter::once("sovpalo").chain(arguments.iter().copied());
        let matches = beneath(Cli::command(), &file).try_get_matches_from(arguments).unwrap();
        Cli::from_arg_matches(&matches).unwrap()
    }

    #[test]
    fn a_flag_wins_over_the_file_before_and_after_the_role() {
        let file = "LIMITS=off\nLOG_FORMAT=json\nLISTEN=127.0.0.1:1\n";
        let cli = parsed(file, &["--limits", "on", "server", "--listen", "127.0.0.1:2"]);
        assert_eq!(cli.settings.limits.as_deref(), Some("on"));
        assert_eq!(cli.settings.listen.as_deref(), Some("127.0.0.1:2"));
        assert_eq!(cli.settings.log_format.as_deref(), Some("json"), "what only the file has");
    }

    #[test]
    fn the_help_and_a_printed_command_line_show_nothing_of_the_file() {
        let file = "BOT_TOKEN=7000000001:hunter2hunter2hunter2\nPUBLIC_URL=https://hunter2.example\n";
        let names = ["BOT_TOKEN", "PUBLIC_URL"];
        let read = DotEnv::read(file.as_bytes(), ".env", &names, &|_| None);
        let help = beneath(Cli::command(), &read).render_long_help().to_string();
        assert!(help.contains("BOT_TOKEN") && !help.contains("hunter2"), "{help}");
        let shown = format!("{:?}", parsed(file, &[]));
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn quotes_that_came_into_the_environment_are_named_and_not_what_is_in_them() {
        for value in ["\"hunter2\"", "'hunter2'", " “hunter2” ", "«hunter2»", "`hunter2`"] {
            let says = quoted("BOT_TOKEN", value).unwrap().says;
            assert!(says.contains("BOT_TOKEN") && !says.contains("hunter2"), "{says}");
        }
        for fine in ["", "\"", "hunter2", "hunter\"2", "\"hunter2"] {
            assert!(quoted("BOT_TOKEN", fine).is_none(), "{fine}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn nothing_of_a_secret_comes_out_of_any_setting(
            secret in "[a-zA-Z0-9]{24}",
            shape in prop::sample::select(&[
                "{}", "1:{}", "1:{} x", "\"{}\"", "postgres://u:{}@h/d", "postgres://u:a/{}@h/d", "postgres://u:a?{}@h/d",
                "postgres://u:a#{}@h/d", "postgres://u:{}%@h:x/d", "postgres://u:{}@[h/d", "postgres://{}", "redis://:{}@h/x{}",
                "redis://:a/{}@h", "redis://:1/{}@h", "rediss://{}:99999", "https://a:{}@b", "https://a/{}", "https://a?{}", "https://a#{}",
                "http://a.example.{}", "https://{} {}", "{}://x", "127.0.0.1:{}", "1,{}", "on {}",
            ][..]),
        ) {
            let text = shape.replace("{}", &secret);
            let value = Some(text.clone());
            let settings = Settings {
                bot_token: value.clone(),
                public_url: value.clone(),
                mini_app_name: value.clone(),
                listen: value.clone(),
                metrics_listen: value.clone(),
                database_url: value.clone(),
                database_connections: value.clone(),
                redis_url: value.clone(),
                webhook_secret: value.clone(),
                telegram_api_url: value.clone(),
                init_data_max_age: value.clone(),
                messages_kept: value.clone(),
                jwt_secret: value.clone(),
                admin_ids: value.clone(),
                limits: value.clone(),
                calls_per_minute: value.clone(),
                messages_per_minute: value.clone(),
                rooms_per_hour: value.clone(),
                trusted_proxy: value.clone(),
                frame_ancestors: value.clone(),
                stun_urls: value.clone(),
                turn_urls: value.clone(),
                turn_secret: value.clone(),
                tmdb_token: value.clone(),
                tmdb_api_url: value.clone(),
                tmdb_image_url: value.clone(),
                region: value.clone(),
                log_format: value,
                ..Settings::default()
            };
            let mut cli = Cli { command: None, settings };
            cli.settings.bot_token_file = Some(text.clone());
            cli.settings.jwt_secret_file = Some(text.clone());
            let from_files = secrets::read(&mut cli.settings);
            let in_environment = quoted("BOT_TOKEN", &text).into_iter().collect();
            let shown = format!("{cli:?}");
            let given = Given { cli, file: DotEnv::default(), in_environment, from_files };
            let said = given.judge().expect_err("none of these is right everywhere").to_string();
            prop_assert!(said.lines().count() > 5, "{}", said);
            for start in 0..=secret.len() - 6 {
                let part = &secret[start..start + 6];
                prop_assert!(!said.contains(part) && !shown.contains(part), "{} says {}", shape, said);
            }
        }
    }

    #[test]
    fn the_example_file_and_the_readme_have_every_setting() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let example = std::fs::read_to_string(root.join(".env.example")).unwrap();
        let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
        let mut all: Vec<String> = Cli::command().get_arguments().filter_map(name).collect();
        all.push(LOG_FILTER.into());
        for name in &all {
            let line = |line: &str| line.trim_start_matches('#').starts_with(&format!("{name}="));
            assert!(example.lines().any(line), ".env.example lacks {name}");
            let of_a_file = name.ends_with("_FILE") && readme.contains("_FILE`");
            assert!(of_a_file || readme.contains(&format!("`{name}`")), "README.md lacks {name}");
        }
        let names: Vec<&str> = all.iter().map(String::as_str).collect();
        let all_set = example
            .lines()
            .map(|line| line.strip_prefix('#').filter(|it| !it.starts_with(' ')).unwrap_or(line));
        let read = DotEnv::read(all_set.collect::<Vec<_>>().join("\n").as_bytes(), ".env", &names, &|_| None);
        let mistakes: Vec<&str> = read.mistakes.iter().map(|mistake| mistake.says.as_str()).collect();
        assert!(mistakes.is_empty() && read.warnings.is_empty(), "{mistakes:?} {:?}", read.warnings);
    }

    #[test]
    fn only_whole_names_count_as_named() {
        assert!(names_one_of("LISTEN is not an address", &["LISTEN"]));
        assert!(names_one_of("set DATABASE_URL, or REDIS_URL", &["REDIS_URL"]));
        assert!(!names_one_of("METRICS_LISTEN is not an address", &["LISTEN"]));
    }
}
