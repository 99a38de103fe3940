//! Rooms to write down, told by the domain's own rules.

use sovpalo_domain::{
    ids::{Epoch, RoomCode, Timestamp, TitleId, UserId},
    room::{
        Command, Created, Entry, Event, PeopleCommand, Profile, Room, RoomName, Settings, SwipingCommand,
        Verdict,
    },
    title::{TitleRef, TitleText},
};

use super::{at, user};
use crate::{Db, Person, Place};

/// A room whose host is user 1.
#[derive(Clone)]
pub struct Story {
    pub room: Room,
    pub log: Vec<Entry>,
    now: Timestamp,
}

impl Story {
    /// A room made `seconds` after everything began.
    pub fn of(code: &str, seconds: i64) -> Self {
        Self::with(code, seconds, |_| {})
    }

    pub fn with(code: &str, seconds: i64, change: impl FnOnce(&mut Created)) -> Self {
        let now = at(seconds);
        let mut created = Created {
            code: room(code),
            epoch: Epoch::from_bits(7),
            host: user(1),
            seed: 42,
            settings: Settings::named(RoomName::new("Movie night").unwrap()),
        };
        change(&mut created);
        let first = Entry { at: now, event: Event::Created(Box::new(created)) };
        let mut story = Self { room: Room::begin(&first).unwrap(), log: vec![first], now };
        story.joins(1);
        story
    }

    /// What happened goes on from another log.
    pub fn from(first: Entry) -> Self {
        let now = first.at;
        Self { room: Room::begin(&first).unwrap(), log: vec![first], now }
    }

    /// A room in which these people have picked these titles and swipe.
    pub fn swiping(code: &str, people: i64, titles: &[&str]) -> Self {
        let mut story = Self::of(code, 0);
        (2..=people).for_each(|who| story.joins(who));
        story.picks(1, titles);
        story.does(1, Command::Swiping(SwipingCommand::Start));
        story
    }

    pub fn joins(&mut self, who: i64) {
        let photo_url = (who % 2 == 0).then(|| format!("https://t.me/i/userpic/{who}.jpg"));
        self.does(
            who,
            Command::People(PeopleCommand::Join(Profile { name: format!("Name {who}"), photo_url })),
        );
    }

    pub fn picks(&mut self, who: i64, titles: &[&str]) {
        self.does(
            who,
            Command::Swiping(SwipingCommand::Select(
                titles.iter().map(|t| TitleRef::Catalogue(title(t))).collect(),
            )),
        );
    }

    pub fn like(&mut self, who: i64, id: &str) {
        self.does(who, Command::Swiping(SwipingCommand::Swipe { title: title(id), verdict: Verdict::Like }));
    }

    /// Everybody who is in the room likes it, so that it matches.
    pub fn match_on(&mut self, id: &str) {
        let everybody: Vec<UserId> = self.room.present_members().map(|member| member.id).collect();
        for who in everybody {
            self.like(who.get(), id);
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "a story is told in short sentences")]
    pub fn does(&mut self, who: i64, command: Command) {
        self.now = self.now.plus(std::time::Duration::from_millis(1));
        let events = self.room.decide(user(who), &command, self.now).unwrap();
        for event in events {
            let entry = Entry { at: self.now, event };
            self.room.apply(&entry);
            self.log.push(entry);
        }
    }
}

pub fn room(code: &str) -> RoomCode {
    code.parse().unwrap()
}

pub fn title(id: &str) -> TitleId {
    TitleId::new(id).unwrap()
}

pub fn typed(text: &str) -> TitleRef {
    TitleRef::Text(TitleText::new(text).unwrap())
}

pub fn person(id: i64) -> Person {
    Person {
        id: user(id),
        first_name: format!("Name {id}"),
        last_name: None,
        username: None,
        photo_url: None,
    }
}

/// Somebody whom the bot may write to.
pub async fn reachable(db: &Db, id: i64) {
    db.see_user(&person(id), None, at(0)).await.unwrap();
    db.allow_writes(user(id), true, at(0)).await.unwrap();
}

/// The room of a story, by the code that most have, shall have a card in this chat.
pub async fn card_in(db: &Db, chat: i64) {
    db.want_card(room("R00M0001"), &Place::Chat { chat, thread: None, message: None }).await.unwrap();
}
