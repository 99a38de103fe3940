//! Through a real PgBouncer: what works with it, and what is refused before anything is served.

use std::{
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use futures::future::join_all;
use tokio::net::TcpStream;

use super::{Bench, at, lease, on_postgres, story::person, user};
use crate::{Db, DbConfig, DbError, DbTarget};

/// The first version that keeps the names of prepared statements apart.
const ABLE: (u32, u32) = (1, 21);

/// A PgBouncer in front of the tests' PostgreSQL. Ends with this.
struct PgBouncer {
    port: u16,
    child: Child,
    _directory: tempfile::TempDir,
}

impl PgBouncer {
    async fn start(mode: &str) -> Self {
        let server = url::Url::parse(&super::server_url()).unwrap();
        let part =
            |name: &str, value: Option<&str>| value.map_or(String::new(), |value| format!(" {name}={value}"));
        let database = format!(
            "* = host={} port={}{}{}",
            server.host_str().unwrap(),
            server.port().unwrap_or(5432),
            part("user", Some(server.username()).filter(|user| !user.is_empty())),
            part("password", server.password()),
        );
        // An old version does not know what it cannot do.
        let keeps_statements = if version() >= ABLE { "max_prepared_statements = 100" } else { "" };
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("pgbouncer.ini");
        let settings = format!(
            "[databases]\n{database}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             auth_type = any\npool_mode = {mode}\ndefault_pool_size = 20\nmax_client_conn = 200\n{keeps_statements}\n"
        );
        std::fs::write(&file, settings).unwrap();
        let child = program(&file).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect(MISSING);
        let bouncer = Self { port, child, _directory: directory };
        bouncer.until_up().await;
        bouncer
    }

    async fn until_up(&self) {
        let up = async {
            while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.is_err() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), up).await.expect("PgBouncer does not answer");
    }

    /// The same database, through this.
    fn instead_of(&self, bench: &Bench) -> DbConfig {
        let DbTarget::Postgres { url } = &bench.config.target else {
            unreachable!("PgBouncer is PostgreSQL's")
        };
        let mut url = url::Url::parse(url).unwrap();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(self.port)).unwrap();
        DbConfig { target: DbTarget::Postgres { url: url.into() }, ..bench.config.clone() }
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const MISSING: &str = "`pgbouncer` does not start: run `cargo xtask test`, which installs it";

fn bare() -> Command {
    Command::new(std::env::var("PGBOUNCER").unwrap_or_else(|_| "pgbouncer".into()))
}

/// It refuses to run as root, and becomes somebody else if it is told whom.
fn program(settings: &Path) -> Command {
    let mut command = bare();
    command.arg("--quiet");
    let user = Command::new("id").arg("-u").output().unwrap().stdout;
    if user.trim_ascii() == b"0" {
        command.args(["--user", "nobody"]);
    }
    command.arg(settings);
    command
}

fn version() -> (u32, u32) {
    let said = bare().arg("--version").output().expect(MISSING).stdout;
    let said = String::from_utf8_lossy(&said).into_owned();
    let mut numbers =
        said.split(|letter: char| !letter.is_ascii_digit()).filter_map(|digits| digits.parse().ok());
    (numbers.next().expect("a version"), numbers.next().expect("its second number"))
}

/// What a process does between its start and its first evening, on several connections at once.
async fn works(config: &DbConfig) {
    let opened = join_all((0..3).map(|_| Db::connect(config))).await;
    let nodes: Vec<Db> = opened.into_iter().map(|db| db.expect("each migrates, or finds it done")).collect();
    let seen = nodes.iter().cycle().zip(1..=40).map(|(db, id)| async move {
        db.see_user(&person(id), Some("ru"), at(id)).await.unwrap();
        db.user(user(id)).await.unwrap().expect("they were seen")
    });
    assert_eq!(join_all(seen).await.len(), 40);
    for db in &nodes {
        db.ping().await.unwrap();
        assert_eq!(db.due_notices(10, lease(at(0))).await.unwrap(), [], "nothing is due in an empty house");
    }
    // A transaction of several steps, and one that reads as of one moment.
    nodes[0].erase_user(user(1), &[], at(100)).await.unwrap();
    assert_eq!(nodes[1].user(user(1)).await.unwrap(), None);
}

#[tokio::test]
async fn a_session_for_each_connection_works() {
    let bouncer = PgBouncer::start("session").await;
    on_postgres(async |bench: Bench| works(&bouncer.instead_of(&bench)).await).await;
}

#[tokio::test]
async fn a_connection_for_each_transaction_works_or_is_refused_by_name() {
    let bouncer = PgBouncer::start("transaction").await;
    on_postgres(async |bench: Bench| {
        let config = bouncer.instead_of(&bench);
        if version() >= ABLE {
            works(&config).await;
            return;
        }
        let error = Db::connect(&config).await.expect_err("statements are mixed up sooner or later");
        assert!(matches!(error, DbError::Pooler), "{error:?}");
        for words in ["PgBouncer", "max_prepared_statements", "pool_mode = session"] {
            assert!(error.to_string().contains(words), "{words}: {error}");
        }
        // Nothing of the attempt stays behind that would keep others from starting.
        Db::connect(&bench.config).await.expect("PostgreSQL itself is free");
    })
    .await;
}
