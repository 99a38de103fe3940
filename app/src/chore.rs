//! The database, for a chore that runs beside the server or without it.

use anyhow::Context;
use sovpalo_live::folder;
use sovpalo_storage::{Db, DbConfig, DbTarget, file_modes};

use crate::config::{Config, Stores};

/// Connections that one chore needs.
const CONNECTIONS: u32 = 2;

/// Opens it, in whichever mode is configured.
pub(crate) async fn open(config: Config) -> anyhow::Result<Db> {
    let target = match config.stores {
        Stores::Embedded => {
            file_modes::create_folder(&config.data_dir)
                .with_context(|| format!("DATA_DIR: {} cannot be made", config.data_dir.display()))?;
            let path = folder::sql_file(&config.data_dir);
            file_modes::prepare_database(&path).context("DATA_DIR")?;
            DbTarget::Sqlite { path }
        }
        Stores::Production { database, .. } => DbTarget::Postgres { url: database.reveal().to_owned() },
    };
    Db::connect(&DbConfig { target, connections: CONNECTIONS }).await.context("the database")
}
