//! Who a request comes from, before anybody knows their name: what handlers are given to say that it is somebody after all.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sovpalo_domain::ids::UserId;
use tokio::sync::OwnedSemaphorePermit;

use super::{connection::Connection, register::Register};
use crate::problem::Refused;

/// When somebody with too many connections may try again.
const COME_BACK: Duration = Duration::from_secs(5);

/// An extension of every request.
#[derive(Clone)]
pub(crate) struct Requester {
    /// The client's address: behind a trusted proxy, as that says.
    pub(crate) ip: IpAddr,
    pub(super) connection: Arc<Connection>,
    pub(super) register: Arc<Register>,
    /// Its places among the requests under way of its address, behind a trusted proxy.
    pub(super) places: Arc<Mutex<Vec<OwnedSemaphorePermit>>>,
}

impl Requester {
    /// The request showed a valid session. From now on it counts for this person and no more for its address.
    pub(crate) fn is(&self, user: UserId) -> Result<(), Refused> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner).clear();
        if self.register.prove(&self.connection, user) {
            Ok(())
        } else {
            Err(Refused::TooMany { retry_after: COME_BACK })
        }
    }

    /// Its connection.
    pub(crate) fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }
}
