//! `sovpalo import-titles FILE`: more titles for the catalogue, all or none.

use std::path::Path;

use anyhow::{Context, bail};
use sovpalo_storage::{
    clock::Clock,
    db::{Db, DbConfig, DbTarget},
    titles::import,
};

use crate::config::{Config, Stores};

/// Connections that one import needs.
const CONNECTIONS: u32 = 2;

/// Reads a CSV file and adds its titles. A title that is there already is replaced.
pub(crate) async fn titles(config: Config, file: &Path) -> anyhow::Result<()> {
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let titles = match import::parse(&bytes) {
        Ok(titles) => titles,
        Err(mistakes) => bail!("{}: nothing was imported.\n{mistakes}", file.display()),
    };
    let target = match config.stores {
        Stores::Embedded => {
            std::fs::create_dir_all(&config.data_dir)
                .with_context(|| format!("DATA_DIR: {} cannot be made", config.data_dir.display()))?;
            DbTarget::Sqlite { path: config.data_dir.join("sovpalo.sqlite") }
        }
        Stores::Production { database, .. } => DbTarget::Postgres { url: database.reveal().to_owned() },
    };
    let db = Db::connect(&DbConfig { target, connections: CONNECTIONS }).await.context("the database")?;
    db.put_titles(&titles, Clock::system().now()).await.context("the titles cannot be stored")?;
    println!("{} titles imported; a running server finds them within a minute", titles.len());
    Ok(())
}
