//! Watching together, as a chat sees it.

use serde_json::{Value, json};
use sovpalo_domain::{
    ids::{RoomCode, UserId},
    room::{
        AccessChange, Command, Control, FilmTime, Media, MediaKind, PeopleCommand, Room, Screen,
        ScreenAction, SwipingCommand, WatchingCommand,
    },
};
use sovpalo_storage::PER_WINDOW;
use tokio::time::Instant;

use crate::{
    inline::{ask, choose, results},
    stage::{ANNA, BEN, GROUP, Play, Stage, VERA, code_in, is_bots, text_of, url_of, user_id},
};

const STALKER: &str = "https://cdn.films.ru/a/Stalker_(1979).mp4";
const CLIP: &str = "https://youtu.be/dQw4w9WgXcQ?t=90";
const CLIP_IN_FULL: &str = "https://www.youtube.com/watch?v=dQw4w9WgXcQ";

fn at(seconds: f64) -> FilmTime {
    FilmTime::from_seconds(seconds).unwrap()
}

fn film(url: &str, title: &str) -> ScreenAction {
    ScreenAction::Show(Some(Media::new(MediaKind::File, url, Some(title)).unwrap()))
}

impl Stage {
    async fn does(&self, room: RoomCode, user: i64, action: ScreenAction) {
        self.execute(room, user, Command::Watching(WatchingCommand::from(action))).await;
    }

    async fn screen(&self, room: RoomCode) -> Screen {
        let live = self.rooms.open(room).await.unwrap();
        live.read(Room::screen).expect("something is on")
    }

    async fn members(&self, room: RoomCode) -> Vec<UserId> {
        let live = self.rooms.open(room).await.unwrap();
        live.read(|room| room.present_members().map(|member| member.id).collect())
    }

    async fn cards_in(&self, chat: i64) -> Vec<RoomCode> {
        let messages = self.messages(chat).await;
        let cards = messages.iter().filter(|m| is_bots(m) && text_of(m).starts_with("🍿 Movie night"));
        cards.filter_map(code_in).collect()
    }
}

/// What the buttons of a message say and where they lead.
fn buttons(message: &Value) -> Vec<(&str, &str)> {
    let rows = message["reply_markup"]["inline_keyboard"].as_array().unwrap().iter();
    let buttons = rows.flat_map(|row| row.as_array().unwrap());
    buttons.map(|button| (button["text"].as_str().unwrap(), button["url"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn watch_with_a_link_puts_it_on_and_the_card_says_what_is_on_and_who_is_there() {
    let stage = Stage::new().await;
    let (room, card) = stage.new_room(ANNA, GROUP, &format!("/watch {STALKER}")).await;
    assert!(text_of(&card).contains("⏸ Paused: Stalker (1979)\n👥 Anna"), "{}", text_of(&card));
    let link = format!("https://t.me/sovpalo_bot/app?startapp={room}");
    assert_eq!(buttons(&card), [("▶️ Watch together", link.as_str())], "the link alone leads to what is on");
    let screen = stage.screen(room).await;
    assert_eq!((screen.media.url(), screen.by, screen.playing), (STALKER, user_id(ANNA), false));

    stage.join(room, BEN, "Ben").await;
    stage.does(room, BEN, ScreenAction::Play(at(0.0))).await;
    let playing = stage.message_with(GROUP, "▶️ Watching Stalker (1979)\n👥 Anna, Ben").await;
    assert_eq!(playing["message_id"], card["message_id"], "it is the same message all evening");
    stage.does(room, BEN, ScreenAction::Pause(at(61.0))).await;
    stage.message_with(GROUP, "⏸ Paused: Stalker (1979)").await;

    // What people call a film is a name, whatever it looks like.
    stage
        .does(room, BEN, film("https://films.ru/1.mp4", "</b>@durov https://evil.example/x\u{202E} /start"))
        .await;
    let named = stage.message_with(GROUP, "evil").await;
    let entities = named["entities"].as_array().unwrap();
    assert!(entities.iter().all(|entity| entity["type"] == "bold"), "a name can be tapped: {entities:?}");
    // Telegram brings the question once more: what was put on since stays on.
    let asked = stage.messages(GROUP).await.into_iter().find(|m| text_of(m).starts_with("/watch")).unwrap();
    stage.update(json!({"message": asked})).await;
    stage.settled(GROUP).await;
    assert_eq!(stage.screen(room).await.media.url(), "https://films.ru/1.mp4");
    assert_eq!(stage.cards_in(GROUP).await, [room], "one message is one room");
    let messages = stage.messages(GROUP).await;
    assert!(
        !messages.iter().any(|m| text_of(m).contains("waits in the cinema")),
        "one message is one answer"
    );

    // Nobody was told more than the Mini App tells a stranger.
    let invitation = stage.answer(VERA, &format!("/start {room}")).await;
    let text = text_of(&invitation);
    assert!(text.contains("смотрят вместе") && !text.contains("evil"), "{text}");
    stage.does(room, ANNA, ScreenAction::Show(None)).await;
    stage.message_with(GROUP, "Nothing is picked yet").await;
}

#[tokio::test]
async fn watch_takes_the_chats_room_and_disturbs_no_round() {
    let stage = Stage::new().await;
    let (room, card) = stage.new_room(ANNA, GROUP, "/new").await;
    let cinema = format!("https://t.me/sovpalo_bot/app?startapp={room}_watch");
    assert_eq!(buttons(&card)[1], ("▶️ Watch a link together", cinema.as_str()));
    // In the message that it answers.
    let said = stage.say(VERA, GROUP, &format!("this one? {CLIP}")).await;
    let reply = json!({"user": BEN, "text": "/watch@sovpalo_bot", "reply_to": said["message_id"]});
    stage.post(&format!("/sim/chats/{GROUP}/messages"), reply).await;
    let answer = stage.message_with(GROUP, "waits in the cinema").await;
    assert_eq!(url_of(&answer), cinema);
    assert!(text_of(&answer).contains("youtube"), "{}", text_of(&answer));
    let screen = stage.screen(room).await;
    assert_eq!((screen.media.url(), screen.position), (CLIP_IN_FULL, at(90.0)));
    assert_eq!(stage.members(room).await, [ANNA, BEN].map(user_id), "whoever asks is in the room");
    assert_eq!(stage.cards_in(GROUP).await, [room]);

    // What plays is not interrupted.
    stage.does(room, ANNA, ScreenAction::Play(at(90.0))).await;
    stage.say(VERA, GROUP, &format!("/watch {STALKER}")).await;
    let answer = stage.message_with(GROUP, "Stalker (1979) — следующее в очереди").await;
    assert_eq!(url_of(&answer), cinema);
    let screen = stage.screen(room).await;
    assert_eq!((screen.media.url(), screen.playlist[0].media.url()), (CLIP_IN_FULL, STALKER));

    stage.pick_texts(room, ANNA, &["Solaris"]).await;
    stage.execute(room, ANNA, Command::Swiping(SwipingCommand::Start)).await;
    let (other, _) = stage.new_room(VERA, GROUP, &format!("/watch {STALKER}")).await;
    assert_ne!(other, room, "they are swiping there");
    assert_eq!(stage.screen(room).await.media.url(), CLIP_IN_FULL);
    // Who may not control the newest room gets one of their own.
    let host_only = AccessChange { control: Some(Control::Host), ..AccessChange::default() };
    stage.execute(other, VERA, Command::People(PeopleCommand::Configure(host_only))).await;
    let (third, _) = stage.new_room(BEN, GROUP, &format!("/watch {STALKER}")).await;
    assert_ne!(third, other);
}

#[tokio::test]
async fn what_is_no_film_is_refused_kindly_and_watch_alone_opens_the_cinema() {
    let stage = Stage::new().await;
    for (words, says) in [
        ("Matrix", "no link"),
        ("https://127.0.0.1/film.mp4", "public internet"),
        ("https://nas.local/film.mp4", "public internet"),
        ("http://cdn.films.ru/film.mp4", "https://"),
        ("https://me:secret@films.ru/film.mp4", "password"),
        ("https://www.youtube.com/@someone", "Open one video"),
        ("https://cdn.films.ru/manifest.mpd", "No player"),
        ("https://sovpalo.example/room/ABCDEFGH", "this app itself"),
    ] {
        let answer = stage.answer(ANNA, &format!("/watch {words}")).await;
        assert!(text_of(&answer).contains(says), "{words} got {}", text_of(&answer));
        assert!(!text_of(&answer).contains("secret"), "what was typed is not said again");
    }
    assert!(stage.db().rooms_of(user_id(ANNA), 9).await.unwrap().is_empty(), "no room was made for nothing");

    let (room, card) = stage.new_room(ANNA, ANNA, "/watch").await;
    let cinema = format!("https://t.me/sovpalo_bot/app?startapp={room}_watch");
    assert_eq!(buttons(&card)[1].1, cinema);
    let again = stage.answer(ANNA, "/watch").await;
    assert!(text_of(&again).contains("paste the link"), "{}", text_of(&again));
    assert_eq!(url_of(&again), cinema, "it is the same room");
}

#[tokio::test]
async fn who_seeks_and_plays_and_pauses_all_the_time_costs_the_chat_no_more_than_its_budget() {
    let stage = Stage::with(Play { rate_limits: true, ..Play::default() }).await;
    let (room, _) = stage.new_room(ANNA, GROUP, &format!("/watch {STALKER}")).await;
    stage.does(room, ANNA, ScreenAction::Play(at(0.0))).await;
    stage.message_with(GROUP, "Watching Stalker").await;
    let before = stage.calls("editMessageText").await.len();
    for second in 0..100 {
        stage.does(room, ANNA, ScreenAction::Seek(at(f64::from(second) * 10.0))).await;
    }
    stage.join(room, BEN, "Ben").await;
    stage.message_with(GROUP, "Anna, Ben").await;
    let edits = stage.calls("editMessageText").await.len() - before;
    assert!(edits == 1, "a hundred seeks and one who came were {edits} edits");

    let (before, began) = (stage.calls("editMessageText").await.len(), Instant::now());
    for second in 0..25 {
        stage.does(room, ANNA, ScreenAction::Pause(at(f64::from(second)))).await;
        stage.does(room, ANNA, ScreenAction::Play(at(f64::from(second)))).await;
    }
    stage.does(room, ANNA, film("https://films.ru/2.mp4", "Solaris")).await;
    stage.message_with(GROUP, "Solaris").await;
    let calls = stage.calls("editMessageText").await;
    let minutes = 1 + usize::try_from(began.elapsed().as_secs() * u64::from(stage.play.haste) / 60).unwrap();
    let edits = calls.len() - before;
    assert!(
        edits <= PER_WINDOW * minutes,
        "50 changes were {edits} edits in {minutes} of Telegram's minutes"
    );
    let refused = calls.iter().filter(|call| call["status"] == 429).count();
    assert!(refused <= 2, "{refused} edits came too fast");
}

#[tokio::test]
async fn inline_offers_to_watch_a_link_and_first_of_all_the_room_that_plays() {
    let stage = Stage::new().await;
    let asked = ask(&stage, STALKER).await;
    assert_eq!(results(&asked), [("watch", "Watch together: Stalker (1979)")]);
    let asked = ask(&stage, "https://films.ru/watch/123").await;
    assert_eq!(results(&asked)[0].1.replace('\u{2060}', ""), "Watch together: films.ru");
    let sent = choose(&stage, &asked, "watch").await;
    assert_eq!(
        url_of(&sent),
        "https://t.me/sovpalo_bot/app?startapp=new",
        "until the bot hears of the choice"
    );
    let card = |messages: &[Value]| {
        messages.iter().find(|m| m["message_id"] == sent["message_id"] && code_in(m).is_some()).cloned()
    };
    let card = stage.until(GROUP, "the card", card).await;
    let room = code_in(&card).unwrap();
    assert!(text_of(&card).contains("Anna"), "{}", text_of(&card));
    assert_eq!(stage.screen(room).await.media.url(), "https://films.ru/watch/123");

    // A newer one, in which nothing is on, comes after it.
    let newer = stage.room_of(ANNA, "Newer").await.code();
    stage.does(room, ANNA, ScreenAction::Play(at(0.0))).await;
    let listed = async {
        loop {
            let rooms = stage.db().room_list(user_id(ANNA), 9).await.unwrap();
            let plays = rooms.iter().any(|room| room.screen.as_ref().is_some_and(|screen| screen.playing));
            if plays && rooms.len() == 2 {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::stage::PATIENCE, listed).await.expect("both rooms reach SQL");
    let asked = ask(&stage, "").await;
    let ids: Vec<&str> = results(&asked).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, ["new", room.as_str(), newer.as_str()]);
    let about = asked["results"][1]["description"].as_str().unwrap().replace('\u{2060}', "");
    assert_eq!(about, "▶️ Watching films.ru, 1 person");
}
