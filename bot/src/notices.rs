//! The outbox's postman: what the projector left to be told is told here.
//!
//! A match goes to every chat that has the room's card, and to every member who lets the bot write. Each is told at least once; twice
//! only if the process died between telling and noting it. Nobody's "no" (blocked, kicked, never started) is an
//! error. A room's notices are told in their order; a slow chat holds up no other room.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use sovpalo_domain::{
    ids::{RoomCode, TitleId, UserId},
    room::Room,
};
use sovpalo_storage::{
    db::{Card, Notice, NoticeKind, Place, Target, User},
    rooms::RoomError,
    titles::Language,
};
use tokio::{sync::Semaphore, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    backoff::Backoff,
    captions::Captions,
    cards::{language_of, maker},
    failure::Failure,
    html::{TITLE, shown},
    outgoing::{Address, Message},
    texts::{Value, say, say_with},
    updates::{Desk, Trouble},
};

/// Notices taken at once.
const BATCH: usize = 64;
/// A taken notice is ours for so long.
const LEASE: Duration = Duration::from_secs(120);
/// A room's share of the lease; what is not told by then is taken again.
const PATIENCE: Duration = Duration::from_secs(90);
/// Rooms whose notices are told at the same time.
const AT_ONCE: usize = 32;
/// The longest wait between two tries of the same notice.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// After so many tries nobody wants to hear it any more.
const ATTEMPTS: u32 = 60;
/// Which chat was told of which notice is remembered for so long.
const REMEMBERED: Duration = Duration::from_secs(24 * 3600);

/// What became of a notice.
enum Told {
    Done,
    Again(Duration),
}

/// Tells notices until `stop`.
pub(crate) async fn run(desk: Arc<Desk>, stop: CancellationToken) {
    let at_once = Arc::new(Semaphore::new(AT_ONCE));
    let tasks = TaskTracker::new();
    let mut backoff = Backoff::up_to(Duration::from_secs(30));
    loop {
        match desk.rooms.db().due_notices(BATCH, LEASE, desk.now()).await {
            Ok(due) if due.is_empty() => {
                backoff.reset();
                if stop.run_until_cancelled(desk.rooms.db().notices_changed()).await.is_none() {
                    break;
                }
            }
            Ok(due) => {
                backoff.reset();
                for (room, notices) in by_room(due) {
                    let Ok(place) = Arc::clone(&at_once).acquire_owned().await else { return };
                    let desk = Arc::clone(&desk);
                    tasks.spawn(async move {
                        if timeout(PATIENCE, desk.tell_all(notices)).await.is_err() {
                            tracing::debug!(%room, "a room's notices take long, and are taken again later");
                        }
                        drop(place);
                    });
                }
            }
            Err(error) => {
                tracing::warn!(%error, "notices cannot be read");
                if stop.run_until_cancelled(tokio::time::sleep(backoff.wait())).await.is_none() {
                    break;
                }
            }
        }
        if stop.is_cancelled() {
            break;
        }
    }
    tasks.close();
    // What is cut short here is told again after its lease.
    let _ = timeout(Duration::from_secs(5), tasks.wait()).await;
}

fn by_room(due: Vec<Notice>) -> BTreeMap<RoomCode, Vec<Notice>> {
    let mut rooms: BTreeMap<RoomCode, Vec<Notice>> = BTreeMap::new();
    for notice in due {
        rooms.entry(notice.room).or_default().push(notice);
    }
    // News first: a card may have to wait for Telegram's leave.
    for notices in rooms.values_mut() {
        notices.sort_by_key(|notice| !matches!(notice.what, NoticeKind::Match { .. }));
    }
    rooms
}

impl Desk {
    async fn tell_all(&self, notices: Vec<Notice>) {
        for notice in notices {
            let told = match self.tell(&notice).await {
                Ok(told) => told,
                Err(trouble) => in_trouble(&notice, &trouble),
            };
            let noted = match told {
                Told::Done => self.rooms.db().notice_done(notice.id).await,
                Told::Again(wait) => self.rooms.db().notice_again(notice.id, self.now().plus(wait)).await,
            };
            if let Err(error) = noted {
                tracing::warn!(%error, notice = notice.id, "a notice could not be noted, and may be told again");
            }
        }
    }

    async fn tell(&self, notice: &Notice) -> Result<Told, Trouble> {
        match (&notice.what, notice.to) {
            (NoticeKind::CardStale | NoticeKind::Finished { .. }, _) => {
                Ok(if self.cards.refreshed(notice.room).await {
                    Told::Done
                } else {
                    Told::Again(Duration::ZERO)
                })
            }
            (NoticeKind::Match { title, .. }, Target::Cards) => self.tell_chats(notice, title, None).await,
            (NoticeKind::Match { title, .. }, Target::Chat(chat)) => {
                self.tell_chats(notice, title, Some(chat)).await
            }
            (NoticeKind::Match { title, .. }, Target::Member(member)) => {
                self.tell_member(notice.room, title, member).await
            }
        }
    }

    /// Every chat with a card, or one of them. Private chats are left out: their owner is told as a member.
    async fn tell_chats(&self, notice: &Notice, title: &TitleId, only: Option<i64>) -> Result<Told, Trouble> {
        let cards = self.rooms.db().cards(notice.room).await?;
        let mut again = None;
        for card in cards {
            let Place::Chat { chat, thread, message } = card.place else { continue };
            if chat > 0 || only.is_some_and(|only| only != chat) {
                continue;
            }
            let to = Address { chat, thread, reply_to: message };
            match self.tell_chat(notice, title, to, &card).await {
                Ok(()) => {}
                Err(Trouble::Telegram(failure)) if failure.retry_after().is_some() => {
                    again = again.max(failure.retry_after());
                }
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(match again {
            Some(wait) => Told::Again(wait),
            None => Told::Done,
        })
    }

    async fn tell_chat(
        &self,
        notice: &Notice,
        title: &TitleId,
        to: Address,
        card: &Card,
    ) -> Result<(), Trouble> {
        // Of several chats some may have been told before a try failed.
        let told = format!("told:{}:{}", notice.id, to.chat);
        if self.rooms.hot().get(&told).await?.is_some() {
            return Ok(());
        }
        let live = self.rooms.open(notice.room).await?;
        let language = language_of(self.rooms.db(), live.read(maker)).await?;
        let heading = say(language, "bot-match");
        let message = live.read(|room| self.announcement(room, title, &heading, language));
        match self.outgoing.send(to, &message).await {
            Ok(_) => self.rooms.hot().put(&told, b"1", REMEMBERED).await?,
            Err(Failure::Forbidden | Failure::Gone) => {
                self.rooms.db().drop_card(notice.room, &card.place).await?;
            }
            Err(failure) => return Err(failure.into()),
        }
        Ok(())
    }

    async fn tell_member(&self, room: RoomCode, title: &TitleId, member: UserId) -> Result<Told, Trouble> {
        let Some(user) = self.rooms.db().user(member).await?.filter(wants_to_hear) else {
            return Ok(Told::Done);
        };
        let live = self.rooms.open(room).await?;
        let language = user.language;
        let message = live.read(|room| {
            let name = Value::from(shown(room.settings().name.as_str(), TITLE));
            let heading = say_with(language, "bot-match-in-room", [("room", name)]);
            self.announcement(room, title, &heading, language)
        });
        match self.outgoing.send(Address::chat(member.get()), &message).await {
            Ok(_) => {}
            // They never started the bot, or blocked it. That is their right.
            Err(Failure::Forbidden | Failure::Gone) => {
                self.rooms.db().allow_writes(member, false, self.now()).await?;
            }
            Err(failure) => return Err(failure.into()),
        }
        Ok(Told::Done)
    }

    fn announcement(&self, room: &Room, title: &TitleId, heading: &str, language: Language) -> Message {
        let catalogue = self.titles.current();
        let captions = Captions { room: Some(room), catalogue: &catalogue, language };
        let mut message = Message::text(format!("{heading}\n\n{}", captions.long(title)))
            .link(say(language, "bot-button-room"), self.links.room(room.code()));
        message.poster = captions.poster(title);
        message
    }
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
