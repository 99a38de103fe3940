//! The outbox's postman: what the projector left to be told is told here.
//!
//! A match goes to every chat that has the room's card, and to every member who lets the bot write: a notice of its own for
//! each, so that what was told to one is known whatever becomes of the others. Bots share the outbox. Each notice is told at
//! least once; twice only if a bot died, or lost the database, between telling and noting it. Nobody's "no" (blocked,
//! kicked, never started) is an error. What one chat has to hear of a room is told in its order; a slow one holds up no other.

use std::{sync::Arc, time::Duration};

use sovpalo_domain::{
    ids::{RoomCode, TitleId, UserId},
    room::Room,
};
use sovpalo_storage::{
    db::{Db, DbError, Lease, Notice, NoticeKind, Place, Target, User, Worker},
    rooms::RoomError,
    titles::Language,
};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::{
    backoff::Backoff,
    captions::Captions,
    cards::{Refreshed, language_of, maker},
    failure::Failure,
    html::{TITLE, shown},
    outgoing::{Address, Message},
    texts::{Value, say, say_with},
    updates::{Desk, Trouble},
    work::{self, Queue, persistently},
};

/// Messages under way at the same time. Telegram takes 30 a second.
const SENT_AT_ONCE: usize = 32;
/// How soon to look again at cards that another bot keeps.
const LOOK_AGAIN: Duration = Duration::from_secs(3);
/// The longest wait between two tries of the same notice.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// After so many tries nobody wants to hear it any more.
const ATTEMPTS: u32 = 60;

/// What became of a notice.
enum Told {
    /// It was told, or nobody has to hear it.
    Done,
    /// It is for several chats, and becomes a notice for each.
    Spread,
    /// Not now; again after so long.
    Again(Duration),
}

/// Tells notices until `stop`.
pub(crate) async fn run(desk: Arc<Desk>, stop: &CancellationToken) {
    let clock = desk.rooms.clock().clone();
    work::run(Arc::new(Outbox { desk, sending: Semaphore::new(SENT_AT_ONCE) }), clock, stop).await;
}

struct Outbox {
    desk: Arc<Desk>,
    sending: Semaphore,
}

impl Queue for Outbox {
    type Piece = Notice;
    // Most of them wait for a card's turn.
    const AT_ONCE: usize = 1024;
    const NAME: &'static str = "notices";

    fn id(notice: &Notice) -> i64 {
        notice.id
    }

    async fn take(&self, limit: usize, lease: Lease) -> Result<Vec<Notice>, DbError> {
        self.db().due_notices(limit, lease).await
    }

    async fn renew(&self, ids: &[i64], lease: Lease) -> Result<(), DbError> {
        self.db().renew_notices(ids, lease).await
    }

    async fn release(&self, worker: Worker) -> Result<(), DbError> {
        self.db().release_notices(worker).await
    }

    async fn changed(&self) {
        self.db().notices_changed().await;
    }

    async fn work(&self, notice: Notice) {
        let told = match self.tell(&notice).await {
            Ok(told) => told,
            Err(trouble) => in_trouble(&notice, &trouble),
        };
        let (id, db) = (notice.id, self.db());
        match told {
            Told::Done => persistently(|| db.notice_done(id)).await,
            Told::Spread => persistently(|| db.spread_notice(id, self.desk.now())).await,
            Told::Again(wait) => persistently(|| db.notice_again(id, self.desk.now().plus(wait))).await,
        }
    }

    async fn spoilt(&self, id: i64) {
        persistently(|| self.db().notice_done(id)).await;
    }
}

impl Outbox {
    fn db(&self) -> &Db {
        self.desk.rooms.db()
    }

    async fn tell(&self, notice: &Notice) -> Result<Told, Trouble> {
        match (&notice.what, notice.to) {
            (NoticeKind::CardStale | NoticeKind::Finished { .. }, _) => {
                Ok(match self.desk.cards.refreshed(notice.room).await {
                    Refreshed::Done => Told::Done,
                    Refreshed::Elsewhere => Told::Again(LOOK_AGAIN),
                    Refreshed::Stopping => Told::Again(Duration::ZERO),
                })
            }
            (NoticeKind::Match { .. }, Target::Cards) => Ok(Told::Spread),
            (NoticeKind::Match { title, .. }, Target::Chat(chat)) => {
                self.tell_chat(notice.room, title, chat).await
            }
            (NoticeKind::Match { title, .. }, Target::Member(member)) => {
                self.tell_member(notice.room, title, member).await
            }
        }
    }

    async fn tell_chat(&self, room: RoomCode, title: &TitleId, chat: i64) -> Result<Told, Trouble> {
        let cards = self.db().cards(room).await?;
        let card = cards.iter().map(|card| &card.place).find(|place| is_in(place, chat));
        let to = match card {
            Some(Place::Chat { thread, message, .. }) => {
                Address { chat, thread: *thread, reply_to: *message }
            }
            // The card was deleted since, or the group has moved, which Telegram says.
            _ => Address::chat(chat),
        };
        let live = self.desk.rooms.open(room).await?;
        let language = language_of(self.db(), live.read(maker)).await?;
        let heading = say(language, "bot-match");
        let message = live.read(|room| self.announcement(room, title, &heading, language));
        match self.send(to, &message).await {
            Ok(()) => {}
            Err(Failure::Forbidden | Failure::Gone) => {
                if let Some(place) = card {
                    self.db().drop_card(room, place).await?;
                }
            }
            Err(failure) => return Err(failure.into()),
        }
        Ok(Told::Done)
    }

    async fn tell_member(&self, room: RoomCode, title: &TitleId, member: UserId) -> Result<Told, Trouble> {
        let Some(user) = self.db().user(member).await?.filter(wants_to_hear) else {
            return Ok(Told::Done);
        };
        let live = self.desk.rooms.open(room).await?;
        let language = user.language;
        let message = live.read(|room| {
            let name = Value::from(shown(room.settings().name.as_str(), TITLE));
            let heading = say_with(language, "bot-match-in-room", [("room", name)]);
            self.announcement(room, title, &heading, language)
        });
        match self.send(Address::chat(member.get()), &message).await {
            Ok(()) => {}
            // They never started the bot, or blocked it. That is their right.
            Err(Failure::Forbidden | Failure::Gone) => {
                self.db().allow_writes(member, false, self.desk.now()).await?;
            }
            Err(failure) => return Err(failure.into()),
        }
        Ok(Told::Done)
    }

    async fn send(&self, to: Address, message: &Message) -> Result<(), Failure> {
        // The semaphore is never closed.
        let _turn = self.sending.acquire().await;
        self.desk.outgoing.send(to, message).await.map(drop)
    }

    fn announcement(&self, room: &Room, title: &TitleId, heading: &str, language: Language) -> Message {
        let catalogue = self.desk.titles.current();
        let captions = Captions { room: Some(room), catalogue: &catalogue, language };
        let mut message = Message::text(format!("{heading}\n\n{}", captions.long(title)))
            .link(say(language, "bot-button-room"), self.desk.links.room(room.code()));
        message.poster = captions.poster(title);
        message.rings = true;
        message
    }
}

fn is_in(place: &Place, here: i64) -> bool {
    matches!(place, Place::Chat { chat, .. } if *chat == here)
}

fn wants_to_hear(user: &User) -> bool {
    user.writes_allowed && user.notifications
}

/// Trouble passes, or it is a mistake of ours that would only be repeated for ever.
fn in_trouble(notice: &Notice, trouble: &Trouble) -> Told {
    let wait = match trouble {
        Trouble::Telegram(failure) => failure.retry_after(),
        Trouble::Room(RoomError::NotFound | RoomError::Refused(_)) => None,
        Trouble::Room(_) | Trouble::Stopping => Some(Duration::ZERO),
    };
    match wait {
        Some(wait) if notice.attempts < ATTEMPTS => {
            Told::Again(wait.max(Backoff::after(notice.attempts, LONGEST_WAIT)))
        }
        _ => {
            tracing::warn!(%trouble, notice = notice.id, "a notice is given up");
            Told::Done
        }
    }
}
