//! How many messages are unread in a person's rooms that are not open on their socket.
//!
//! SQL is asked when the socket opens. From then on the rooms' [feeds](super::feeds) bring news, which are counted here; whatever cannot
//! be told from them makes SQL be asked again, no more than once in [`BETWEEN_COUNTS`].

use std::{
    collections::{HashMap, HashSet, VecDeque},
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use sovpalo_domain::{
    ids::RoomCode,
    talk::{Message, MessageKind},
};
use sovpalo_live::hot::Published;
use sovpalo_storage::{TalkSummary, UNREAD_COUNTED};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::task::AbortOnDropHandle;

use super::{
    feeds::{Following, Interest},
    phone::{Connected, Phone},
};
use crate::{present, talk::MOST_COUNTED, wire};

/// Between two questions to SQL for one socket.
const BETWEEN_COUNTS: Duration = Duration::from_secs(1);
/// A phone says within this after `hello` which rooms it opens; those are not counted.
const OPENS_WITHIN: Duration = Duration::from_millis(200);

/// The rooms of one socket's person that are not open on it.
#[derive(Default)]
pub(super) struct Unread {
    rooms: Vec<Counted>,
    /// Whom SQL may still take for a member.
    left: Vec<RoomCode>,
    counting: Option<Counting>,
    /// When SQL was asked last.
    asked_at: Option<Instant>,
    due: VecDeque<RoomCode>,
    /// SQL has to be asked (again).
    unsure: bool,
}

struct Counted {
    room: RoomCode,
    following: Following,
    counts: TalkSummary,
    /// The highest number that was heard of.
    received: u64,
    message: Option<Arc<Message>>,
}

/// What SQL is asked just now.
enum Counting {
    /// Which rooms there are.
    Rooms(AbortOnDropHandle<Vec<RoomCode>>),
    /// What is unread in those that are not open.
    Messages(AbortOnDropHandle<Counts>),
}

/// What SQL says.
struct Counts {
    rooms: Vec<(RoomCode, TalkSummary)>,
    followed: Vec<(RoomCode, Following)>,
}

impl Unread {
    /// Everything is to be counted (again).
    pub(super) fn count(&mut self) {
        self.unsure = true;
    }

    /// This room is opened: its messages are told, and not how many there are. Once it is open no more, everything is counted again.
    pub(super) fn opens(&mut self, room: RoomCode) {
        self.rooms.retain(|counted| counted.room != room);
        self.rooms.shrink_to_fit();
    }

    /// Goes on. Ready when there is something to tell.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        phone: &Phone,
        connected: &Connected,
        is_open: impl Fn(RoomCode) -> bool,
    ) -> Poll<()> {
        loop {
            match &mut self.counting {
                None if std::mem::take(&mut self.unsure) => {
                    let at =
                        self.asked_at.map_or_else(|| Instant::now() + OPENS_WITHIN, |at| at + BETWEEN_COUNTS);
                    self.asked_at = Some(at.max(Instant::now()));
                    let asking = tokio::spawn(rooms(phone.clone(), at));
                    self.counting = Some(Counting::Rooms(AbortOnDropHandle::new(asking)));
                }
                None => return Poll::Pending,
                Some(Counting::Rooms(asking)) => {
                    let Poll::Ready(rooms) = Pin::new(asking).poll(cx) else { return Poll::Pending };
                    self.counting = None;
                    let Ok(mut rooms) = rooms else {
                        self.unsure = true;
                        continue;
                    };
                    rooms.retain(|room| !is_open(*room));
                    if rooms.is_empty() {
                        self.rooms = Vec::new();
                        continue;
                    }
                    let known = self.rooms.iter().map(|counted| counted.room).collect();
                    let counting = tokio::spawn(count(phone.clone(), connected.clone(), rooms, known));
                    self.counting = Some(Counting::Messages(AbortOnDropHandle::new(counting)));
                }
                Some(Counting::Messages(asking)) => {
                    let Poll::Ready(counts) = Pin::new(asking).poll(cx) else { return Poll::Pending };
                    self.counting = None;
                    match counts {
                        Ok(counts) => self.take(counts, is_open),
                        Err(_) => self.unsure = true,
                    }
                    return Poll::Ready(());
                }
            }
        }
    }

    fn take(&mut self, Counts { rooms, followed }: Counts, is_open: impl Fn(RoomCode) -> bool) {
        let mut known: HashMap<_, _> =
            std::mem::take(&mut self.rooms).into_iter().map(|counted| (counted.room, counted)).collect();
        let mut followed: HashMap<_, _> = followed.into_iter().collect();
        self.rooms.reserve_exact(rooms.len());
        for (room, counts) in rooms {
            if self.left.contains(&room) || is_open(room) {
                continue;
            }
            let before = known.remove(&room);
            let was = before.as_ref().map(|before| before.counts.clone());
            let received = before.as_ref().map_or(0, |before| before.received);
            let Some(following) = before.map(|before| before.following).or_else(|| followed.remove(&room))
            else {
                continue;
            };
            // What was heard meanwhile is not counted in.
            self.unsure |= received > counts.last;
            let changed = was.map_or(counts.unread > 0, |was| was != counts);
            if changed && !self.due.contains(&room) {
                self.due.push_back(room);
            }
            self.rooms.push(Counted { room, following, counts, received, message: None });
        }
        self.rooms.shrink_to_fit();
    }

    /// They are a member of this room again, or for the first time.
    pub(super) fn joined(&mut self, room: RoomCode) {
        self.left.retain(|left| *left != room);
        self.count();
    }

    /// They are not a member of this room any more.
    pub(super) fn left(&mut self, room: RoomCode) {
        self.rooms.retain(|counted| counted.room != room);
        if self.left.len() >= MOST_COUNTED {
            self.left.clear();
        }
        if !self.left.contains(&room) {
            self.left.push(room);
        }
    }

    /// Something was published in a room that is not open.
    pub(super) fn on_published(&mut self, phone: &Phone, room: RoomCode, what: &Published) {
        let me = phone.viewer.user;
        let Some(counted) = self.rooms.iter_mut().find(|counted| counted.room == room) else {
            // It is only just being counted.
            self.unsure = true;
            return;
        };
        let counts = &mut counted.counts;
        match what {
            Published::Message(message) if message.number > counts.last => {
                counted.received = counted.received.max(message.number);
                if message.number > counts.last + 1 {
                    self.unsure = true;
                    return;
                }
                counts.last = message.number;
                if message.kind == MessageKind::System || message.deleted {
                    return;
                }
                if message.author == Some(me) {
                    (counts.read, counts.unread) = (message.number, 0);
                } else {
                    counts.unread = (counts.unread + 1).min(UNREAD_COUNTED);
                }
                counted.message = Some(Arc::clone(message));
            }
            // Taken back: it counted if it was unread.
            Published::Message(message) => {
                self.unsure |= message.deleted && message.number > counts.read;
                return;
            }
            Published::Read { member, number } if *member == me && *number > counts.read => {
                if *number < counts.last {
                    self.unsure = true;
                    return;
                }
                (counts.read, counts.unread) = (*number, 0);
                counted.message = None;
            }
            Published::Read { .. } | Published::Signal { .. } => return,
        }
        if !self.due.contains(&room) {
            self.due.push_back(room);
        }
    }

    /// The next frame that is due for a room that is not open.
    pub(super) fn due(
        &mut self,
        phone: &Phone,
        is_open: impl Fn(RoomCode) -> bool,
    ) -> Option<wire::SocketServerFrame> {
        while let Some(room) = self.due.pop_front() {
            let Some(counted) = self.rooms.iter_mut().find(|counted| counted.room == room) else { continue };
            let message = counted.message.take();
            if !is_open(room) {
                return Some(wire::SocketServerFrame::Unread {
                    room: room.to_string(),
                    messages: present::in_brief(&counted.counts),
                    message: message.map(|message| present::said(phone.viewer.user, &message)),
                });
            }
        }
        None
    }
}

/// The rooms of somebody, not before this moment.
async fn rooms(phone: Phone, at: Instant) -> Vec<RoomCode> {
    sleep_until(at).await;
    loop {
        phone.app.database.back().await;
        if let Some(rooms) = phone.app.counted_rooms_of(phone.viewer.user).await {
            return rooms;
        }
        sleep(BETWEEN_COUNTS).await;
    }
}

/// Follows those rooms of somebody that are not followed yet, and then counts: what comes in between is heard.
async fn count(phone: Phone, connected: Connected, rooms: Vec<RoomCode>, known: HashSet<RoomCode>) -> Counts {
    let (app, user) = (&phone.app, phone.viewer.user);
    let _turn = app.feeds.count_turn().await;
    let mut followed: Vec<(RoomCode, Following)> = Vec::new();
    loop {
        app.database.back().await;
        for room in &rooms {
            if known.contains(room) || followed.iter().any(|(known, _)| known == room) {
                continue;
            }
            let interest = Interest::Unread(user);
            let mailbox = &connected.mailbox;
            let following = app.feeds.follow(app.hot(), *room, mailbox, interest, app.now()).await;
            followed.extend(following.map(|following| (*room, following)));
        }
        let summaries = app.database.ask(app.db().talk_summaries(user, MOST_COUNTED)).await;
        if let Ok(summaries) = summaries {
            let mut summaries: HashMap<_, _> = summaries.into_iter().collect();
            let counts = |room: &RoomCode| (*room, summaries.remove(room).unwrap_or_default());
            return Counts { rooms: rooms.iter().map(counts).collect(), followed };
        }
        sleep(BETWEEN_COUNTS).await;
    }
}
