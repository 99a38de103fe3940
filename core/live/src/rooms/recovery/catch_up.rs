//! Brings one replica and its log together.

use sovpalo_domain::{
    ids::{Epoch, Seq},
    room::BrokenLog,
};
use sovpalo_storage::measure;

use super::remedy::{Remedy, remedy};
use crate::{
    hot::{Appended, ExpectedHead, HeadHash, HotError},
    rooms::{ATTEMPTS, LiveRoom, Rooms},
};

impl Rooms {
    /// Brings a replica to where the log stands, and the log to what the replica holds. If the log cannot be read, the replica is
    /// [closed](LiveRoom::closed): it is older than the log, and nothing of it may be put back any more.
    pub async fn catch_up(&self, live: &LiveRoom) -> Result<(), HotError> {
        let outcome = self.bring_together(live).await;
        if let Err(error @ HotError::Unreadable { .. }) = &outcome {
            self.close(live, error);
        }
        outcome
    }

    /// The room is another node's, if one understands its log. Sockets go there, and this node holds nothing of it.
    fn close(&self, live: &LiveRoom, error: &HotError) {
        live.close();
        self.shared.loaded.remove_if(&live.code(), |_, cell| {
            cell.get().is_some_and(|held| std::ptr::eq(&raw const **held, live))
        });
        self.shared.unreadable.found(live.code(), error);
    }

    async fn bring_together(&self, live: &LiveRoom) -> Result<(), HotError> {
        for _ in 0..ATTEMPTS {
            // From the last entry we know, to see that it is the same one.
            let known = live.position().seq.before();
            if let Some(tail) = self.hot().read(live.code(), known).await?
                && live.follow(&tail)
            {
                return Ok(());
            }
            if self.mend(live).await? {
                return Ok(());
            }
        }
        Err(HotError::busy("a room's log does not come to rest"))
    }

    /// `false`: the log moved meanwhile; look again.
    async fn mend(&self, live: &LiveRoom) -> Result<bool, HotError> {
        let _one_at_a_time = live.mending().await;
        let code = live.code();
        if live.closed().is_cancelled() {
            return Err(HotError::unreadable("it holds more than is known here").of(code));
        }
        let (stood, mine) = live.log();
        let tail = self.hot().read(code, Seq::ZERO).await?;
        let Some(tail) = tail else {
            let put_back = self.hot().put_back(code, None, &mine).await?;
            return Ok(settled(live, "was gone and is put back", put_back));
        };
        let theirs = tail.entries;
        let stands =
            ExpectedHead { at: tail.at, head_hash: theirs.last().map_or(HeadHash::NONE, HeadHash::of) };
        let broken = |broken: BrokenLog| HotError::unreadable(broken).of(code);
        let remedy = remedy(&mine, &theirs, || Epoch::from_bits(rand::random()));
        let (what, appended, log) = match remedy.map_err(broken)? {
            Remedy::Adopt => {
                return live.replace(stood, theirs).await.map_err(broken);
            }
            Remedy::PutBack(from) => {
                let put_back = self.hot().put_back(code, Some(stands), &mine[from..]).await?;
                return Ok(settled(live, "had lost its end, which is put back", put_back));
            }
            Remedy::Extend(entries) => {
                let extended = self.hot().put_back(code, Some(stands), &entries).await?;
                ("lacked what is added now", extended, [theirs, entries].concat())
            }
            Remedy::Replace(log) => {
                let replaced = self.hot().replace(code, stands, &log).await?;
                ("had two ends, and goes on under a new epoch", replaced, log)
            }
        };
        Ok(settled(live, what, appended) && live.replace(stood, log).await.map_err(broken)?)
    }
}

/// Whether it was done, which is worth a line in the log.
fn settled(live: &LiveRoom, what: &str, appended: Appended) -> bool {
    let settled = matches!(appended, Appended::At(_));
    if settled {
        tracing::warn!(room = %live.code(), "a room's log {what}");
        measure::count("sovpalo_rooms_mended_total", []);
    }
    settled
}
