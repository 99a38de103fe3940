//! Breaks things, one after the other and several at once, and never more than may be broken.
//!
//! What is promised: what was acknowledged is lost only if Redis loses its data *and* every server that holds the room
//! dies before it could put the log back. So after Redis was wiped no server is killed before every room's log is seen to
//! be back; and after a server was killed Redis is not wiped before every room is seen to be held by another one.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use machine::interrupt;
use rand::{RngExt, rngs::StdRng};
use tokio::{task::JoinSet, time::sleep};

use super::{
    plan::Fault,
    table::{Nodes, Table},
};
use crate::{stage::Stage, stores::Stores};

/// The rooms that are being played.
pub(super) type Playing = Arc<Mutex<BTreeMap<u64, Arc<Table>>>>;

/// From one fault to the next, at least and at most.
const GAP: (u64, u64) = (60, 900);
/// So many faults further on in the plan one is looked for that may happen now.
const AHEAD: usize = 40;

/// Whoever breaks things.
pub(super) struct Director {
    pub(super) stage: Arc<Stage>,
    pub(super) nodes: Arc<Nodes>,
    pub(super) stores: Arc<Stores>,
    pub(super) playing: Playing,
    pub(super) chance: StdRng,
    pub(super) embedded: bool,
    /// How many have happened.
    pub(super) happened: Arc<AtomicU64>,
    state: State,
    under_way: JoinSet<(Part, anyhow::Result<()>)>,
}

/// What a fault concerns; of each part only one thing is wrong at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Node(usize),
    Redis,
    Postgres,
    Phones,
}

#[derive(Debug, Default)]
struct State {
    broken: Vec<Part>,
    /// Redis was wiped or failed over, and not every log has been seen to be back.
    logs_in_doubt: bool,
    /// A server was killed, and not every room has been seen to be held by another one.
    holders_in_doubt: bool,
}

impl Director {
    pub(super) fn new(
        stage: Arc<Stage>,
        nodes: Arc<Nodes>,
        stores: Arc<Stores>,
        playing: Playing,
        chance: StdRng,
        embedded: bool,
    ) -> Self {
        Self {
            stage,
            nodes,
            stores,
            playing,
            chance,
            embedded,
            happened: Arc::default(),
            state: State::default(),
            under_way: JoinSet::new(),
        }
    }

    /// Has all of it happen, and comes back when everything is whole again. `enough` ends it early.
    pub(super) async fn break_things(
        &mut self,
        mut plan: Vec<Fault>,
        enough: impl Fn() -> bool,
    ) -> anyhow::Result<BTreeMap<&'static str, usize>> {
        let mut by_kind = BTreeMap::new();
        while !plan.is_empty() && !enough() {
            sleep(Duration::from_millis(self.chance.random_range(GAP.0..GAP.1))).await;
            self.mended()?;
            self.look_for_doubts().await;
            anyhow::ensure!(!interrupt::requested(), "interrupted");
            let Some(next) = plan.iter().take(AHEAD).position(|fault| self.may_happen(*fault)) else {
                continue;
            };
            let fault = plan.remove(next);
            *by_kind.entry(fault.kind()).or_default() += 1;
            self.happened.fetch_add(1, Ordering::SeqCst);
            self.happens(fault);
        }
        while let Some(ended) = self.under_way.join_next().await {
            ended?.1?;
        }
        Ok(by_kind)
    }

    fn may_happen(&self, fault: Fault) -> bool {
        let whole = |part| !self.state.broken.contains(&part);
        let no_doubt = !self.state.logs_in_doubt && !self.state.holders_in_doubt;
        let nodes_whole = !self.state.broken.iter().any(|part| matches!(part, Part::Node(_)));
        match fault {
            Fault::CutSockets { .. } => true,
            // What is acknowledged is on disk there.
            Fault::KillNode { node, .. } if self.embedded => whole(Part::Node(node)),
            Fault::KillNode { node, .. } => {
                whole(Part::Node(node)) && whole(Part::Redis) && !self.state.logs_in_doubt
            }
            Fault::FreezeNode { node, .. } => whole(Part::Node(node)),
            Fault::WipeRedis { .. } | Fault::FailOver { .. } => whole(Part::Redis) && nodes_whole && no_doubt,
            Fault::StopPostgres { .. } => whole(Part::Postgres),
            Fault::DropListeners | Fault::DropConnections => whole(Part::Redis),
        }
    }

    fn happens(&mut self, fault: Fault) {
        let stage = Arc::clone(&self.stage);
        match fault {
            Fault::CutSockets { share } => self.cut_sockets(share),
            Fault::KillNode { node, down } => {
                self.state.holders_in_doubt = true;
                self.nodes.dies(node);
                self.breaks(Part::Node(node), move || {
                    stage.kill_node(node)?;
                    std::thread::sleep(down);
                    stage.start_node(node)
                });
            }
            Fault::FreezeNode { node, still } => {
                self.breaks(Part::Node(node), move || stage.freeze_node(node, still));
            }
            Fault::WipeRedis { down } => {
                self.state.logs_in_doubt = true;
                self.breaks(Part::Redis, move || stage.wipe_redis(down));
            }
            Fault::FailOver { missing } => {
                self.state.logs_in_doubt = true;
                self.breaks(Part::Redis, move || stage.fail_over_redis(missing));
            }
            Fault::StopPostgres { kill, down } => {
                self.breaks(Part::Postgres, move || stage.stop_postgres(kill, down));
            }
            Fault::DropListeners => {
                self.breaks(Part::Phones, move || stage.say_to_redis("CLIENT KILL TYPE pubsub"));
            }
            Fault::DropConnections => {
                self.breaks(Part::Phones, move || stage.say_to_redis("CLIENT KILL TYPE normal"));
            }
        }
    }

    fn breaks(&mut self, part: Part, work: impl FnOnce() -> anyhow::Result<()> + Send + 'static) {
        self.state.broken.push(part);
        self.under_way.spawn_blocking(move || (part, work()));
    }

    /// What has become whole again by now.
    fn mended(&mut self) -> anyhow::Result<()> {
        while let Some(ended) = self.under_way.try_join_next() {
            let (part, outcome) = ended?;
            outcome?;
            if let Some(place) = self.state.broken.iter().position(|broken| *broken == part) {
                self.state.broken.swap_remove(place);
            }
        }
        Ok(())
    }

    fn cut_sockets(&mut self, share: f64) {
        for table in self.tables() {
            for seat in &table.seats {
                if self.chance.random_bool(share.clamp(0.0, 1.0)) {
                    seat.cut.notify_one();
                }
            }
        }
    }

    /// Clears doubts that have become groundless. What was acknowledged since by servers that live, they hold.
    async fn look_for_doubts(&mut self) {
        if self.state.holders_in_doubt && !self.tables().iter().all(|table| table.is_held()) {
            return;
        }
        self.state.holders_in_doubt = false;
        if !self.state.logs_in_doubt || self.state.broken.contains(&Part::Redis) {
            return;
        }
        for table in self.tables() {
            let Some(code) = *table.code.borrow() else { continue };
            let back = matches!(self.stores.log(code).await, Ok(Some(log)) if table.is_in(&log));
            // It may have been judged and left meanwhile.
            if !back && !table.stop.is_cancelled() {
                return;
            }
        }
        self.state.logs_in_doubt = false;
    }

    fn tables(&self) -> Vec<Arc<Table>> {
        self.playing.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}
