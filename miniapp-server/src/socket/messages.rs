//! The messages of an open room, as one phone is told of them: each change once and in order, as a `message` or as the ack of its own
//! command.
//!
//! The last ones come from the room's [feed](super::feeds), older ones from SQL, a page at a time and only when the phone has taken the
//! one before.

use std::{
    collections::VecDeque,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use sovpalo_domain::talk;
use sovpalo_live::rooms::LiveRoom;
use sovpalo_storage::{MessagePage, PAGE, Range};
use tokio::{task::JoinError, time::sleep};
use tokio_util::task::AbortOnDropHandle;
use tungstenite::Utf8Bytes;

use super::{
    due::Due,
    feeds::{Feeds, Following, Next},
    phone::Phone,
    render::{self, encode, refusal},
    saying::Said,
    tries::{Brought, Tries},
};
use crate::wire::{SocketAck, SocketServerFrame};

/// A phone that missed more messages than this is told so many, and then to fetch the others (`messages_gap`).
pub(crate) const MOST_MESSAGES: usize = 500;
/// Between two questions where a room's messages stand, while SQL does not say so.
const BETWEEN_QUESTIONS: Duration = Duration::from_secs(1);

/// How far a phone was told of a room's messages.
pub(super) struct Messages {
    pub(super) following: Arc<Following>,
    /// Up to which change; `None` while nobody knows where the room stands.
    sent_change: Option<u64>,
    catching_up: Option<CatchingUp>,
    /// What was fetched and not told yet.
    page: VecDeque<talk::Message>,
    fetching: Option<AbortOnDropHandle<Vec<talk::Message>>>,
    fetched: Tries,
    /// What comes next could not be fetched: the phone has to.
    given_up: bool,
    learning: Option<Learning>,
    /// The place of the last news about read marks that was told.
    marks: u64,
}

struct CatchingUp {
    until: u64,
    sent: usize,
}

/// Where the room stands is being asked, for a client that said this.
struct Learning {
    known: Option<u64>,
    live: Arc<LiveRoom>,
    asking: AbortOnDropHandle<u64>,
    asked: Tries,
}

impl Learning {
    fn begin(phone: &Phone, live: &Arc<LiveRoom>, known: Option<u64>, asked: Tries) -> Self {
        let asking = AbortOnDropHandle::new(tokio::spawn(learn(phone.clone(), Arc::clone(live))));
        Self { known, live: Arc::clone(live), asking, asked }
    }
}

/// The next message for a phone.
enum Coming {
    Nothing,
    Fetched,
    Kept(Arc<super::feeds::Message>),
    /// It could not be fetched.
    Missed,
}

impl Messages {
    /// Nothing is told before it [begins](Messages::begin).
    pub(super) fn new(following: Arc<Following>) -> Self {
        Self {
            following,
            sent_change: None,
            catching_up: None,
            page: VecDeque::new(),
            fetching: None,
            fetched: Tries::default(),
            given_up: false,
            learning: None,
            marks: 0,
        }
    }

    /// Begins, or begins again: after what the client says it knows, else after where the room stands. `marks`: up to where read marks
    /// are told with that.
    pub(super) fn begin(
        &mut self,
        phone: &Phone,
        live: &Arc<LiveRoom>,
        known: Option<u64>,
        stands: Option<u64>,
        marks: u64,
    ) {
        (self.page, self.fetching, self.learning) = (VecDeque::new(), None, None);
        (self.sent_change, self.catching_up, self.marks) = (None, None, marks);
        (self.fetched, self.given_up) = (Tries::default(), false);
        if let Some(stands) = stands {
            self.stand(phone, known, stands);
        } else {
            self.learning = Some(Learning::begin(phone, live, known, Tries::default()));
        }
    }

    fn stand(&mut self, phone: &Phone, known: Option<u64>, stands: u64) {
        let app = &phone.app;
        Feeds::opened(&self.following.feed, stands, &app.database, app.db());
        let sent_change = known.map_or(stands, |known| known.min(stands));
        self.sent_change = Some(sent_change);
        self.catching_up = (sent_change < stands).then_some(CatchingUp { until: stands, sent: 0 });
    }

    /// Up to which change the phone was told.
    pub(super) fn sent_change(&self) -> u64 {
        self.sent_change.unwrap_or_default()
    }

    /// Ready when something that was asked of SQL is there.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, phone: &Phone) -> Poll<()> {
        let mut ready = false;
        if let Some(fetching) = &mut self.fetching
            && let Poll::Ready(page) = Pin::new(fetching).poll(cx)
        {
            self.fetching = None;
            match self.fetched.ended(page) {
                Brought::This(page) => {
                    if page.is_empty() {
                        // They have been cleaned away.
                        let until = self.catching_up.take().map_or(0, |catching_up| catching_up.until);
                        self.sent_change = self.sent_change.map(|sent_change| sent_change.max(until));
                    }
                    self.page = page.into();
                }
                Brought::Again => {}
                Brought::Nothing => self.given_up = true,
            }
            ready = true;
        }
        if let Some(mut learning) = self.learning.take() {
            match Pin::new(&mut learning.asking).poll(cx) {
                Poll::Ready(stands) => {
                    self.learned(phone, learning, stands);
                    ready = true;
                }
                Poll::Pending => self.learning = Some(learning),
            }
        }
        if ready { Poll::Ready(()) } else { Poll::Pending }
    }

    fn learned(&mut self, phone: &Phone, learning: Learning, stands: Result<u64, JoinError>) {
        let Learning { known, live, asking: _, mut asked } = learning;
        match asked.ended(stands) {
            Brought::This(stands) => {
                // A client that knows nothing was told nothing either: it fetches.
                self.stand(phone, Some(known.unwrap_or_default()), stands);
                if let (None, Some(catching_up)) = (known, &mut self.catching_up) {
                    catching_up.sent = MOST_MESSAGES;
                }
            }
            Brought::Again => self.learning = Some(Learning::begin(phone, &live, known, asked)),
            Brought::Nothing => {}
        }
    }

    /// The next message or read mark; of messages none while the phone's own command is under way, whose message comes as the ack.
    pub(super) fn due(&mut self, phone: &Phone, live: &Arc<LiveRoom>, is_running: bool) -> Due {
        if !is_running {
            match self.coming(phone, live) {
                Coming::Nothing => {}
                coming => return self.tell(phone, live, coming),
            }
        }
        let Some((news, member, number)) = self.following.mark_after(self.marks) else {
            return Due::Nothing;
        };
        self.marks = news;
        let room = live.code().to_string();
        Due::Frame(encode(&SocketServerFrame::Read { room, member: member.get(), number }))
    }

    /// What is due on the way to the answer of a command, and then the answer itself; `true`: that was it.
    pub(super) fn answer(
        &mut self,
        phone: &Phone,
        live: &Arc<LiveRoom>,
        (id, said): (u64, &Said),
        seq: u64,
    ) -> (Due, bool) {
        let done = match said {
            Ok(done) => done,
            Err(refused) => {
                return (Due::Frame(encode(&refusal(Some(id), Some(live.code()), refused))), true);
            }
        };
        // An ack shows nothing that is ahead of what the phone was told.
        if let Some(message) = &done.message
            && self.sent_change.is_none_or(|sent_change| sent_change < message.change)
        {
            let coming = self.coming(phone, live);
            if matches!(coming, Coming::Missed) {
                return (self.tell(phone, live, coming), false);
            }
            match self.change_of(&coming) {
                // Those before it are on their way.
                None => return (Due::Nothing, false),
                // It comes with the ack.
                Some(change) if done.changed && change >= message.change => {
                    self.sent_change = Some(message.change);
                }
                // What was done before is told like anything else that this phone missed.
                Some(_) => return (self.tell(phone, live, coming), false),
            }
        }
        let message = done.message.as_ref().map(|message| {
            let Phone { app, viewer } = phone;
            app.show_messages(live, viewer.user, viewer.language, std::slice::from_ref(message))
        });
        let message = message.and_then(|mut message| message.pop());
        let room = live.code().to_string();
        let ack = SocketAck { id, room, seq, event: None, queue: None, message };
        (Due::Frame(encode(&SocketServerFrame::Ack(ack))), true)
    }

    /// What comes next; if it must be fetched, that begins.
    fn coming(&mut self, phone: &Phone, live: &Arc<LiveRoom>) -> Coming {
        let Some(sent_change) = self.sent_change else { return Coming::Nothing };
        while self.page.front().is_some_and(|message| message.change <= sent_change) {
            self.page.pop_front();
        }
        if !self.following.tells() {
            return Coming::Nothing;
        }
        if !self.page.is_empty() {
            return Coming::Fetched;
        }
        if self.fetching.is_some() {
            return Coming::Nothing;
        }
        match self.following.next_after(sent_change) {
            Next::Nothing => Coming::Nothing,
            Next::Message(message) => Coming::Kept(message),
            Next::FurtherBehind if self.given_up => Coming::Missed,
            Next::FurtherBehind => {
                let until = self.following.feed.last_change();
                self.catching_up.get_or_insert(CatchingUp { until, sent: 0 });
                let fetching = tokio::spawn(fetch(phone.clone(), Arc::clone(live), sent_change));
                self.fetching = Some(AbortOnDropHandle::new(fetching));
                Coming::Nothing
            }
        }
    }

    fn change_of(&self, coming: &Coming) -> Option<u64> {
        match coming {
            Coming::Nothing | Coming::Missed => None,
            Coming::Fetched => self.page.front().map(|message| message.change),
            Coming::Kept(kept) => Some(kept.message.change),
        }
    }

    fn tell(&mut self, phone: &Phone, live: &Arc<LiveRoom>, coming: Coming) -> Due {
        let gap = |from| {
            let room = live.code().to_string();
            Due::Frame(encode(&SocketServerFrame::MessagesGap { room, from }))
        };
        if matches!(coming, Coming::Missed) {
            return self.miss().map_or(Due::Nothing, gap);
        }
        let Some(change) = self.change_of(&coming) else { return Due::Nothing };
        if let Some(from) = self.gap_before(change) {
            return gap(from);
        }
        self.sent_change = Some(change);
        let frame: Option<Utf8Bytes> = match coming {
            Coming::Kept(kept) => Some(render::message(phone, live, &kept)),
            Coming::Fetched => {
                self.page.pop_front().map(|message| render::rare_message(phone, live, &message))
            }
            Coming::Nothing | Coming::Missed => None,
        };
        frame.map_or(Due::Nothing, Due::Frame)
    }

    /// After which change the phone has to fetch by itself what could not be fetched for it.
    fn miss(&mut self) -> Option<u64> {
        let reaches = self.following.feed.last_change();
        let until = self.catching_up.take().map_or(reaches, |catching_up| catching_up.until);
        (self.fetched, self.given_up) = (Tries::default(), false);
        let sent_change = self.sent_change?;
        self.sent_change.replace(sent_change.max(until))
    }

    /// After which change the phone has to fetch by itself, if it missed too much.
    fn gap_before(&mut self, change: u64) -> Option<u64> {
        let catching_up = self.catching_up.as_mut()?;
        if change > catching_up.until {
            self.catching_up = None;
            return None;
        }
        if catching_up.sent < MOST_MESSAGES {
            catching_up.sent += 1;
            return None;
        }
        let from = self.sent_change.replace(catching_up.until);
        (self.page, self.catching_up) = (VecDeque::new(), None);
        from
    }
}

/// A page of what changed since, as soon as SQL says it.
async fn fetch(phone: Phone, live: Arc<LiveRoom>, since: u64) -> Vec<talk::Message> {
    let page = MessagePage { range: Range::ChangedSince(since), limit: PAGE };
    loop {
        let app = &phone.app;
        if let Ok(page) = app.database.ask(app.db().messages(live.code(), page)).await {
            return page.items;
        }
        sleep(BETWEEN_QUESTIONS).await;
        app.database.back().await;
    }
}

/// Where a room's messages stand, as soon as SQL says it.
async fn learn(phone: Phone, live: Arc<LiveRoom>) -> u64 {
    loop {
        sleep(BETWEEN_QUESTIONS).await;
        phone.app.database.back().await;
        if let Some(messages) = phone.app.messages_of(&live, phone.viewer.user).await {
            return messages.change;
        }
    }
}
