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
use tokio::time::sleep;
use tokio_util::task::AbortOnDropHandle;

use super::{
    feeds::{Following, Interest},
    phone::{Connected, Phone},
};
use crate::{present, wire};

/// Rooms of one person whose unread messages are counted: the newest. Of others nothing is told until they are opened.
pub(crate) const MOST_COUNTED: usize = 50;
/// Between two questions to SQL for one socket.
const BETWEEN_COUNTS: Duration = Duration::from_secs(1);

/// The rooms of one socket's person.
#[derive(Default)]
pub(super) struct Unread {
    rooms: HashMap<RoomCode, Counted>,
    /// Whom SQL may still take for a member.
    left: HashSet<RoomCode>,
    counting: Option<AbortOnDropHandle<Counts>>,
    /// SQL has to be asked (again).
    unsure: bool,
    began: bool,
    due: VecDeque<RoomCode>,
}

struct Counted {
    following: Following,
    counts: TalkSummary,
    /// The highest number that was heard of.
    heard: u64,
    message: Option<Arc<Message>>,
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

    /// Goes on. Ready when there is something to tell.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, phone: &Phone, connected: &Connected) -> Poll<()> {
        if let Some(counting) = &mut self.counting {
            let Poll::Ready(counts) = Pin::new(counting).poll(cx) else { return Poll::Pending };
            self.counting = None;
            match counts {
                Ok(counts) => self.take(counts),
                Err(_) => self.unsure = true,
            }
            return Poll::Ready(());
        }
        if !std::mem::take(&mut self.unsure) {
            return Poll::Pending;
        }
        let known = self.rooms.keys().copied().collect();
        let wait = if self.began { BETWEEN_COUNTS } else { Duration::ZERO };
        let counting = tokio::spawn(count(phone.clone(), connected.clone(), known, wait));
        self.counting = Some(AbortOnDropHandle::new(counting));
        self.began = true;
        // So that it will wake this task.
        self.poll(cx, phone, connected)
    }

    fn take(&mut self, Counts { rooms, followed }: Counts) {
        let mut known = std::mem::take(&mut self.rooms);
        let mut followed: HashMap<_, _> = followed.into_iter().collect();
        for (room, counts) in rooms {
            if self.left.contains(&room) {
                continue;
            }
            let before = known.remove(&room);
            let was = before.as_ref().map(|before| before.counts.clone());
            let heard = before.as_ref().map_or(0, |before| before.heard);
            let Some(following) = before.map(|before| before.following).or_else(|| followed.remove(&room))
            else {
                continue;
            };
            // What was heard meanwhile is not counted in.
            self.unsure |= heard > counts.last;
            let changed = was.map_or(counts.unread > 0, |was| was != counts);
            if changed && !self.due.contains(&room) {
                self.due.push_back(room);
            }
            self.rooms.insert(room, Counted { following, counts, heard, message: None });
        }
    }

    /// They are a member of this room again, or for the first time.
    pub(super) fn joined(&mut self, room: RoomCode) {
        self.left.remove(&room);
        self.count();
    }

    /// They are not a member of this room any more.
    pub(super) fn left(&mut self, room: RoomCode) {
        self.rooms.remove(&room);
        if self.left.len() >= MOST_COUNTED {
            self.left.clear();
        }
        self.left.insert(room);
    }

    /// Something was published in a room.
    pub(super) fn hear(&mut self, phone: &Phone, room: RoomCode, what: &Published) {
        let me = phone.viewer.user;
        let Some(counted) = self.rooms.get_mut(&room) else {
            // It is only just being counted.
            self.unsure = true;
            return;
        };
        let counts = &mut counted.counts;
        match what {
            Published::Message(message) if message.number > counts.last => {
                counted.heard = counted.heard.max(message.number);
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
            let Some(counted) = self.rooms.get_mut(&room) else { continue };
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

/// Follows somebody's rooms, and then counts: what comes in between is heard.
async fn count(phone: Phone, connected: Connected, known: HashSet<RoomCode>, wait: Duration) -> Counts {
    sleep(wait).await;
    let (app, user) = (&phone.app, phone.viewer.user);
    let _turn = app.feeds.count_turn().await;
    let mut followed: Vec<(RoomCode, Following)> = Vec::new();
    loop {
        app.database.back().await;
        if let Ok(rows) = app.database.ask(app.db().rooms_of(user, MOST_COUNTED)).await {
            for row in &rows {
                let is_known =
                    known.contains(&row.code) || followed.iter().any(|(room, _)| *room == row.code);
                if is_known {
                    continue;
                }
                let interest = Interest::Unread(user);
                let following = app.feeds.follow(app.hot(), row.code, &connected.mailbox, interest).await;
                followed.extend(following.map(|following| (row.code, following)));
            }
            let summaries = app.database.ask(app.db().talk_summaries(user, MOST_COUNTED)).await;
            if let Ok(summaries) = summaries {
                let summaries: HashMap<_, _> = summaries.into_iter().collect();
                let counts = |room: RoomCode| (room, summaries.get(&room).cloned().unwrap_or_default());
                return Counts { rooms: rows.iter().map(|row| counts(row.code)).collect(), followed };
            }
        }
        sleep(BETWEEN_COUNTS).await;
    }
}
