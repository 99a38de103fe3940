//! The log of a room in memory, with the state folded from it and how its last entries look to people. It knows no lock and no waiting.

use std::{collections::VecDeque, sync::Arc};

use sovpalo_domain::{
    ids::{Position, Seq, TitleId},
    room::{BrokenLog, Entry, Event, EventViews, Room, SwipingEvent},
};

use super::encoded::{Encoded, KEPT_ENCODED};
use crate::{
    hot::{ExpectedHead, HeadHash},
    offload::off_the_runtime,
};

/// So many of the last entries are kept as people see them. Whoever is further behind is sent the whole room.
pub const KEPT_EVENTS: usize = 1_000;
/// So many curated decks a replica shares between the entries that name them; further ones are held by each entry alone.
const SHARED_DECKS: usize = 16;

/// One entry of the log with what people see of it.
#[derive(Debug)]
pub struct NumberedEvent {
    /// Its place in the log.
    pub seq: Seq,
    /// The entry. Not for clients: it holds what only its author may see.
    pub entry: Entry,
    /// How it looks to each member.
    pub views: EventViews,
    /// How it was sent to those who all see the same of it.
    pub encoded: Encoded,
}

#[derive(Debug)]
pub(super) struct Replica {
    pub(super) room: Room,
    /// All of it: the hot layer may lose it, and is given it back then.
    pub(super) log: Vec<Entry>,
    /// Its end, as people see it.
    pub(super) happened: VecDeque<Arc<NumberedEvent>>,
    decks: Vec<Arc<[TitleId]>>,
}

impl Replica {
    /// Where it stands.
    pub(super) fn position(&self) -> Position {
        Position { epoch: self.room.epoch(), seq: self.room.seq() }
    }

    /// A long log is folded off the runtime.
    pub(super) async fn replay(log: Vec<Entry>) -> Result<Self, BrokenLog> {
        off_the_runtime(log.len(), move || Self::fold(&log)).await
    }

    fn fold(log: &[Entry]) -> Result<Self, BrokenLog> {
        let (first, rest) = log.split_first().ok_or(BrokenLog)?;
        let room = Room::begin(first)?;
        let (happened, decks) = (VecDeque::new(), Vec::new());
        let mut replica = Self { room, log: Vec::with_capacity(log.len()), happened, decks };
        replica.log.push(first.clone());
        // How older ones looked nobody will ask.
        let old = rest.len().saturating_sub(KEPT_EVENTS);
        if old == 0 {
            replica.remember(first);
        }
        for entry in &rest[..old] {
            replica.take(entry);
        }
        for entry in &rest[old..] {
            replica.append(entry);
        }
        Ok(replica)
    }

    pub(super) fn head_hash(&self) -> HeadHash {
        self.log.last().map_or(HeadHash::NONE, HeadHash::of)
    }

    pub(super) fn expected(&self) -> ExpectedHead {
        ExpectedHead { at: self.position(), head_hash: self.head_hash() }
    }

    pub(super) fn append(&mut self, entry: &Entry) {
        let entry = self.take(entry);
        self.remember(&entry);
    }

    /// Folds an entry in and keeps it.
    fn take(&mut self, entry: &Entry) -> Entry {
        let entry = self.shared(entry);
        self.room.apply(&entry);
        self.log.push(entry.clone());
        entry
    }

    /// Keeps how it looks to people.
    fn remember(&mut self, entry: &Entry) {
        let views = self.room.views(entry);
        let (seq, entry, encoded) = (self.room.seq(), entry.clone(), Encoded::default());
        self.happened.push_back(Arc::new(NumberedEvent { seq, entry, views, encoded }));
        if self.happened.len() > KEPT_EVENTS {
            self.happened.pop_front();
        }
        if let Some(old) = self.happened.iter().nth_back(KEPT_ENCODED) {
            old.encoded.forget();
        }
    }

    /// The same entry; a deck that others have named is held once.
    fn shared(&mut self, entry: &Entry) -> Entry {
        let mut entry = entry.clone();
        if let Event::Swiping(SwipingEvent::Configured(settings)) = &mut entry.event
            && let Some(deck) = &mut settings.deck
        {
            match self.decks.iter().find(|known| **known == deck.titles) {
                Some(known) => deck.titles = Arc::clone(known),
                None if self.decks.len() < SHARED_DECKS => self.decks.push(Arc::clone(&deck.titles)),
                None => {}
            }
        }
        entry
    }
}
