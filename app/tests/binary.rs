//! The program as an operator meets it: started, asked, stopped.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod launch;

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, ChildStderr, Command, Output, Stdio},
};

use reqwest::Method;
use serde_json::{Value, json};

use self::launch::{TOKEN, launch};

fn sovpalo(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sovpalo"));
    command
        .env_clear()
        .current_dir(data)
        // Nobody listens on the discard port: Telegram cannot be reached.
        .env("TELEGRAM_API_URL", "http://127.0.0.1:9")
        .env("LISTEN", "127.0.0.1:0")
        .env("METRICS_LISTEN", "off")
        .env("DATA_DIR", data.join("data"));
    command
}

/// A running server; dropped, it is killed.
struct Running {
    child: Child,
    log: BufReader<ChildStderr>,
    /// What it has said so far.
    said: String,
    address: String,
}

impl Running {
    fn start(command: &mut Command) -> Self {
        Self::start_with_token(command, TOKEN)
    }

    fn start_with_token(command: &mut Command, token: &str) -> Self {
        let mut child = command.env("BOT_TOKEN", token).stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        let mut running = Self { child, log, said: String::new(), address: String::new() };
        let line = running.hears("listens on ");
        line.split_once("listens on ").unwrap().1.trim().clone_into(&mut running.address);
        running
    }

    /// Reads its log until a line, perhaps one that was read already, has these words.
    fn hears(&mut self, words: &str) -> String {
        loop {
            if let Some(line) = self.said.lines().find(|line| line.contains(words)) {
                return line.to_owned();
            }
            assert_ne!(self.log.read_line(&mut self.said).unwrap(), 0, "it ended:\n{}", self.said);
        }
    }

    /// The rest of its log; it must have ended or be about to.
    fn last_words(&mut self) -> String {
        self.log.by_ref().lines().map_while(Result::ok).collect::<Vec<_>>().join("\n")
    }

    async fn get(&self, path: &str) -> reqwest::Response {
        reqwest::get(format!("{}{path}", self.address)).await.unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Somebody who opened the Mini App.
struct Person<'a> {
    running: &'a Running,
    http: reqwest::Client,
    token: String,
}

impl<'a> Person<'a> {
    async fn signs_in(running: &'a Running, id: i64) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut person = Self { running, http, token: String::new() };
        let session =
            person.asks(Method::POST, "/api/auth/telegram", json!({ "init_data": launch(id) })).await;
        session["access_token"].as_str().unwrap().clone_into(&mut person.token);
        person
    }

    /// A call that must succeed; `null` is no body.
    async fn asks(&self, method: Method, path: &str, body: Value) -> Value {
        let mut request = self.http.request(method, format!("{}{path}", self.running.address));
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        if !body.is_null() {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    async fn does(&self, code: &str, command: Value) -> Value {
        self.asks(Method::POST, &format!("/api/rooms/{code}/commands"), command).await
    }

    async fn likes(&self, code: &str, title: &str) -> Value {
        self.does(code, json!({ "type": "swipe", "title": title, "verdict": "like" })).await
    }

    async fn room(&self, code: &str) -> Value {
        self.asks(Method::GET, &format!("/api/rooms/{code}"), Value::Null).await
    }
}

/// A room of two who are swiping, in which the first likes `c1`.
async fn begun(running: &Running) -> (Person<'_>, Person<'_>, String) {
    let (host, guest) = (Person::signs_in(running, 1).await, Person::signs_in(running, 2).await);
    let code = host.asks(Method::POST, "/api/rooms", json!({ "name": "Friday" })).await["code"]
        .as_str()
        .unwrap()
        .to_owned();
    guest.asks(Method::POST, &format!("/api/rooms/{code}/join"), Value::Null).await;
    for title in ["c1", "c2"] {
        host.does(&code, json!({ "type": "pick", "title": { "id": title } })).await;
    }
    host.does(&code, json!({ "type": "start" })).await;
    host.likes(&code, "c1").await;
    (host, guest, code)
}

#[tokio::test]
async fn it_serves_rooms_while_telegram_cannot_be_reached() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(&mut sovpalo(home.path()));
    let health = running.get("/api/health").await;
    assert!(health.status().is_success(), "{}", health.status());
    let health: Value = health.json().await.unwrap();
    assert_eq!(health["database"], "ok", "{health}");
    let rooms = running.get("/api/rooms").await;
    assert_eq!(rooms.status(), 401, "a stranger was let in");

    let (host, guest, code) = begun(&running).await;
    let room = guest.room(&code).await;
    assert_eq!((&room["phase"], &room["deck_size"]), (&json!("swiping"), &json!(2)), "{room}");
    assert_eq!(room["matches"], json!([]), "one like is no match: {room}");
    guest.likes(&code, "c1").await;
    let room = host.room(&code).await;
    assert_eq!(room["matches"][0]["title"]["id"], "c1", "{room}");
}

#[tokio::test]
async fn a_folder_of_a_version_that_had_one_file_is_gone_on_with() {
    let home = tempfile::tempdir().unwrap();
    let (code, before) = {
        let running = Running::start(&mut sovpalo(home.path()));
        let (_, guest, code) = begun(&running).await;
        let before = guest.room(&code).await;
        (code, before)
    };
    as_one_file(&home.path().join("data")).await;
    let running = Running::start(&mut sovpalo(home.path()));
    let guest = Person::signs_in(&running, 2).await;
    let room = guest.room(&code).await;
    for field in ["epoch", "seq", "phase", "round", "members", "deck_size", "queue"] {
        assert_eq!(room[field], before[field], "{field}");
    }
    guest.likes(&code, "c1").await;
    let room = guest.room(&code).await;
    assert_eq!(room["matches"][0]["title"]["id"], "c1", "the like from before is lost: {room}");
}

/// Brings a folder to the shape that older versions had.
async fn as_one_file(folder: &Path) {
    use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

    let hot = folder.join("hot.sqlite");
    let options = SqliteConnectOptions::new().filename(folder.join("sovpalo.sqlite"));
    let mut sql = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql(include_str!("../../migrations/sqlite/0002_hot.sql")).execute(&mut sql).await.unwrap();
    sqlx::query("ATTACH DATABASE $1 AS hot").bind(hot.to_str().unwrap()).execute(&mut sql).await.unwrap();
    for statement in [
        "INSERT INTO main.hot_rooms SELECT * FROM hot.hot_rooms",
        "INSERT INTO main.hot_log SELECT * FROM hot.hot_log",
        "INSERT INTO main.hot_values SELECT * FROM hot.hot_values",
        "DETACH DATABASE hot",
    ] {
        sqlx::query(statement).execute(&mut sql).await.unwrap();
    }
    sql.close().await.unwrap();
    for file in ["hot.sqlite", "hot.sqlite-wal", "hot.sqlite-shm"] {
        let _ = std::fs::remove_file(folder.join(file));
    }
}

#[test]
fn without_a_token_it_says_where_to_get_one_and_what_to_try_instead() {
    let home = tempfile::tempdir().unwrap();
    let output = sovpalo(home.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = said(&output);
    assert!(said.contains("BOT_TOKEN") && said.contains("cargo xtask run"), "{said}");
}

#[test]
fn every_mistake_is_reported_at_once() {
    let home = tempfile::tempdir().unwrap();
    let output =
        sovpalo(home.path()).env("LISTEN", "here").args(["--limits", "some", "server"]).output().unwrap();
    let said = said(&output);
    for name in ["BOT_TOKEN", "LISTEN", "LIMITS", "DATABASE_URL", "REDIS_URL"] {
        assert!(said.contains(name), "{name} is not named in:\n{said}");
    }
}

#[test]
fn a_second_process_in_the_same_directory_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let _first = Running::start(&mut sovpalo(home.path()));
    let second = sovpalo(home.path()).env("BOT_TOKEN", TOKEN).output().unwrap();
    assert!(!second.status.success());
    assert!(said(&second).contains("another sovpalo is running"), "{}", said(&second));
}

#[cfg(unix)]
#[test]
fn asked_to_end_it_ends_well() {
    let home = tempfile::tempdir().unwrap();
    let mut running = Running::start(&mut sovpalo(home.path()));
    let pid = running.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let status = running.child.wait().unwrap();
    assert!(status.success(), "{status}\n{}", running.last_words());
}

#[test]
fn an_operators_titles_are_imported_all_or_none_unless_bad_lines_may_be_skipped() {
    let home = tempfile::tempdir().unwrap();
    let write = |text: &str| std::fs::write(home.path().join("titles.csv"), text).unwrap();
    let import = |options: &[&str]| {
        let output =
            sovpalo(home.path()).args(["import-titles", "titles.csv"]).args(options).output().unwrap();
        (output.status.success(), said(&output), String::from_utf8_lossy(&output.stdout).into_owned())
    };

    write("name_en,year,kind\nHome Movie,2020,film\n,2021,film\nBad,soon,film\n");
    let (done, said, _) = import(&[]);
    assert!(!done && said.contains("nothing was imported; --skip-bad takes"), "{said}");
    assert!(
        said.contains("line 3: the title has no name") && said.contains("line 4: year is \"soon\""),
        "{said}"
    );

    let (done, said, output) = import(&["--skip-bad", "--dry-run"]);
    assert!(done && said.contains("line 3: the title has no name"), "{said}");
    assert!(output.starts_with("Nothing was changed. It would be: 1 titles imported: 1 new"), "{output}");

    let (done, _, output) = import(&["--skip-bad"]);
    let expected =
        "1 titles imported: 1 new, 0 changed, 0 as they were. 2 mistakes: their lines were passed over.\n";
    assert!(done && output.starts_with(expected), "{output}");

    write("name_en,year,rating\nHome Movie,2020,8\nThe Matrix,1999,9\n");
    let (done, _, output) = import(&[]);
    let expected = "2 titles imported: 1 new, 1 changed, 0 as they were. \
                    1 of them tell more about titles that were there already.\n";
    assert!(done && output.starts_with(expected), "{output}");
}

#[test]
fn a_token_never_reaches_the_log() {
    let home = tempfile::tempdir().unwrap();
    let mut running = Running::start(sovpalo(home.path()).env("RUST_LOG", "debug"));
    // The first attempt to reach Telegram fails and is logged, with everything below it.
    running.hears("has no Telegram");
    assert!(!running.said.contains("a-token-that-nobody"), "{}", running.said);
}

#[test]
fn stores_that_cannot_be_reached_are_all_named_and_no_password_is() {
    let home = tempfile::tempdir().unwrap();
    let output = sovpalo(home.path())
        .env("BOT_TOKEN", TOKEN)
        .env("DATABASE_URL", "postgres://anna:hunter2@127.0.0.1:9/films")
        .env("REDIS_URL", "redis://:hunter2@127.0.0.1:9")
        .env("RUST_LOG", "trace")
        .arg("server")
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = said(&output);
    assert!(said.contains("DATABASE_URL") && said.contains("REDIS_URL"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}

/// One role over the stores that the test command starts.
fn role(home: &Path, role: &str, database: &str) -> Command {
    let variable = |name: &str| {
        std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run `cargo xtask test`"))
    };
    let (server, _) =
        variable("TEST_DATABASE_URL").rsplit_once('/').map(|(s, d)| (s.to_owned(), d.to_owned())).unwrap();
    let mut command = sovpalo(home);
    command
        .env("DATABASE_URL", format!("{server}/{database}"))
        .env("REDIS_URL", variable("TEST_REDIS_URL"))
        .arg(role);
    command
}

#[tokio::test]
async fn several_servers_and_a_bot_start_at_once_over_an_empty_database() {
    use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

    let home = tempfile::tempdir().unwrap();
    let database = format!("sovpalo_test_{}", std::process::id());
    let mut postgres = PgConnection::connect(&std::env::var("TEST_DATABASE_URL").unwrap()).await.unwrap();
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {database} TEMPLATE template0")))
        .execute(&mut postgres)
        .await
        .unwrap();
    let mut children: Vec<Child> = ["server", "server", "bot"]
        .map(|name| {
            role(home.path(), name, &database).env("BOT_TOKEN", TOKEN).stderr(Stdio::piped()).spawn().unwrap()
        })
        .into();
    let logs: Vec<BufReader<ChildStderr>> =
        children.iter_mut().map(|child| BufReader::new(child.stderr.take().unwrap())).collect();
    // Each says so once its stores are open and migrated.
    let said = logs.into_iter().map(|log| {
        let mut lines = log.lines().map_while(Result::ok);
        lines.find(|line| line.contains("listens on") || line.contains("is the bot"))
    });
    let said: Vec<Option<String>> = said.collect();
    for child in &mut children {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    sqlx::query(AssertSqlSafe(format!("DROP DATABASE {database} WITH (FORCE)")))
        .execute(&mut postgres)
        .await
        .unwrap();
    assert!(said.iter().all(Option::is_some), "one of them ended: {said:?}");
}

/// What the program says about an `.env` of these bytes; it must not start.
fn refused_for(dotenv: &[u8]) -> String {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join(".env"), dotenv).unwrap();
    let output = sovpalo(home.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    said(&output)
}

#[test]
fn every_mistake_in_env_is_told_at_once_by_line_and_name_and_no_value_is() {
    let said = refused_for(
        b"BOT_TOKEN=7000000001:hunter2hunter2hunter2 from BotFather\nPUBLIC_URL: https://hunter2.example.org\n\
          JWT_SECRET=\"hunter2\n\nREDIS_URL=\nREDIS_URL=redis://:hunter2@host\nLIMITS=hunter2\nADMIN_IDZ=hunter2\nhunter2\n",
    );
    for place in [
        ".env, line 1: BOT_TOKEN: ",
        ".env, line 2: PUBLIC_URL: ",
        ".env, line 3: JWT_SECRET: ",
        ".env, line 6: REDIS_URL is there twice, in line 5 too, empty",
        "LIMITS is on or off",
        ".env, line 8: ADMIN_IDZ is no setting",
        ".env, line 9: this is not NAME=value",
    ] {
        assert!(said.contains(place), "{place} is not said in:\n{said}");
    }
    assert!(!said.contains("hunter2"), "{said}");
    assert!(!said.contains("BOT_TOKEN is not set"), "a line that could not be read is not missing:\n{said}");
}

#[test]
fn a_path_in_public_url_is_refused_by_name() {
    let said = refused_for(
        format!("BOT_TOKEN={TOKEN}\nPUBLIC_URL=https://example.org/films/\nMINI_APP_NAME=films\n").as_bytes(),
    );
    assert!(said.contains("PUBLIC_URL has a path"), "{said}");
}

#[tokio::test]
async fn what_env_says_is_taken_as_it_is_written_and_the_environment_wins() {
    let home = tempfile::tempdir().unwrap();
    // The dollar would leave fewer than 32 characters if something were put in for it.
    let dotenv = format!(
        "\u{FEFF}export LISTEN='127.0.0.1:1'\r\nJWT_SECRET=k3$cd$efQz8vT1mW6xYr4hB9nLpJ7sDg\r\nRUST_LOG=debug\r\n\
         BOT_TOKN={TOKEN}\r\nPUBLIC-URL-OF-OTHERS=1\r\n"
    );
    let utf16: Vec<u8> = dotenv.encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(home.path().join(".env"), utf16).unwrap();
    let mut running = Running::start(&mut sovpalo(home.path()));
    assert!(running.get("/api/health").await.status().is_success());
    let warned = running.hears("JWT_SECRET");
    assert!(warned.contains("WARN") && warned.contains("line 2") && !warned.contains("k3$cd"), "{warned}");
    running.hears("DEBUG");
}

#[tokio::test]
async fn uptime_checkers_may_ask_with_head() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(&mut sovpalo(home.path()));
    let health = reqwest::Client::new().head(format!("{}/api/health", running.address)).send().await.unwrap();
    assert_eq!(health.status(), 200);
}

#[test]
fn its_health_can_be_asked_for_without_any_other_program() {
    let home = tempfile::tempdir().unwrap();
    let ask = |listen: &str| sovpalo(home.path()).env("LISTEN", listen).arg("health").output().unwrap();
    let running = Running::start(&mut sovpalo(home.path()));
    let address = running.address.trim_start_matches("http://").to_owned();
    let well = ask(&address);
    assert!(well.status.success(), "{}", said(&well));
    drop(running);
    let gone = ask(&address);
    assert_eq!(gone.status.code(), Some(1), "{}", said(&gone));
    assert!(said(&gone).contains("does not answer"), "{}", said(&gone));
}

#[tokio::test]
async fn its_token_may_come_from_a_file_and_both_at_once_are_refused() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("token");
    std::fs::write(&file, format!("{TOKEN}\n")).unwrap();
    let twice = sovpalo(home.path()).env("BOT_TOKEN", TOKEN).env("BOT_TOKEN_FILE", &file).output().unwrap();
    assert_eq!(twice.status.code(), Some(2));
    assert!(said(&twice).contains("BOT_TOKEN and BOT_TOKEN_FILE are both set"), "{}", said(&twice));
    // An empty variable is one that is not set.
    let mut command = sovpalo(home.path());
    command.env("BOT_TOKEN_FILE", &file);
    let running = Running::start_with_token(&mut command, "");
    assert!(running.get("/api/health").await.status().is_success());
}

#[test]
fn an_env_file_above_the_folder_where_it_is_started_is_not_read() {
    let home = tempfile::tempdir().unwrap();
    let inner = home.path().join("inner");
    std::fs::create_dir(&inner).unwrap();
    std::fs::write(home.path().join(".env"), format!("BOT_TOKEN={TOKEN}\n")).unwrap();
    let output = sovpalo(&inner).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "it started with somebody else's settings");
    let said = said(&output);
    assert!(
        said.contains("BOT_TOKEN is not set") && said.contains("is not read, since it lies above"),
        "{said}"
    );
}

#[test]
fn a_data_folder_that_cannot_be_made_is_named() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("file"), "").unwrap();
    let mut command = sovpalo(home.path());
    let output =
        command.env("BOT_TOKEN", TOKEN).env("DATA_DIR", home.path().join("file/data")).output().unwrap();
    assert!(!output.status.success());
    let said = said(&output);
    assert!(said.contains("DATA_DIR: ") && said.contains("file/data cannot be made"), "{said}");
}
