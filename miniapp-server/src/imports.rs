//! Reading the lists that people bring along, away from the threads that everybody else's work waits for, a few at once.

use std::sync::Arc;

use bytes::Bytes;
use sovpalo_catalogue::{
    Catalogue,
    exports::{self, Understood},
};
use tokio::sync::Semaphore;

use crate::problem::Refused;

/// So many lists are read at once on a node, each of which may take some dozen megabytes; others wait for their turn.
pub(crate) const READ_AT_ONCE: usize = 2;

/// Reads them.
pub(crate) struct Imports {
    at_once: Arc<Semaphore>,
}

impl Default for Imports {
    fn default() -> Self {
        Self { at_once: Arc::new(Semaphore::new(READ_AT_ONCE)) }
    }
}

impl Imports {
    /// What a file says, which is called so.
    pub(crate) async fn read(
        &self,
        catalogue: Arc<Catalogue>,
        file: Bytes,
        name: Option<String>,
    ) -> Result<Understood, Refused> {
        // It is never closed. It is given back when the work is done, also if nobody waits for it any more.
        let turn = Arc::clone(&self.at_once).acquire_owned().await.map_err(|_| Refused::Internal)?;
        let reading = tokio::task::spawn_blocking(move || {
            let read = exports::read(&catalogue, &file, name.as_deref());
            drop(turn);
            read
        });
        let read = reading.await.map_err(|_| Refused::Internal)?;
        read.map_err(|no_list| Refused::invalid("file", no_list.to_string()))
    }
}
