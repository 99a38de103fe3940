//! What people do in their rooms, and waiting for what the database holds.

use std::sync::Arc;

use serde_json::Value;
use sovpalo_domain::{
    ids::{RoomCode, TitleId, UserId},
    room::{Command, PeopleCommand, Profile, RoomName, Settings, SwipingCommand, Verdict},
    title::{TitleRef, TitleText},
};
use sovpalo_live::rooms::LiveRoom;
use sovpalo_storage::{Card, Kind, Person, Place, User};
use tokio::time::timeout;

use super::{
    PATIENCE, Stage,
    telegram::{code_in, is_bots},
};

impl Stage {
    /// Posts `/new` in the group and waits for the card.
    pub(crate) async fn new_room(&self, user: i64, chat: i64, command: &str) -> (RoomCode, Value) {
        let known: Vec<i64> =
            self.messages(chat).await.iter().filter_map(|m| m["message_id"].as_i64()).collect();
        self.say(user, chat, command).await;
        let card = self
            .until(chat, "a card", |messages| {
                let fresh = |m: &&Value| is_bots(m) && !known.contains(&m["message_id"].as_i64().unwrap());
                messages.iter().filter(fresh).find(|m| code_in(m).is_some()).cloned()
            })
            .await;
        (code_in(&card).unwrap(), card)
    }

    /// A room that was made in the Mini App.
    pub(crate) async fn room_of(&self, host: i64, name: &str) -> Arc<LiveRoom> {
        let profile = Profile { name: format!("Person {host}"), photo_url: None };
        let settings = Settings::named(RoomName::new(name).unwrap());
        self.rooms.create(user_id(host), profile, settings).await.unwrap()
    }

    /// The room has a card in a chat, which may not be shown yet.
    pub(crate) async fn has_card(&self, room: RoomCode, chat: i64) {
        let place = Place::Chat { chat, thread: None, message: None };
        let wanting = async {
            while self.db().want_card(room, &place).await.is_err() {
                // Until SQL knows the room.
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, wanting).await.unwrap_or_else(|_| panic!("there can be no card of {room}"));
    }

    pub(crate) async fn join(&self, room: RoomCode, user: i64, name: &str) {
        let profile = Profile { name: name.to_owned(), photo_url: None };
        self.execute(room, user, Command::People(PeopleCommand::Join(profile))).await;
    }

    pub(crate) async fn pick_texts(&self, room: RoomCode, user: i64, titles: &[&str]) {
        let titles = titles.iter().map(|t| TitleRef::Text(TitleText::new(t).unwrap())).collect();
        self.execute(room, user, Command::Swiping(SwipingCommand::Select(titles))).await;
    }

    pub(crate) async fn execute(&self, room: RoomCode, user: i64, command: Command) {
        let live = self.rooms.open(room).await.unwrap();
        self.rooms.execute(&live, user_id(user), &command).await.unwrap();
    }

    pub(crate) async fn like(&self, room: RoomCode, user: i64, title: &TitleId) {
        let swipe = Command::Swiping(SwipingCommand::Swipe { title: title.clone(), verdict: Verdict::Like });
        self.execute(room, user, swipe).await;
    }

    /// Two people, one title, and a match.
    pub(crate) async fn match_in(&self, room: RoomCode, host: i64, other: i64, title: &str) {
        self.join(room, other, "Other").await;
        self.pick_texts(room, host, &[title]).await;
        self.execute(room, host, Command::Swiping(SwipingCommand::Start)).await;
        let title = TitleText::new(title).unwrap().id();
        self.like(room, host, &title).await;
        self.like(room, other, &title).await;
    }

    /// Waits until the database holds what is looked for.
    pub(crate) async fn cards_until(&self, room: RoomCode, look: impl Fn(&[Card]) -> bool) -> Vec<Card> {
        let waiting = async {
            loop {
                let cards = self.db().cards(room).await.unwrap();
                if look(&cards) {
                    return cards;
                }
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("the cards of {room} are others"))
    }

    /// Waits until somebody is known as looked for.
    pub(crate) async fn user_until(&self, user: i64, look: impl Fn(&User) -> bool) {
        let waiting = async {
            loop {
                if self.db().user(user_id(user)).await.unwrap().as_ref().is_some_and(&look) {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("user {user} is known otherwise"));
    }

    /// Waits until every update that came is done.
    pub(crate) async fn inbox_is_emptied(&self) {
        let waiting = async {
            while self.db().jobs(Kind::Update).depth().await.unwrap().waiting > 0 {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, waiting).await.expect("nothing is left in the inbox");
    }

    /// Waits until what a bot is telling is noted as told: until then another bot may tell it, once the lease has run out.
    pub(crate) async fn telling_is_noted(&self) {
        let waiting = async {
            while self.db().jobs(Kind::Notice).depth().await.unwrap().in_work > 0 {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, waiting).await.expect("what was told is noted");
    }

    /// Waits until every notice that was enqueued is done, in whatever way.
    pub(crate) async fn notices_are_done(&self) {
        let waiting = async {
            loop {
                let depth = self.db().jobs(Kind::Notice).depth().await.unwrap();
                if depth.waiting == 0 && depth.in_work == 0 {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, waiting).await.expect("every notice is done");
    }

    /// Somebody who has opened the Mini App.
    pub(crate) async fn meet(&self, user: i64, language: &str) {
        let person = Person {
            id: user_id(user),
            first_name: format!("Person {user}"),
            last_name: None,
            username: None,
            photo_url: None,
        };
        self.db().see_user(&person, Some(language), self.rooms.clock().now()).await.unwrap();
    }
}

pub(crate) fn user_id(user: i64) -> UserId {
    UserId::new(user).unwrap()
}
