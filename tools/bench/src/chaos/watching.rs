//! What somebody does with the screen, what their phone says of its film and asks of the server's clock, and what it was told.

use std::{
    collections::BTreeMap,
    time::{SystemTime, UNIX_EPOCH},
};

use rand::{
    RngExt,
    rngs::StdRng,
    seq::{IndexedRandom, IteratorRandom},
};
use serde_json::{Value, json};
use sovpalo_domain::ids::UserId;

use super::view::View;
use crate::checker::{
    rights::Role,
    screen::{seconds, thousandths_of},
    watched::{Clock, InTheEnd, PhoneWatching, Signal, ToldSignal},
    wish::Wish,
};

/// So many films there are.
const FILMS: u32 = 6;
/// How likely somebody tries who may not.
const TRIES_ALL_THE_SAME: f64 = 0.1;
/// How likely a command says which screen it means.
const SAYS_WHICH: f64 = 0.6;
/// How likely that is the one before: somebody tapped before they saw what had just happened.
const IS_LATE: f64 = 0.2;
/// How likely a phone says something at each tap: how its film goes, or a question for the time.
const SAYS: f64 = 0.3;
const ASKS_THE_TIME: f64 = 0.05;
/// How likely a phone that asks for the time is a slow one, for which the room waits.
const IS_SLOW: f64 = 0.1;
/// From one number of a person to the next, in thousandths of a second of a film. So no two things of one person are at the same moment.
const STEP: u64 = 250;

/// A frame that no answer is waited for.
pub(super) enum Said {
    InTheRoom(Value),
    ToTheServer(Value),
}

/// One phone's part in it.
#[derive(Default)]
pub(super) struct Watching {
    history: PhoneWatching,
    /// The how manieth connection this is.
    connection: usize,
    /// How many numbers have been used.
    count: u64,
    /// When the clock was asked for, by the id of the question.
    asked: BTreeMap<u64, i64>,
}

impl Watching {
    /// All of it.
    pub(super) fn into_history(self) -> PhoneWatching {
        self.history
    }

    /// The evening is over, and this is what the phone shows.
    pub(super) fn stays(&mut self, view: &View) {
        self.history.in_the_end = Some(InTheEnd { screen: view.screen.clone() });
    }

    /// What was asked before is not answered any more.
    pub(super) fn reconnected(&mut self) {
        self.connection += 1;
        self.asked.clear();
    }

    fn moment(&mut self) -> u64 {
        self.count += 1;
        self.count * STEP
    }

    /// What somebody wants of the screen, and of which. `None`: nothing now.
    pub(super) fn wish(
        &mut self,
        me: UserId,
        view: &View,
        chance: &mut StdRng,
    ) -> Option<(Wish, Option<u64>)> {
        let role = view.roles.get(&me).copied().unwrap_or(Role::Participant);
        if !view.control.includes(role) && !chance.random_bool(TRIES_ALL_THE_SAME) {
            return None;
        }
        let film =
            |chance: &mut StdRng| format!("https://films.example.com/{}.mp4", chance.random_range(0..FILMS));
        let Some(screen) = &view.screen else {
            let url = film(chance);
            let wish = if chance.random_bool(0.5) { Wish::Show(Some(url)) } else { self.enqueue(me, url) };
            return Some((wish, None));
        };
        let wish = match chance.random_range(0..100) {
            0..30 if screen.playing => Wish::Pause(self.moment()),
            // The last two: somebody who did not notice yet.
            0..30 | 35..40 => Wish::Play(self.moment()),
            30..35 => Wish::Pause(self.moment()),
            40..65 => Wish::Seek(self.moment()),
            65..72 => Wish::Rate(*[500, 1_000, 1_250, 2_000].choose(chance)?),
            72..82 => {
                let url = film(chance);
                self.enqueue(me, url)
            }
            82..88 => Wish::Dequeue(screen.playlist.iter().choose(chance)?.item.clone()),
            88..95 => Wish::Next { after: screen.item.clone() },
            95..99 => Wish::Show(Some(film(chance))),
            _ => Wish::Show(None),
        };
        let may_say = !matches!(wish, Wish::Enqueue { .. } | Wish::Dequeue(_) | Wish::Next { .. });
        let late = u64::from(chance.random_bool(IS_LATE));
        let rev = (may_say && chance.random_bool(SAYS_WHICH)).then(|| screen.rev.saturating_sub(late));
        Some((wish, rev))
    }

    fn enqueue(&mut self, me: UserId, url: String) -> Wish {
        self.count += 1;
        Wish::Enqueue { item: format!("{me}-{}", self.count), url }
    }

    /// What the phone says by itself, at each tap of its person. `device`: which of theirs it is.
    pub(super) fn says(&mut self, device: u64, view: &View, chance: &mut StdRng) -> Option<Said> {
        if chance.random_bool(ASKS_THE_TIME) {
            self.count += 1;
            let slow = chance.random_bool(IS_SLOW);
            let rtt_ms = if slow { chance.random_range(350..1_500) } else { chance.random_range(20..90) };
            self.asked.insert(self.count, now());
            return Some(Said::ToTheServer(json!({ "id": self.count, "clock": true, "rtt_ms": rtt_ms })));
        }
        let screen = view.screen.as_ref().filter(|_| chance.random_bool(SAYS))?;
        let state = *["ready", "ready", "ready", "buffering", "ad", "blocked"].choose(chance)?;
        // The two phones of a person are never at the same moment of a film.
        let position = self.moment() + device;
        self.history.sent.insert(position);
        let signal =
            json!({ "type": "playback", "rev": screen.rev, "state": state, "position_s": seconds(position) });
        Some(Said::InTheRoom(json!({ "signal": signal })))
    }

    /// Takes a frame in that is of no other concern; whether it was one.
    pub(super) fn hear(&mut self, frame: &Value) -> bool {
        match frame["type"].as_str() {
            Some("signal") => {
                let from = frame["from"].as_i64().and_then(|from| UserId::new(from).ok());
                let position = frame.pointer("/signal/position_s").and_then(Value::as_f64);
                if let Some((from, position)) = from.zip(position) {
                    let signal = Signal { from, position: thousandths_of(position) };
                    self.history.told.push(ToldSignal { signal, connection: self.connection });
                }
                true
            }
            Some("clock") => {
                let asked = frame["id"].as_u64().and_then(|id| self.asked.remove(&id));
                if let Some((asked, said)) = asked.zip(frame["now"].as_i64()) {
                    self.history.clocks.push(Clock { asked, said, answered: now() });
                }
                true
            }
            _ => false,
        }
    }
}

/// The machine's clock, which the servers share.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
