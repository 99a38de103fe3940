//! `cargo xtask test`: everything that has to hold before a change is shown to anybody.
//!
//! It needs nothing but what it asks for by name. Every step runs even if an earlier one failed, as
//! far as it can, so that one run tells everything there is to mend.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::Context as _;
use clap::ValueEnum;
use serde_json::Value;

use machine::cargo::{self, Features, Profile, Target};
use machine::install;
use machine::paths;
use machine::process::{self, Watched};
use machine::services::{self, Services};
use machine::tools::{self, Tool};

use crate::audit;
use crate::failed;
use crate::report::{self, Checked, Report};
use crate::tally::Tally;
use crate::trial::Programs;
use crate::ui;

/// The trial that every run holds: with this seed everything that can break does.
const SHORT_TRIAL: &[&str] = &["--faults", "30", "--seed", "38", "--rooms", "12"];
/// The same over one process that has everything in a folder, which is killed and frozen.
const EMBEDDED_TRIAL: &[&str] = &["--embedded", "--faults", "12", "--seed", "38", "--rooms", "6"];
/// Servers that stand still while phones go on elsewhere: what is done late shows here.
const FREEZING_TRIAL: &[&str] = &["--freezes", "--faults", "90", "--seed", "38", "--rooms", "12"];
/// Bugs that a trial must find, each by the law that it breaks: servers that append without looking where the log stands; ones that tell a
/// message before it is committed, and do to any screen what was meant for another; and ones that do what a phone has given up.
const PLANTS: &[Plant] = &[
    Plant {
        check: "chaos with blind appends planted",
        trial: SHORT_TRIAL,
        bug: "blind-append",
        breaks: "lost",
    },
    Plant {
        check: "chaos with early telling and blindness for revisions planted",
        trial: SHORT_TRIAL,
        bug: "tell-early,any-screen",
        breaks: "message-uncommitted,wrong-screen",
    },
    Plant {
        check: "chaos with blindness for fences planted",
        trial: FREEZING_TRIAL,
        bug: "ignore-fence",
        breaks: "duplicated",
    },
];
/// It takes half a minute; a busy machine takes longer.
const TRIAL_WITHIN: Duration = Duration::from_secs(600);

/// Building and running all of a kind.
const TESTS_WITHIN: Duration = Duration::from_secs(60 * 60);

/// Bugs, by the names that `SOVPALO_PLANT` has for it.
struct Plant {
    /// How the report calls the trial.
    check: &'static str,
    /// What goes wrong meanwhile.
    trial: &'static [&'static str],
    bug: &'static str,
    /// The laws, by the checker's words for them.
    breaks: &'static str,
}

/// What to test.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The steps, in the order in which they run; none named means all of them
    #[arg(value_enum)]
    steps: Vec<Step>,
    /// Passed on to the runner of the one step that is named, e.g. `test rust -- -p sovpalo-storage`
    #[arg(last = true)]
    passed_on: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Step {
    /// Format, clippy, documentation, licences and advisories of the Rust code
    Lint,
    /// Rust tests, with a PostgreSQL and a Redis of their own
    Rust,
    /// Types, lint, tests, build and size of the Mini App
    Ui,
    /// Rooms at play while everything around them breaks, and planted bugs that must be found
    Chaos,
    /// Whole evenings in real browsers
    E2e,
}

impl Step {
    fn tools(self) -> Vec<Tool> {
        match self {
            Self::Lint => vec![Tool::Rustfmt, Tool::Clippy, Tool::CargoDeny],
            Self::Rust => [("TEST_DATABASE_URL", Tool::Postgres), ("TEST_REDIS_URL", Tool::Redis)]
                .into_iter()
                .filter(|(variable, _)| services::given(variable).is_none())
                .map(|(_, tool)| tool)
                .chain([Tool::PgBouncer, Tool::Coturn])
                .collect(),
            Self::Ui => vec![Tool::Node, Tool::Npm],
            Self::Chaos => vec![Tool::Postgres, Tool::Redis],
            Self::E2e => vec![Tool::Node, Tool::Npm, Tool::Chromium, Tool::Ffmpeg, Tool::Fonts],
        }
    }
}

/// Runs the steps and prints what they did. The code says whether all of it went well.
pub(crate) fn test(options: &Options) -> anyhow::Result<ExitCode> {
    let all = [Step::Lint, Step::Rust, Step::Chaos, Step::Ui, Step::E2e];
    let chosen: Vec<Step> =
        all.into_iter().filter(|step| options.steps.is_empty() || options.steps.contains(step)).collect();
    if !options.passed_on.is_empty() && chosen.len() != 1 {
        anyhow::bail!("name one step to pass arguments on to its runner");
    }
    let needed: Vec<Tool> = chosen.iter().flat_map(|step| step.tools()).collect();
    install::require(&needed)?;

    let mut run = Run { report: Report::new(), passed_on: &options.passed_on, mini_app: None };
    for step in chosen {
        match step {
            Step::Lint => run.lint(),
            Step::Rust => run.rust(),
            Step::Chaos => run.chaos(),
            Step::Ui => run.ui(),
            Step::E2e => run.e2e(),
        }
    }
    Ok(if run.report.finish() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A check without tests to count.
fn plain(result: anyhow::Result<()>) -> anyhow::Result<Checked> {
    result.map(|()| Checked::Ran(Tally::default()))
}

struct Run<'a> {
    report: Report,
    passed_on: &'a [String],
    /// Whether the Mini App was built in this run, and how that went.
    mini_app: Option<bool>,
}

impl Run<'_> {
    fn lint(&mut self) {
        // Release builds embed the built Mini App; there has to be a folder to look into.
        let _ = fs::create_dir_all(paths::ui_dist());
        self.report
            .check("Rust format", || plain(process::run(cargo::cargo().args(["fmt", "--all", "--check"]))));
        self.report.check("clippy", || {
            plain(process::run(cargo::cargo().args([
                "clippy",
                "--locked",
                "--workspace",
                "--all-targets",
                "--all-features",
                "--",
                "-D",
                "warnings",
            ])))
        });
        self.report.check("Rust documentation", || {
            plain(process::run(
                cargo::cargo()
                    .args(["doc", "--locked", "--workspace", "--all-features", "--no-deps"])
                    .arg("--document-private-items")
                    .env("RUSTDOCFLAGS", "-D warnings"),
            ))
        });
        self.report.check("licences and sources", || {
            plain(process::run(&mut audit::deny(&["check", "licenses", "bans", "sources"])?))
        });
        self.report.check("known vulnerabilities", audit::rust);
    }

    fn rust(&mut self) {
        let _ = fs::create_dir_all(paths::ui_dist());
        let mut services = None;
        let started = self.report.check("PostgreSQL and Redis for the tests", || {
            services = Some(Services::start()?);
            Ok(Checked::Ran(Tally::default()))
        });
        let (true, Some(services)) = (started, services) else {
            self.report.not_run("Rust tests", "their services did not start");
            return;
        };
        let passed_on = self.passed_on;
        self.report.check("Rust tests", || rust_tests(&services, passed_on));
        if passed_on.is_empty() {
            self.report.check("Rust examples in documentation", || {
                let mut command = cargo::cargo();
                command.args(["test", "--workspace", "--all-features", "--doc", "--no-fail-fast"]);
                services.tell(&mut command);
                counted(&mut command, Tally::of_libtest, failed::by_libtest)
            });
        }
    }

    /// Short trials; `cargo xtask chaos` has the long ones. The rest of the line goes to the first of them.
    fn chaos(&mut self) {
        let mut programs = None;
        let built = self.report.check("servers and their trial", || {
            programs = Some(Programs::build(Profile::Dev)?);
            Ok(Checked::Ran(Tally::default()))
        });
        let (true, Some(programs)) = (built, programs) else {
            self.report.not_run("chaos", "what it takes was not built");
            return;
        };
        self.report.check("what commands cost in large and old rooms", || {
            verdict(&programs.run("costs", [], TRIAL_WITHIN)?, "a command costs more than it may")
        });
        let passed_on = self.passed_on;
        self.report.check("chaos", || {
            let options = SHORT_TRIAL.iter().copied().chain(passed_on.iter().map(String::as_str));
            verdict(&programs.run("chaos", options, TRIAL_WITHIN)?, "a law was broken")
        });
        self.report.check("chaos in one process", || {
            let options = EMBEDDED_TRIAL.iter().copied();
            verdict(&programs.run("chaos", options, TRIAL_WITHIN)?, "a law was broken")
        });
        self.report.check("an evening over two servers", || {
            verdict(&programs.run("evening", [], TRIAL_WITHIN)?, "a promise was broken")
        });
        for Plant { check, trial, bug, breaks } in PLANTS {
            self.report.check(check, || {
                let planted = ["--plant", *bug, "--breaks", *breaks];
                let options = trial.iter().copied().chain(planted);
                let otherwise = format!("not all of these laws were broken: {breaks}");
                verdict(&programs.run("chaos", options, TRIAL_WITHIN)?, &otherwise)
            });
        }
    }

    /// Packages, types and build of the Mini App, once per run.
    fn build_mini_app(&mut self) -> bool {
        if let Some(built) = self.mini_app {
            return built;
        }
        let report = &mut self.report;
        let built = report.check("Mini App packages", || plain(ui::install_packages(&paths::ui())))
            && report.check("wire types", || plain(ui::write_types(Profile::Dev, Features::All)))
            && report.check("Mini App build", || plain(ui::build()));
        self.mini_app = Some(built);
        built
    }

    fn ui(&mut self) {
        if !self.build_mini_app() {
            self.report.not_run("Mini App tests", "there is no build");
            return;
        }
        self.report.check("Mini App size", || plain(ui::check_size()));
        self.report.check("known vulnerabilities of npm packages", audit::npm);
        self.report.check("Mini App types", || plain(ui::script("typecheck")));
        self.report.check("Mini App lint", || plain(ui::script("lint")));
        let passed_on = self.passed_on;
        self.report.check("Mini App tests", || {
            let report = tempfile::NamedTempFile::new()?;
            let mut command = ui::npm(&paths::ui());
            command
                .args(["test", "--", "--reporter=default", "--reporter=json"])
                .arg(format!("--outputFile.json={}", report.path().display()))
                .args(passed_on);
            let watched = process::watched("the Mini App's tests", &mut command, TESTS_WITHIN)?;
            checked_by_report(watched, report.path(), Tally::of_vitest, failed::by_vitest)
        });
    }

    fn e2e(&mut self) {
        const NAME: &str = "evenings in browsers";
        if !self.build_mini_app() {
            self.report.not_run(NAME, "there is no Mini App to open");
            return;
        }
        let mut programs = None;
        let ready =
            self.report.check("app, simulated Telegram and TMDB", || {
                let targets = [Target::Sovpalo, Target::TelegramSim, Target::TmdbSim];
                programs = Some(cargo::build(targets, Profile::Dev, Features::All)?);
                Ok(Checked::Ran(Tally::default()))
            }) && self.report.check("browser tests' packages", || plain(ui::install_packages(&paths::e2e())));
        let (true, Some([sovpalo, telegram_sim, tmdb_sim])) = (ready, programs) else {
            self.report.not_run(NAME, "what they drive was not built");
            return;
        };
        self.report.check("browser tests' types and lint", || {
            plain(process::run(ui::npm(&paths::e2e()).args(["run", "--silent", "check"])))
        });
        let passed_on = self.passed_on;
        self.report.check(NAME, || {
            let report = tempfile::NamedTempFile::new()?;
            let mut command = ui::npm(&paths::e2e());
            command
                .args(["test", "--", "--reporter=list,json"])
                .args(passed_on)
                .env("PLAYWRIGHT_JSON_OUTPUT_FILE", report.path())
                .env("SOVPALO_BIN", sovpalo)
                .env("TELEGRAM_SIM_BIN", telegram_sim)
                .env("TMDB_SIM_BIN", tmdb_sim)
                .env("CHROMIUM", tools::chromium().context("no Chromium")?);
            let watched = process::watched("the browser tests", &mut command, TESTS_WITHIN)?;
            checked_by_report(watched, report.path(), Tally::of_playwright, failed::by_playwright)
        });
    }
}

/// A trial is one test.
fn verdict(trial: &Watched, otherwise: &str) -> anyhow::Result<Checked> {
    match trial.code {
        Some(0) => Ok(Checked::Ran(Tally { passed: 1, ..Tally::default() })),
        Some(1) => {
            let said = format!("{}\n{otherwise}", trial.text.trim_end());
            let tally = Tally { failed: 1, ..Tally::default() };
            Ok(Checked::Failed { tally, names: Vec::new(), said })
        }
        _ => anyhow::bail!("the trial could not be held\n{}", report::end_of(&trial.text)),
    }
}

/// Rust tests with nextest where it is, else with `cargo test`.
fn rust_tests(services: &Services, passed_on: &[String]) -> anyhow::Result<Checked> {
    let nextest = cargo::has_subcommand("nextest");
    let mut command = cargo::cargo();
    if nextest {
        // What failed is said at the end, where the report finds it.
        command.args(["nextest", "run", "--no-fail-fast", "--no-tests=pass"]);
        command.args(["--failure-output", "final"]);
        // Many wait more than they compute, so that half as many again as there are cores keep these busy. A test takes two of these
        // threads, or one where it waits nearly all the time: see .config/nextest.toml.
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        command.arg(format!("--test-threads={}", 3 * cores));
    } else {
        command.args(["test", "--no-fail-fast"]);
    }
    if passed_on.is_empty() {
        command.args(["--workspace", "--all-features"]);
        if !nextest {
            // Examples in documentation have their own check.
            command.arg("--all-targets");
        }
    } else {
        command.args(passed_on);
    }
    services.tell(&mut command);
    if nextest {
        counted(&mut command, Tally::of_nextest, failed::by_nextest)
    } else {
        counted(&mut command, Tally::of_libtest, failed::by_libtest)
    }
}

/// Runs a test runner and reads its counts. Failing without a failed test (it did not compile) is an error.
fn counted(
    command: &mut Command,
    read: fn(&str) -> Tally,
    names: fn(&str) -> Vec<String>,
) -> anyhow::Result<Checked> {
    let watched = process::watched("the tests", command, TESTS_WITHIN)?;
    let tally = read(&watched.text);
    if tally.failed > 0 {
        return Ok(Checked::Failed { tally, names: names(&watched.text), said: watched.text });
    }
    watched.ended?;
    Ok(Checked::Ran(tally))
}

/// The same for runners that write a JSON report.
fn checked_by_report(
    watched: Watched,
    report: &Path,
    read: fn(&Value) -> Tally,
    names: fn(&Value) -> Vec<String>,
) -> anyhow::Result<Checked> {
    let report: Option<Value> =
        fs::read(report).ok().and_then(|content| serde_json::from_slice(&content).ok());
    let tally = report.as_ref().map(read);
    match (tally, watched.ended) {
        (Some(tally), _) if tally.failed > 0 => {
            let names = report.as_ref().map(names).unwrap_or_default();
            Ok(Checked::Failed { tally, names, said: watched.text })
        }
        (_, Err(error)) => Err(error),
        (Some(tally), Ok(())) => Ok(Checked::Ran(tally)),
        (None, Ok(())) => anyhow::bail!("the runner wrote no report to count from"),
    }
}
