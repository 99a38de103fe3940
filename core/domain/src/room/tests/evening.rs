//! A room in a test: people say things, what is allowed goes into the log, time stands still until it is moved.

use std::time::Duration;

use crate::{
    ids::{Epoch, RoomCode, Round, Timestamp, TitleId, UserId},
    room::{
        AWAY_AFTER, Command, Created, DeckChoice, Entry, Event, PeopleCommand, Profile, Ranked, Refusal,
        Restored, RestoredMember, Room, RoomName, Settings, SettingsChange, SwipingCommand, SwipingEvent,
        Verdict, View,
    },
    title::{TitleRef, TitleText},
};

pub(in crate::room) const ANNA: i64 = 1;
pub(in crate::room) const BORIS: i64 = 2;
pub(in crate::room) const VERA: i64 = 3;
pub(in crate::room) const GLEB: i64 = 4;
pub(in crate::room) const DASHA: i64 = 5;

pub(in crate::room) fn user(id: i64) -> UserId {
    UserId::new(id).expect("a test's user id is one that Telegram could give")
}

pub(in crate::room) fn title(id: &str) -> TitleId {
    TitleId::new(id).expect("a test's title id is well formed")
}

pub(in crate::room) fn film(id: &str) -> TitleRef {
    TitleRef::Catalogue(title(id))
}

pub(in crate::room) fn typed(text: &str) -> TitleRef {
    TitleRef::Text(TitleText::new(text).expect("a test's typed title is one"))
}

/// The id of a card that is first picked with this text.
pub(in crate::room) fn typed_id(text: &str) -> TitleId {
    TitleText::new(text).expect("a test's typed title is one").id()
}

pub(in crate::room) fn profile(id: i64) -> Profile {
    Profile { name: format!("Person {id}"), photo_url: None }
}

pub(in crate::room) fn default_settings() -> Settings {
    Settings::named(RoomName::new("Movie night").expect("a plain name"))
}

pub(in crate::room) fn curated(ids: &[&str]) -> SettingsChange {
    let titles: Vec<_> = ids.iter().map(|id| title(id)).collect();
    let deck = DeckChoice::curated(crate::ids::DeckId::new("mood").expect("a plain id"), titles);
    SettingsChange { deck: Some(Some(deck)), ..SettingsChange::default() }
}

/// What a command came to: the events it added, or why it was refused.
pub(in crate::room) type Outcome = Result<Vec<Event>, Refusal>;

#[derive(Clone)]
pub(in crate::room) struct Evening {
    pub(in crate::room) room: Room,
    pub(in crate::room) log: Vec<Entry>,
    pub(in crate::room) now: Timestamp,
}

impl Evening {
    /// A room that its host made and is in.
    pub(in crate::room) fn hosted_by(host: i64, settings: Settings) -> Self {
        Self::seeded(host, settings, 7)
    }

    pub(in crate::room) fn seeded(host: i64, settings: Settings, seed: u64) -> Self {
        let now = Timestamp::from_millis(1_790_000_000_000);
        let created = Created {
            code: RoomCode::from_bits(42),
            epoch: Epoch::from_bits(9),
            host: user(host),
            seed,
            settings,
        };
        let mut evening = Self::reopened(Event::Created(Box::new(created)), now);
        evening.join(host);
        evening
    }

    /// A room whose log begins with this event.
    pub(in crate::room) fn reopened(first: Event, now: Timestamp) -> Self {
        let first = Entry { at: now, event: first };
        let room = Room::begin(&first).expect("the event can begin a log");
        Self { room, log: vec![first], now }
    }

    /// The same room after its log was lost, from what SQL keeps of it.
    pub(in crate::room) fn remembered(&self) -> Self {
        let mut evening = Self::reopened(Event::Restored(Box::new(remembered(&self.room))), self.now);
        let moderators = self.room.present_members().filter(|member| member.moderator);
        let again = Room::people_again(self.room.access().clone(), moderators.map(|member| member.id));
        let settings = Room::settings_again(self.room.leaves_out_seen(), self.room.allows_veto());
        for event in again.into_iter().chain(settings) {
            evening.append(event);
        }
        evening
    }

    /// Anna's room with default settings, where everybody here has joined.
    pub(in crate::room) fn of(people: &[i64]) -> Self {
        Self::with(people, default_settings())
    }

    pub(in crate::room) fn with(people: &[i64], settings: Settings) -> Self {
        let mut evening = Self::hosted_by(people[0], settings);
        people[1..].iter().for_each(|person| drop(evening.join(*person)));
        evening
    }

    /// These people, already swiping a deck that the first of them picked.
    pub(in crate::room) fn swiping(people: &[i64], settings: Settings, deck: &[&str]) -> Self {
        let mut evening = Self::with(people, settings);
        for id in deck {
            evening.must(people[0], Command::Swiping(SwipingCommand::Pick(film(id))));
        }
        evening.must(people[0], Command::Swiping(SwipingCommand::Start));
        evening
    }

    /// The same in a room with vetoes.
    pub(in crate::room) fn swiping_with_vetoes(people: &[i64], settings: Settings, deck: &[&str]) -> Self {
        let mut evening = Self::with(people, settings);
        let change = SettingsChange { veto: Some(true), ..SettingsChange::default() };
        evening.must(people[0], Command::Swiping(SwipingCommand::Configure(change)));
        for id in deck {
            evening.must(people[0], Command::Swiping(SwipingCommand::Pick(film(id))));
        }
        evening.must(people[0], Command::Swiping(SwipingCommand::Start));
        evening
    }

    /// Somebody asks something of the room.
    #[expect(clippy::needless_pass_by_value, reason = "a test says a command and is done with it")]
    pub(in crate::room) fn says(&mut self, who: i64, command: Command) -> Outcome {
        let events = self.room.decide(user(who), &command, self.now)?;
        for event in &events {
            self.append(event.clone());
        }
        Ok(events)
    }

    /// The same, when the test is about something else.
    #[expect(clippy::needless_pass_by_value, reason = "a test says a command and is done with it")]
    pub(in crate::room) fn must(&mut self, who: i64, command: Command) -> Vec<Event> {
        self.says(who, command.clone())
            .unwrap_or_else(|refusal| panic!("{command:?} by {who} was refused: {refusal}"))
    }

    fn append(&mut self, event: Event) {
        let entry = Entry { at: self.now, event };
        self.room.apply(&entry);
        self.log.push(entry);
    }

    pub(in crate::room) fn join(&mut self, who: i64) -> Vec<Event> {
        self.must(who, Command::People(PeopleCommand::Join(profile(who))))
    }

    pub(in crate::room) fn like(&mut self, who: i64, id: &str) -> Vec<Event> {
        self.must(who, Command::Swiping(SwipingCommand::Swipe { title: title(id), verdict: Verdict::Like }))
    }

    pub(in crate::room) fn skip(&mut self, who: i64, id: &str) -> Vec<Event> {
        self.must(who, Command::Swiping(SwipingCommand::Swipe { title: title(id), verdict: Verdict::Skip }))
    }

    pub(in crate::room) fn swipe(&mut self, who: i64, id: &str, verdict: Verdict) -> Outcome {
        self.says(who, Command::Swiping(SwipingCommand::Swipe { title: title(id), verdict }))
    }

    pub(in crate::room) fn undo(&mut self, who: i64, id: &str) -> Outcome {
        self.says(who, Command::Swiping(SwipingCommand::Undo { title: title(id) }))
    }

    pub(in crate::room) fn leave(&mut self, who: i64) -> Vec<Event> {
        self.must(who, Command::People(PeopleCommand::Leave))
    }

    pub(in crate::room) fn restart(&mut self, who: i64, round: u32) -> Vec<Event> {
        self.must(
            who,
            Command::Swiping(SwipingCommand::Restart { round: Round::new(round), final_round: false }),
        )
    }

    /// Their phone has been silent for as long as it takes.
    pub(in crate::room) fn goes_away(&mut self, who: i64) -> Vec<Event> {
        let last_seen = self.now;
        self.now = self.now.plus(AWAY_AFTER);
        self.must(who, Command::People(PeopleCommand::Away { last_seen }))
    }

    pub(in crate::room) fn passes(&mut self, time: Duration) {
        self.now = self.now.plus(time);
    }

    pub(in crate::room) fn view(&self, who: i64) -> View {
        self.room.view_for(user(who)).unwrap_or_else(|| panic!("{who} is not in the room"))
    }

    /// All titles that matched in any round, in order.
    pub(in crate::room) fn matched(&self) -> Vec<&str> {
        self.room.matches().iter().map(|found| found.title.as_str()).collect()
    }

    pub(in crate::room) fn deck(&self) -> Vec<&str> {
        self.room.deck().iter().map(TitleId::as_str).collect()
    }
}

pub(in crate::room) fn matches_in(events: &[Event]) -> Vec<&str> {
    events
        .iter()
        .filter_map(|event| match event {
            Event::Swiping(SwipingEvent::Matched { title }) => Some(title.as_str()),
            _ => None,
        })
        .collect()
}

pub(in crate::room) fn finishes(events: &[Event]) -> bool {
    events.contains(&Event::Swiping(SwipingEvent::Finished))
}

/// Which field a refusal is about; empty if it is about none.
pub(in crate::room) fn refused_field(outcome: Outcome) -> &'static str {
    match outcome {
        Err(Refusal::Invalid(errors)) => errors.first().map_or("", |error| error.field),
        _ => "",
    }
}

/// What SQL would remember of a room.
pub(in crate::room) fn remembered(room: &Room) -> Restored {
    Restored {
        code: room.code(),
        epoch: Epoch::from_bits(10),
        created_at: room.created_at(),
        host: room.host(),
        seed: room.seed(),
        settings: room.settings().clone(),
        round: room.round(),
        members: room
            .members()
            .iter()
            .map(|member| RestoredMember {
                id: member.id,
                profile: member.profile.clone(),
                standing: member.standing,
                picks: room.picks_of(member.id).to_vec(),
            })
            .collect(),
        texts: room.texts().cloned().collect(),
        matches: room.matches().to_vec(),
        results: room.results().map(<[Ranked]>::to_vec),
        known: (room.epoch(), room.seq()),
    }
}
