//! One room, from its making to its judgement.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use sovpalo_domain::{
    ids::RoomCode,
    room::{Entry, Event},
};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{
    player::Player,
    table::{Call, Table},
};
use crate::{
    checker::{
        self,
        history::{Answer, History, PhoneHistory, Place, Rows},
        law::Law,
        talk::history::{Operation, Outcome},
        violation::Violation,
    },
    stores::Stores,
};

/// A room that has been at it for so long begins no other round.
const LONGEST: Duration = Duration::from_secs(60);
/// How long a room may take to come to rest then, with everything breaking around it, and SQL to hear of it all.
const PATIENCE: Duration = Duration::from_secs(180);
/// A log whose end Redis lost is put back within this, and not judged before.
const PUT_BACK: Duration = Duration::from_secs(15);
/// Many of a room say something at once this often.
const TOGETHER: Duration = Duration::from_millis(1_500);
/// Phones that know less of the messages than SQL for so long were not told.
const UNTOLD: Duration = Duration::from_secs(5);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(50);

/// What became of a room.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) violations: Vec<Violation>,
    pub(super) phones: usize,
    pub(super) acknowledged: usize,
    pub(super) talk: usize,
    pub(super) matches: usize,
    /// How often what is watched changed.
    pub(super) screens: usize,
    /// Signals about films that phones were told of.
    pub(super) signals: usize,
    /// Answers about the servers' clocks.
    pub(super) clocks: usize,
    pub(super) histories: usize,
    pub(super) connections: usize,
    /// How long phones waited for what others did.
    pub(super) delays: Vec<Duration>,
    /// How often a phone was welcomed with less than it had.
    pub(super) went_back: usize,
    /// How many people erased themselves.
    pub(super) erased: usize,
}

/// Plays a room and judges it. Nobody else needs it any more then.
pub(super) async fn play(
    table: Arc<Table>,
    number: u64,
    stores: Arc<Stores>,
    http: reqwest::Client,
) -> Judged {
    let mut phones = sit_down(&table, number, &http);
    let (ended, rest) = wait_for_rest(&table, &stores).await;
    table.at_rest.store(rest.is_ok(), Ordering::SeqCst);
    table.stop.cancel();
    let mut histories = Vec::new();
    while let Some(history) = phones.join_next().await {
        if let Ok(history) = history {
            histories.push(history);
        }
    }
    judge(&table, histories, ended, rest)
}

fn sit_down(table: &Arc<Table>, number: u64, http: &reqwest::Client) -> JoinSet<PhoneHistory> {
    let mut phones = JoinSet::new();
    let mut seats = table.seats.iter();
    for (place, habits) in table.plan.people.iter().enumerate() {
        let Some(me) = Table::person(number, place) else { continue };
        let devices = if habits.second_phone { 2 } else { 1 };
        for (device, seat) in seats.by_ref().take(devices).enumerate() {
            let player = Player::new(
                me,
                habits.clone(),
                device == 1,
                Arc::clone(table),
                Arc::clone(seat),
                http.clone(),
            );
            phones.spawn(player.play(place == 0 && device == 0));
        }
    }
    phones
}

/// What the stores hold in the end.
struct Ended {
    code: RoomCode,
    place: Place,
    log: Vec<Entry>,
    rows: Rows,
    /// Whether SQL has heard of it all.
    caught_up: bool,
    /// Whether all that was acknowledged is in the log.
    whole: bool,
}

/// Waits until nobody has anything left to do, all know all, and SQL has heard of it.
async fn wait_for_rest(table: &Table, stores: &Stores) -> (Option<Ended>, Result<(), String>) {
    let began = Instant::now();
    let mut closed_at: Option<Instant> = None;
    let mut ended = None;
    let mut short_since: Option<Instant> = None;
    let mut talk = Calls::new();
    loop {
        sleep(LOOK).await;
        if closed_at.is_none() && (began.elapsed() > LONGEST || table.is_closing()) {
            table.closing.store(true, Ordering::SeqCst);
            closed_at = Some(Instant::now());
        }
        talk.goes_on(table, closed_at.is_some());
        let given_up =
            closed_at.is_some_and(|closed| closed.elapsed() > PATIENCE) || table.stop.is_cancelled();
        let Some(code) = *table.code.borrow() else {
            if given_up {
                return (None, Err("nobody could make the room".into()));
            }
            continue;
        };
        let rest = table.rest();
        if rest.is_some() {
            // They would go on talking, and what they say now nobody would look for any more.
            table.closing.store(true, Ordering::SeqCst);
        }
        let rest = rest.filter(|_| table.is_quiet());
        if rest.is_none() && !given_up {
            continue;
        }
        let why = match look(table, stores, code).await {
            Ok(Some(now)) => {
                short_since = if now.whole { None } else { short_since.or_else(|| Some(Instant::now())) };
                let at_rest = rest.is_some() && table.rest() == rest && rest == Some(now.place);
                let why = if rest.is_none() {
                    unrest(table)
                } else if !at_rest {
                    format!("phones rest at {rest:?}, the log at {}", now.place)
                } else if !now.caught_up {
                    format!(
                        "SQL stands at {:?}, the log at {}",
                        now.rows.room.as_ref().map(|r| r.projected),
                        now.place
                    )
                } else if table.known_change() != Some(now.rows.talk.counters.1) {
                    talk.is_behind(table);
                    format!(
                        "phones know the messages up to {:?}, SQL has {:?}",
                        table.known_change(),
                        now.rows.talk.counters
                    )
                } else if short_since.is_some_and(|since| since.elapsed() < PUT_BACK) {
                    "the log is not put back".to_owned()
                } else {
                    return (Some(now), Ok(()));
                };
                ended = Some(now);
                why
            }
            Ok(None) => "the room has no log".to_owned(),
            Err(error) => format!("the stores cannot be read: {error:#}"),
        };
        if given_up {
            return (ended, Err(why));
        }
    }
}

/// What makes the people of a room talk.
struct Calls {
    /// When everybody talks next.
    next_at: Instant,
    behind_since: Option<Instant>,
    count: u32,
}

impl Calls {
    fn new() -> Self {
        Self { next_at: Instant::now() + TOGETHER, behind_since: None, count: 0 }
    }

    /// Now and then many say something at once, to whatever happened.
    fn goes_on(&mut self, table: &Table, is_closed: bool) {
        if !is_closed && Instant::now() >= self.next_at {
            self.next_at = Instant::now() + TOGETHER;
            self.calls(table, Call::Everybody);
        }
    }

    /// SQL has what phones do not know. A server that dies between the two tells nobody what was written, and the others look for it only
    /// every two minutes; with the next message they see that one is missing.
    fn is_behind(&mut self, table: &Table) {
        let since = *self.behind_since.get_or_insert_with(Instant::now);
        if since.elapsed() > UNTOLD {
            self.behind_since = None;
            self.calls(table, Call::OneMore);
        }
    }

    fn calls(&mut self, table: &Table, call: impl Fn(u32) -> Call) {
        self.count += 1;
        table.calls.send_replace(call(self.count));
    }
}

async fn look(table: &Table, stores: &Stores, code: RoomCode) -> anyhow::Result<Option<Ended>> {
    let Some(log) = stores.log(code).await? else { return Ok(None) };
    let (place, whole) = (log.place(), table.is_in(&log));
    let rows = stores.rows(code).await?;
    let history = History { room: code, log: log.entries, epoch: log.epoch, phones: Vec::new(), rows };
    let caught_up = checker::caught_up(&history);
    Ok(Some(Ended { code, place, log: history.log, rows: history.rows, caught_up, whole }))
}

/// Who keeps a room from its rest.
fn unrest(table: &Table) -> String {
    let mut lines = vec!["somebody does not come to rest:".to_owned()];
    for (number, seat) in table.seats.iter().enumerate() {
        lines.push(format!("phone {number}: {:?}", seat.state()));
    }
    lines.join("\n      ")
}

fn is_done(operation: &Operation) -> bool {
    matches!(operation.outcome, Outcome::Acknowledged { .. })
}

fn judge(table: &Table, phones: Vec<PhoneHistory>, ended: Option<Ended>, rest: Result<(), String>) -> Judged {
    let answered =
        |answer: &Answer| matches!(answer, Answer::Done(..) | Answer::SoAlready(_) | Answer::Accepted(_));
    let mut judged = Judged {
        phones: phones.len(),
        acknowledged: phones
            .iter()
            .flat_map(|phone| &phone.asked)
            .filter(|asked| answered(&asked.answer))
            .count(),
        talk: phones.iter().flat_map(|phone| &phone.talk.operations).filter(|said| is_done(said)).count(),
        histories: table.histories(),
        signals: phones.iter().map(|phone| phone.watching.told.len()).sum(),
        clocks: phones.iter().map(|phone| phone.watching.clocks.len()).sum(),
        connections: phones.iter().map(|phone| phone.connections.len()).sum(),
        went_back: phones.iter().map(checker::went_back).sum(),
        erased: phones.iter().filter(|phone| phone.talk.erased_at.is_some()).count(),
        ..Judged::default()
    };
    let room = table.code.borrow().unwrap_or_else(|| RoomCode::from_bits(0));
    if let Err(what) = rest {
        let around = Vec::new();
        judged.violations.push(Violation { law: Law::Rest, room, user: None, seq: None, what, around });
    }
    if let Some(Ended { code, place, log, rows, .. }) = ended {
        let history = History { room: code, log, epoch: place.epoch, phones, rows };
        judged.matches = history.rows.matches.len();
        let is_of_screen = |entry: &&Entry| matches!(entry.event, Event::Watching(_));
        judged.screens = history.log.iter().filter(is_of_screen).count();
        judged.delays = checker::delays(&history);
        judged.violations.extend(checker::judge(&history));
    }
    judged
}
