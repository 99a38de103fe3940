//! What every process with rooms does beside serving them: it carries their logs over to SQL, and takes people out of them who erased
//! themselves.

use tokio_util::sync::CancellationToken;

use crate::{erasures, projector, rooms::Rooms};

/// Runs both until `stop` is cancelled. A write that has begun is finished first.
pub async fn run(rooms: Rooms, stop: CancellationToken) {
    let erasing = erasures::run(&**rooms.hot(), rooms.db(), rooms.clock(), &stop);
    let projecting = projector::run(rooms.clone(), stop.clone());
    tokio::join!(projecting, erasing);
}
