//! Something that a test holds on its way, until it lets it go.

use tokio::sync::oneshot;

/// What waits for the test once it is reached.
pub(crate) struct Hold {
    reached: oneshot::Sender<()>,
    let_go: oneshot::Receiver<()>,
}

/// The test's end of it.
pub(crate) struct HeldAppend {
    reached: oneshot::Receiver<()>,
    let_go: oneshot::Sender<()>,
}

pub(crate) fn hold() -> (Hold, HeldAppend) {
    let (on_its_way, reached) = oneshot::channel();
    let (let_go, waiting) = oneshot::channel();
    (Hold { reached: on_its_way, let_go: waiting }, HeldAppend { reached, let_go })
}

impl Hold {
    pub(crate) async fn reached(self) {
        self.reached.send(()).ok();
        // A test that is over holds nobody up.
        self.let_go.await.ok();
    }
}

impl HeldAppend {
    /// Waits until somebody is held.
    pub(crate) async fn is_reached(&mut self) {
        let reached = tokio::time::timeout(super::SOON, &mut self.reached).await;
        reached.expect("nobody came").unwrap();
    }

    /// They go on.
    pub(crate) fn lets_go(self) {
        self.let_go.send(()).unwrap();
    }
}
