//! What a phone asks for in the voice chats of its rooms: to be in one, and what it says to another phone about their connection.
//!
//! One task does it, in the order that it was said in, so that what follows `on` finds it done. Nothing of it is kept.

use std::{num::NonZeroU32, sync::Arc};

use governor::{
    Quota, RateLimiter,
    clock::MonotonicClock,
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed},
};
use sovpalo_domain::ids::{RoomCode, UserId};
use sovpalo_live::hot::{Publish, Published, VoiceChanged};
use sovpalo_storage::clock::Clock;
use tokio::sync::mpsc;

use super::{entering::Held, mailbox::Mailbox, render::too_many};
use crate::problem::Refused;

/// How often a second one socket may come into a voice chat or leave it. Beyond it: `too_many`.
pub(crate) const VOICE_CHANGES: NonZeroU32 = NonZeroU32::new(1).unwrap();
/// So many at once.
pub(crate) const VOICE_CHANGES_AT_ONCE: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// `rtc` signals a second from one socket. Those beyond it are dropped without a word.
pub(crate) const RTC: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// So many at once: seven connections, each with an offer and its candidates in a few pieces.
pub(crate) const RTC_AT_ONCE: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// The `data` of an `rtc` signal has at most about so many bytes, as JSON with its signal around it. Beyond it: `invalid`.
pub(crate) const RTC_BYTES: usize = 16 * 1024;
/// What a socket asked for in voice chats and is not done yet. Beyond it `rtc` is dropped without a word, and `voice` is `too_many`.
pub(crate) const CALLS_WAITING: usize = 64;

type Limiter = RateLimiter<NotKeyed, InMemoryState, MonotonicClock, NoOpMiddleware<std::time::Instant>>;

/// The calls of one socket.
pub(super) struct Calls {
    changes: Limiter,
    rtc: Limiter,
    waiting: mpsc::Sender<(Held, Call)>,
}

/// What is asked for in one room.
enum Call {
    Voice(bool),
    Rtc { to: UserId, body: Arc<str> },
}

impl Calls {
    /// The calls of one socket of `from`; refusals go into its mailbox.
    pub(super) fn new(hot: Arc<dyn Publish>, clock: Clock, from: UserId, mailbox: Arc<Mailbox>) -> Self {
        let limiter = |rate, at_once| {
            RateLimiter::direct_with_clock(Quota::per_second(rate).allow_burst(at_once), MonotonicClock)
        };
        let (waiting, mut calls) = mpsc::channel(CALLS_WAITING);
        tokio::spawn(async move {
            while let Some((held, call)) = calls.recv().await {
                if let Err((room, refused)) = call_in(&*hot, &clock, from, &held, call).await {
                    mailbox.refused(room, refused);
                }
            }
        });
        Self {
            changes: limiter(VOICE_CHANGES, VOICE_CHANGES_AT_ONCE),
            rtc: limiter(RTC, RTC_AT_ONCE),
            waiting,
        }
    }

    /// The phone is in the voice chat, or is not.
    pub(super) fn voice(&self, held: Held, on: bool) -> Result<(), Refused> {
        self.changes.check().map_err(|_| too_many())?;
        self.waiting.try_send((held, Call::Voice(on))).map_err(|_| too_many())
    }

    /// Something for the phone of `to` that is in the voice chat; dropped if the asker's is not.
    pub(super) fn rtc(&self, held: Held, to: Option<UserId>, body: &str) -> Result<(), Refused> {
        let to = to.ok_or_else(|| Refused::invalid("to", "an rtc signal is for one member"))?;
        if body.len() > RTC_BYTES {
            return Err(Refused::invalid("data", format!("at most {RTC_BYTES} bytes")));
        }
        if self.rtc.check().is_ok() {
            // A phone that misses it sends its own again.
            self.waiting.try_send((held, Call::Rtc { to, body: body.into() })).ok();
        }
        Ok(())
    }
}

async fn call_in(
    hot: &dyn Publish,
    clock: &Clock,
    from: UserId,
    held: &Held,
    call: Call,
) -> Result<(), (RoomCode, Refused)> {
    let room = held.following.feed.room();
    match call {
        Call::Voice(on) => match held.attendance.set_voice(on).await {
            Ok(VoiceChanged::Changed | VoiceChanged::AsItWas) => Ok(()),
            Ok(VoiceChanged::Full) => Err((room, Refused::VoiceFull)),
            Err(_) => Err((room, Refused::Unavailable)),
        },
        Call::Rtc { to, body } => {
            if held.attendance.is_in_voice() {
                let signal = Published::Signal { from, to: Some(to), body, at: Some(clock.now()) };
                hot.publish(room, &signal).await.ok();
            }
            Ok(())
        }
    }
}
