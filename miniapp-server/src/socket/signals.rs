//! What phones tell each other without anybody keeping it: that somebody is typing, how their film goes, and what belongs to the
//! voice chat.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use governor::{
    Quota, RateLimiter,
    clock::MonotonicClock,
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed},
};
use sovpalo_domain::ids::{RoomCode, Timestamp, UserId};
use sovpalo_live::hot::{Publish, Published};
use sovpalo_storage::clock::Clock;
use tokio::task::JoinHandle;

use super::{
    calls::Calls,
    feeds::Feeds,
    phone::{Connected, Phone},
    room::OpenRoom,
};
use crate::{
    problem::Refused,
    screen,
    wire::{PlaybackState, Signal, SignalFrame},
};

/// Signals a second from one socket. Those beyond it are dropped without a word.
pub(crate) const SIGNALS: NonZeroU32 = NonZeroU32::new(10).unwrap();

type Limiter = RateLimiter<NotKeyed, InMemoryState, MonotonicClock, NoOpMiddleware<std::time::Instant>>;

/// The signals of one socket, on their way out.
pub(super) struct Signals {
    limiter: Limiter,
    sending: Option<JoinHandle<()>>,
    /// Once it has to do with a voice chat.
    calls: Option<Calls>,
}

impl Default for Signals {
    fn default() -> Self {
        let limiter = RateLimiter::direct_with_clock(Quota::per_second(SIGNALS), MonotonicClock);
        Self { limiter, sending: None, calls: None }
    }
}

impl Signals {
    /// Sends a signal from a room that is open.
    pub(super) fn send(
        &mut self,
        phone: &Phone,
        connected: &Connected,
        room: &mut OpenRoom,
        frame: &SignalFrame,
    ) -> Result<(), Refused> {
        let not_a_user = |_| Refused::invalid("to", "not a user's id");
        let to = frame.to.map(UserId::new).transpose().map_err(not_a_user)?;
        let (from, clock) = (phone.viewer.user, phone.app.rooms.clock());
        let hot = Arc::clone(phone.app.rooms.hot()) as Arc<dyn Publish>;
        let body = || serde_json::to_string(&frame.signal).map_err(|_| Refused::Internal);
        match frame.signal {
            Signal::Voice { on } => {
                room.wishes_voice(on);
                self.calls(hot, clock, from, connected).voice(room.held.clone(), on)
            }
            Signal::Rtc { .. } => {
                self.calls(hot, clock, from, connected).rtc(room.held.clone(), to, &body()?)
            }
            Signal::Playback { .. } if !screen::makes_sense(&frame.signal) => Ok(()),
            Signal::Typing | Signal::Playback { .. } => {
                let now = clock.now();
                note_watching(&frame.signal, room, now);
                if self.may_send() {
                    let signal = Published::Signal { from, to, body: body()?.into(), at: Some(now) };
                    self.publish(&phone.app.feeds, hot, room.live.code(), signal);
                }
                Ok(())
            }
        }
    }

    /// Not if there were too many, or the one before is still on its way.
    fn may_send(&self) -> bool {
        let is_busy = self.sending.as_ref().is_some_and(|sending| !sending.is_finished());
        !is_busy && self.limiter.check().is_ok()
    }

    fn calls(&mut self, hot: Arc<dyn Publish>, clock: &Clock, from: UserId, connected: &Connected) -> &Calls {
        self.calls.get_or_insert_with(|| Calls::new(hot, clock.clone(), from, Arc::clone(&connected.mailbox)))
    }

    fn publish(&mut self, feeds: &Feeds, hot: Arc<dyn Publish>, room: RoomCode, signal: Published) {
        if hot.is_subscribed_only_here(room) {
            feeds.signal(room, signal);
            return;
        }
        self.sending = Some(tokio::spawn(async move {
            // Whoever is not reached now has no use for it later.
            hot.publish(room, &signal).await.ok();
        }));
    }
}

/// What is counted of how people watch is what their phones say: whether they do, and how long the film is.
fn note_watching(signal: &Signal, room: &OpenRoom, now: Timestamp) {
    if let Signal::Playback { rev, state, duration_s, .. } = signal {
        room.live.note_watches(room.held.attendance.socket(), *state != PlaybackState::Blocked, now);
        if let Some(seconds) = duration_s {
            room.live.note_film_length(*rev, Duration::from_secs_f64(*seconds));
        }
    }
}
