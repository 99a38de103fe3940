//! A PostgreSQL database of a test's own.

use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};

use crate::{Db, DbConfig, DbTarget, connect};

/// The advisory lock of the test that makes the template.
const MAKING_THE_TEMPLATE: i64 = 0x7465_6D70_6C61_7465;

/// A database on the server at `TEST_DATABASE_URL`, dropped with this.
pub struct Database {
    pub name: String,
}

impl Database {
    /// Without any tables.
    pub async fn empty() -> Self {
        // Not from the usual template: it cannot be copied while somebody looks at it.
        Self::copied_from("template0").await
    }

    /// With the schema of today: a copy of a database that the first test makes, as running all migrations takes five times as long.
    pub async fn migrated() -> Self {
        let template = template().await;
        Self::copied_from(&template).await
    }

    async fn copied_from(template: &str) -> Self {
        let name = format!("sovpalo_test_{:032x}", rand::random::<u128>());
        on_server(format!("CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")).await;
        Self { name }
    }

    /// Its address.
    pub fn url(&self) -> String {
        url_of(&self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        // The test's own runtime cannot be waited for from within.
        let dropped = std::thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(on_server(drop));
        });
        dropped.join().ok();
    }
}

/// Where tests find PostgreSQL.
pub fn server_url() -> String {
    std::env::var("TEST_DATABASE_URL")
        .expect("TEST_DATABASE_URL is not set: run `cargo xtask test`, which starts PostgreSQL")
}

/// The name of a database with today's schema. Made by whichever test is first, under another name until it is whole.
async fn template() -> String {
    let checksum = connect::POSTGRES.iter().flat_map(|migration| migration.checksum.iter());
    let hash = checksum.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let name = format!("sovpalo_template_{hash:016x}");
    let mut server = PgConnection::connect(&server_url()).await.unwrap();
    if exists(&mut server, &name).await {
        return name;
    }
    sqlx::query("SELECT pg_advisory_lock($1)").bind(MAKING_THE_TEMPLATE).execute(&mut server).await.unwrap();
    if !exists(&mut server, &name).await {
        let unfinished = Database::empty().await;
        let target = DbTarget::Postgres { url: unfinished.url() };
        let Db::Postgres(pool) = Db::connect(&DbConfig { target, connections: 1 }).await.unwrap() else {
            unreachable!("it is PostgreSQL")
        };
        pool.close().await;
        let rename = format!("ALTER DATABASE {} RENAME TO {name}", unfinished.name);
        sqlx::query(AssertSqlSafe(rename)).execute(&mut server).await.unwrap();
        std::mem::forget(unfinished);
    }
    name
}

async fn exists(server: &mut PgConnection, name: &str) -> bool {
    let query = sqlx::query("SELECT count(*) FROM pg_database WHERE datname = $1").bind(name);
    query.fetch_one(server).await.unwrap().get::<i64, _>(0) > 0
}

fn url_of(database: &str) -> String {
    let mut url = url::Url::parse(&server_url()).unwrap();
    url.set_path(database);
    url.into()
}

async fn on_server(statement: String) {
    let mut server = PgConnection::connect(&server_url()).await.unwrap();
    sqlx::query(AssertSqlSafe(statement)).execute(&mut server).await.unwrap();
}
