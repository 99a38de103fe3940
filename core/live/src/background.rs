//! What every process with rooms does beside serving them: it carries their logs over to SQL, and takes people out of them who erased
//! themselves.

use std::sync::Arc;

use sovpalo_storage::{Db, clock::Clock};
use tokio_util::sync::CancellationToken;

use crate::{erasures, hot::Hot, projector};

/// Does both until it is told to stop. What is being written then is finished first.
pub async fn run(hot: Arc<dyn Hot>, db: Db, clock: Clock, stop: CancellationToken) {
    let erasing = erasures::run(&*hot, &db, &clock, &stop);
    let projecting = projector::run(Arc::clone(&hot), db.clone(), clock.clone(), stop.clone());
    tokio::join!(projecting, erasing);
}
