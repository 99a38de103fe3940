use sovpalo_catalogue::Catalogue;
use sovpalo_domain::{
    ids::{Epoch, RoomCode, Timestamp, UserId},
    room::{
        Command, Created, Entry, Event, FilmTime, Goal, Media, MediaKind, PeopleCommand, PeopleEvent,
        Profile, RoomName, ScreenAction, Settings, SettingsChange, SwipingCommand, Verdict, WatchingCommand,
    },
    title::{TitleRef, TitleText},
};

use super::*;

/// A room that obeys commands.
struct Evening(Room);

impl Evening {
    fn new(name: &str) -> Self {
        let created = Created {
            code: RoomCode::from_bits(7),
            epoch: Epoch::from_bits(1),
            host: user(1),
            seed: 1,
            settings: Settings::named(RoomName::new(name).unwrap()),
        };
        let first = Entry { at: Timestamp::default(), event: Event::Created(Box::new(created)) };
        Self(Room::begin(&first).unwrap()).joined(1, "Anna")
    }

    fn does(mut self, who: i64, command: &Command) -> Self {
        let at = Timestamp::default();
        for event in self.0.decide(user(who), command, at).unwrap() {
            self.0.apply(&Entry { at, event });
        }
        self
    }

    fn joined(self, who: i64, name: &str) -> Self {
        self.does(
            who,
            &Command::People(PeopleCommand::Join(Profile { name: name.to_owned(), photo_url: None })),
        )
    }

    fn picked(self, who: i64, titles: &[&str]) -> Self {
        let titles = titles.iter().map(|t| TitleRef::Text(TitleText::new(t).unwrap())).collect();
        self.does(who, &Command::Swiping(SwipingCommand::Select(titles)))
    }

    fn swiped(self, who: i64, title: &str, verdict: Verdict) -> Self {
        self.does(
            who,
            &Command::Swiping(SwipingCommand::Swipe { title: TitleText::new(title).unwrap().id(), verdict }),
        )
    }

    fn screen(self, action: ScreenAction) -> Self {
        self.does(1, &WatchingCommand::from(action).into())
    }

    fn shown(self, url: &str, title: Option<&str>) -> Self {
        self.screen(ScreenAction::Show(Some(Media::new(MediaKind::Frame, url, title).unwrap())))
    }

    fn labels(&self) -> Vec<(String, String)> {
        let buttons = self.card(Language::En).buttons.concat();
        let url = |button: &_| serde_json::to_value(button).unwrap()["url"].as_str().unwrap().to_owned();
        buttons.iter().map(|button| (button.text.clone(), url(button))).collect()
    }

    fn card(&self, language: Language) -> Message {
        let catalogue = Catalogue::builtin();
        let captions = Captions { room: Some(&self.0), catalogue: &catalogue, language };
        draw(&self.0, captions, &Links::new("sovpalo_bot", "app", None))
    }

    fn html(&self, language: Language) -> String {
        self.card(language).html
    }
}

fn user(id: i64) -> UserId {
    UserId::new(id).unwrap()
}

#[test]
fn the_lobby_tells_who_is_in_and_how_much_is_picked() {
    let evening = Evening::new("Movie night").joined(2, "Ben").picked(2, &["Solaris", "Stalker"]);
    let evening = evening.does(1, &Command::Swiping(SwipingCommand::Ready(true)));
    assert_eq!(
        evening.html(Language::En),
        "🍿 <b>Movie night</b>\n\n👥 Anna ✓, Ben\n🎬 2 titles picked\n\nTap the button, add what you would watch, then everybody \
         swipes."
    );
}

#[test]
fn swiping_tells_how_far_everybody_is_and_what_matched() {
    let evening = Evening::new("Киновечер").joined(2, "Бен").picked(1, &["Солярис", "Сталкер"]);
    let evening =
        evening.does(1, &Command::Swiping(SwipingCommand::Start)).swiped(1, "Солярис", Verdict::Like);
    let evening = evening.swiped(2, "Солярис", Verdict::Like).swiped(1, "Сталкер", Verdict::Skip);
    assert_eq!(
        evening.html(Language::Ru),
        "🍿 <b>Киновечер</b>\n\n🔥 Свайпаем, 2 карточки\n\nAnna: всё ✓\nБен: 1 из 2\n\n💚 <b>Совпало!</b>\n<b>Солярис</b>"
    );
}

#[test]
fn a_round_without_a_match_tells_what_came_closest() {
    let evening = Evening::new("Movie night").joined(2, "Ben").picked(1, &["Solaris", "Stalker"]);
    let evening =
        evening.does(1, &Command::Swiping(SwipingCommand::Start)).swiped(1, "Solaris", Verdict::Like);
    let evening = evening.swiped(1, "Stalker", Verdict::Skip).swiped(2, "Solaris", Verdict::Skip);
    let evening = evening.swiped(2, "Stalker", Verdict::Skip);
    let html = evening.html(Language::En);
    assert!(html.ends_with("🏁 The round is over\n\nNo match this time.\nClosest: <b>Solaris</b>"), "{html}");
}

#[test]
fn a_later_round_remembers_the_matches_of_earlier_ones() {
    let evening = Evening::new("Movie night").joined(2, "Ben").picked(1, &["Solaris"]);
    let evening =
        evening.does(1, &Command::Swiping(SwipingCommand::Start)).swiped(1, "Solaris", Verdict::Like);
    let evening = evening.swiped(2, "Solaris", Verdict::Like);
    let again =
        Command::Swiping(SwipingCommand::Restart { round: evening.0.round().next(), final_round: false });
    let html = evening.does(1, &again).html(Language::En);
    assert!(html.starts_with("🍿 <b>Movie night</b> · Round 2\n"), "{html}");
    assert!(html.contains("💚 and one more in earlier rounds"), "{html}");
}

#[test]
fn the_biggest_room_fits_into_one_message() {
    let long = "&<>\"".repeat(20);
    let mut evening = Evening::new(&"Ж".repeat(60));
    for id in 2..=100 {
        evening = evening.joined(id, &long);
    }
    let titles: Vec<String> = (0..50).map(|n| format!("{}{n}", "<&>".repeat(32))).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let settings = sovpalo_domain::room::SettingsChange { picks_per_member: Some(50), ..Default::default() };
    let mut evening = evening
        .does(1, &Command::Swiping(SwipingCommand::Configure(settings)))
        .picked(1, &titles)
        .does(1, &Command::Swiping(SwipingCommand::Start));
    for id in 3..=100 {
        evening = evening.does(id, &Command::People(PeopleCommand::Leave));
    }
    for title in &titles {
        evening = evening.swiped(1, title, Verdict::Like).swiped(2, title, Verdict::Like);
    }
    for language in [Language::En, Language::Ru] {
        let length = evening.html(language).chars().count();
        assert!(evening.0.matches().len() == 50 && length < 6_000, "{length} characters with markup");
        // Telegram counts what is left after the markup is read.
        let plain = evening.html(language).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        assert!(plain.encode_utf16().count() < 4_096, "{} characters", plain.encode_utf16().count());
    }
}

#[test]
fn the_button_is_a_plain_link_in_every_phase() {
    let evening = Evening::new("Movie night").picked(1, &["Solaris"]);
    for (evening, label) in [
        (evening.card(Language::En), "Join"),
        (evening.does(1, &Command::Swiping(SwipingCommand::Start)).card(Language::En), "Swipe"),
    ] {
        let button = &evening.buttons[0][0];
        assert_eq!(button.text, label);
        let url = serde_json::to_value(button).unwrap()["url"].clone();
        assert_eq!(url, "https://t.me/sovpalo_bot/app?startapp=70000000");
    }
}

#[test]
fn cards_that_look_different_have_different_fingerprints() {
    let one = Evening::new("Movie night");
    let fingerprint = one.card(Language::En).fingerprint();
    assert_eq!(fingerprint, one.card(Language::En).fingerprint());
    assert_ne!(fingerprint, one.card(Language::Ru).fingerprint());
    assert_ne!(fingerprint, one.joined(2, "Ben").card(Language::En).fingerprint());
}

#[test]
fn while_something_is_on_the_card_says_what_and_who_is_there_and_not_where_the_film_is() {
    let evening = Evening::new("Movie night").joined(2, "Ben").joined(3, "Vera");
    let mut evening = evening.shown("https://films.ru/1", Some("Stalker"));
    let away = Event::People(PeopleEvent::Away { member: user(3) });
    evening.0.apply(&Entry { at: Timestamp::default(), event: away });
    let paused = evening.html(Language::En);
    assert_eq!(
        paused,
        "🍿 <b>Movie night</b>\n\n⏸ Paused: <b>Stalker</b>\n👥 Anna, Ben\n\nTap the button: it plays for everybody at the same \
         moment."
    );
    let moment = FilmTime::from_seconds(600.0).unwrap();
    let sought = evening.screen(ScreenAction::Seek(moment));
    assert_eq!(sought.html(Language::En), paused);
    let plays = sought.screen(ScreenAction::Play(moment)).html(Language::Ru);
    assert!(
        plays.starts_with("🍿 <b>Movie night</b>\n\n▶️ Смотрим <b>Stalker</b>\n👥 Anna, Ben\n"),
        "{plays}"
    );
}

#[test]
fn a_film_that_nobody_named_is_called_by_where_it_comes_from() {
    for (url, host) in [
        ("https://www.films.ru/watch?v=1", "films.ru"),
        ("https://xn--h1agd3a1be.xn--p1ai/1", "фильмы.рф"),
        ("https://8.8.8.8/1", "8.8.8.8"),
    ] {
        let html = Evening::new("Movie night").shown(url, None).html(Language::En).replace('\u{2060}', "");
        assert!(html.contains(&format!("Paused: <b>{host}</b>")), "{html}");
    }
}

#[test]
fn a_second_button_leads_into_the_cinema_where_the_first_one_does_not() {
    let room = "https://t.me/sovpalo_bot/app?startapp=70000000";
    let cinema = format!("{room}_watch");
    let labels = |labels: &[(&str, &str)]| -> Vec<(String, String)> {
        labels.iter().map(|(label, url)| ((*label).to_owned(), (*url).to_owned())).collect()
    };
    let evening = Evening::new("Movie night");
    assert_eq!(evening.labels(), labels(&[("Join", room), ("▶️ Watch a link together", &cinema)]));
    let evening = evening.shown("https://films.ru/1", None);
    assert_eq!(evening.labels(), labels(&[("▶️ Watch together", room)]));
    let evening = evening.picked(1, &["Solaris"]);
    let evening = evening.does(1, &Command::Swiping(SwipingCommand::Start));
    assert_eq!(evening.labels(), labels(&[("Swipe", room), ("▶️ Watch together", &cinema)]));
    let evening = evening.screen(ScreenAction::Show(None));
    assert_eq!(evening.labels(), labels(&[("Swipe", room)]));
    let evening = evening.does(1, &Command::Swiping(SwipingCommand::Finish));
    assert_eq!(evening.labels(), labels(&[("Open results", room), ("▶️ Watch together", &cinema)]));
}

#[test]
fn a_timed_round_says_how_long_it_takes_and_the_longer_it_is_put_off() {
    let goal = SettingsChange { goal: Some(Goal::Timed(7)), ..SettingsChange::default() };
    let evening = Evening::new("Movie night").picked(1, &["Solaris"]);
    let evening = evening.does(1, &Command::Swiping(SwipingCommand::Configure(goal)));
    let evening = evening.does(1, &Command::Swiping(SwipingCommand::Start));
    assert!(evening.html(Language::En).contains("\n⏳ This round takes 7 minutes\n"));
    let until = Timestamp::default().plus(std::time::Duration::from_secs(9 * 60 - 30));
    let evening = evening.does(1, &Command::Swiping(SwipingCommand::Extend { until }));
    assert!(evening.html(Language::Ru).contains("\n⏳ Раунд на 9 минут\n"), "{}", evening.html(Language::Ru));
}
