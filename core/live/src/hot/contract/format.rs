//! How entries are written down, whatever the engine.

use std::fmt::Write as _;

use super::*;
use crate::hot::codec::version1;

#[test]
fn a_finished_evening_of_four_people_and_fifty_titles_stays_under_eight_kilobytes() {
    let room = room(1);
    let people: Vec<UserId> = (1..=4).map(user).collect();
    let deck: Vec<TitleId> = (0..50).map(|n| title(600 + n)).collect();
    let mut log = vec![created(room, 7)];
    for person in &people {
        let photo_url =
            Some("https://t.me/i/userpic/320/4FPEE4tmP3ATHa57u6MqTDih13LTOiMoKoLDRG4PnSA.svg".into());
        let profile =
            Profile { name: "Александра Константинопольская".into(), photo_url };
        log.push(entry(Event::People(PeopleEvent::Joined { member: *person, profile })));
    }
    for (n, pick) in deck.iter().enumerate() {
        log.push(entry(Event::Swiping(SwipingEvent::Picked {
            member: people[n % 4],
            title: pick.clone(),
            text: None,
        })));
    }
    log.push(entry(Event::Swiping(SwipingEvent::Started { deck: deck.clone() })));
    for card in &deck {
        for member in &people {
            log.push(entry(Event::Swiping(SwipingEvent::Swiped {
                member: *member,
                title: card.clone(),
                verdict: Verdict::Like,
            })));
        }
        log.push(entry(Event::Swiping(SwipingEvent::Matched { title: card.clone() })));
    }
    log.push(entry(Event::Swiping(SwipingEvent::Finished)));
    let bytes: usize = log.iter().map(|entry| codec::encode(entry).len()).sum();
    assert!(bytes < 8 * 1024, "{bytes} bytes in {} entries", log.len());
}

/// Each entry as bytes, in the order of [`samples`]. What stands here is on disks and in memories all over: a line is never changed,
/// and a new variant brings lines of its own.
const PINNED: &str = include_str!("format.pinned");

#[test]
fn the_bytes_of_every_event_are_what_they_have_always_been() {
    is_written_as(PINNED, &samples());
}

#[test]
fn the_pinned_bytes_read_as_the_events_they_have_always_been() {
    is_read_as(PINNED, samples());
}

/// That entries look as bytes what is pinned, a line each: its name and its bytes.
pub(super) fn is_written_as<N: std::fmt::Display>(pinned: &str, samples: &[(N, Entry)]) {
    let mut written = String::new();
    for (name, entry) in samples {
        writeln!(written, "{name}: {}", hex(entry)).unwrap();
    }
    assert_eq!(written, pinned, "logs that are stored cannot be read any more, or mean something else");
}

/// That what is pinned reads as these entries.
pub(super) fn is_read_as<N: std::fmt::Display>(pinned: &str, samples: Vec<(N, Entry)>) {
    assert_eq!(pinned.lines().count(), samples.len());
    for (line, (name, entry)) in pinned.lines().zip(samples) {
        let (line, bytes) = line.split_once(": ").unwrap();
        assert_eq!(line, name.to_string());
        assert_eq!(codec::decode(&unhex(bytes)).unwrap(), entry, "{name}");
    }
}

#[test]
fn no_variant_is_left_unpinned() {
    let samples = samples();
    let pins = |index: fn(&Event) -> Vec<u8>| -> BTreeSet<usize> {
        samples.iter().flat_map(|(_, entry)| index(&entry.event)).map(usize::from).collect()
    };
    let all = |variants: &[&str]| (0..variants.len()).collect::<BTreeSet<usize>>();
    assert_eq!(
        pins(|event| vec![stored_index(event)]),
        all(variants_of::<version1::Event>()),
        "{:?}",
        variants_of::<version1::Event>()
    );
    assert_eq!(
        pins(|event| settings_of(event).iter().map(|settings| index_of(&settings.rule)).collect()),
        all(variants_of::<Rule>()),
    );
    assert_eq!(
        pins(|event| settings_of(event).iter().map(|settings| index_of(&settings.goal)).collect()),
        all(variants_of::<Goal>()),
    );
    let verdicts = |event: &Event| match event {
        Event::Swiping(SwipingEvent::Swiped { verdict, .. }) => vec![index_of(verdict)],
        _ => Vec::new(),
    };
    // The others are pinned among what version 1 cannot say.
    assert_eq!(
        pins(verdicts),
        [Verdict::Like, Verdict::Skip].iter().map(|it| usize::from(index_of(it))).collect()
    );
    let standings = |event: &Event| match event {
        Event::Restored(restored) => {
            restored.members.iter().map(|member| index_of(&member.standing)).collect()
        }
        _ => Vec::new(),
    };
    assert_eq!(pins(standings), all(variants_of::<Standing>()));
}

fn hex(entry: &Entry) -> String {
    codec::encode(entry).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn unhex(bytes: &str) -> Vec<u8> {
    let pairs = bytes.as_bytes().chunks(2);
    pairs.map(|two| u8::from_str_radix(str::from_utf8(two).unwrap(), 16).unwrap()).collect()
}

/// Which variant of its enum something is, as it is written.
pub(super) fn index_of(value: &impl serde::Serialize) -> u8 {
    postcard::to_extend(value, Vec::new()).unwrap()[0]
}

fn stored_index(event: &Event) -> u8 {
    index_of(&version1::Event::try_from(event.clone()).ok().expect("an event of version 1"))
}

fn settings_of(event: &Event) -> Option<&Settings> {
    match event {
        Event::Created(created) => Some(&created.settings),
        Event::Restored(restored) => Some(&restored.settings),
        Event::Swiping(SwipingEvent::Configured(settings)) => Some(settings),
        _ => None,
    }
}

/// The names of an enum's variants, in order, as serde knows them.
pub(super) fn variants_of<T: serde::de::DeserializeOwned>() -> &'static [&'static str] {
    let mut names = Names(&[]);
    assert!(T::deserialize(&mut names).is_err(), "it is asked for its names only");
    names.0
}

/// Takes note of what a type wants to be read from, and reads nothing.
struct Names(&'static [&'static str]);

impl<'de> serde::Deserializer<'de> for &mut Names {
    type Error = serde::de::value::Error;

    fn deserialize_enum<V: serde::de::Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        self.0 = variants;
        Err(serde::de::Error::custom("nothing is read"))
    }

    fn deserialize_any<V: serde::de::Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(serde::de::Error::custom("it is no enum"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[test]
fn bytes_that_are_no_entry_are_refused() {
    for bytes in [&[][..], &[1], &[2, 0, 9], &[3, 0, 0], &[1, 255, 255, 255], &[0; 64]] {
        assert!(codec::decode(bytes).is_err(), "{bytes:?} was read as an entry");
    }
}

/// Every kind of event with every kind of thing in it, by name.
fn samples() -> Vec<(String, Entry)> {
    let room = RoomCode::from_bits(0x0012_3456_789A);
    let mut samples = vec![created(room, 7)];
    let rules = [Rule::Unanimous, Rule::Majority, Rule::AtLeast(300)];
    let goals = [Goal::WholeDeck, Goal::FirstMatch, Goal::Matches(3)];
    for (rule, goal) in rules.into_iter().zip(goals) {
        let settings = Settings { rule, goal, picks_per_member: 50, ..settings() };
        let epoch = Epoch::from_bits(u32::MAX);
        let made = Created { code: room, epoch, host: user(2), seed: 42, settings: settings.clone() };
        samples.push(entry(Event::Created(Box::new(made))));
        samples.push(entry(Event::Swiping(SwipingEvent::Configured(Box::new(settings)))));
    }
    let photo_url = Some("https://t.me/i/userpic/320/a.svg".to_owned());
    let profile = Profile { name: "Boris".into(), photo_url };
    samples.push(entry(Event::People(PeopleEvent::Joined { member: user(2), profile: profile.clone() })));
    samples.push(entry(Event::Swiping(SwipingEvent::Picked {
        member: user(2),
        title: title(300),
        text: None,
    })));
    samples.push(swipe(1));
    samples.push(Entry { at: Timestamp::from_millis(-1), event: Event::Swiping(SwipingEvent::Finished) });
    samples.extend(every_event(room));
    if let Some(Event::Restored(restored)) =
        samples.iter().map(|entry| &entry.event).find(|event| matches!(event, Event::Restored(_)))
    {
        let standings = [Standing::Here, Standing::Away, Standing::Left, Standing::Removed];
        let members = (3..).zip(standings).map(|(n, standing)| RestoredMember {
            id: user(n),
            profile: profile.clone(),
            standing,
            picks: Vec::new(),
        });
        let results = Some(vec![Ranked { title: title(1), likes: 200 }]);
        let other = Restored { members: members.collect(), results, ..(**restored).clone() };
        samples.push(entry(Event::Restored(Box::new(other.clone()))));
        samples.push(entry(Event::Restored(Box::new(Restored { results: None, ..other }))));
    }
    samples.push(entry(Event::Swiping(SwipingEvent::Ready { member: user(1), ready: false })));
    let texts = vec![TitleText::new("Сталкер").unwrap()];
    samples.push(entry(Event::People(PeopleEvent::Erased { member: user(1), texts })));
    samples.push(entry(Event::People(PeopleEvent::LetIn { member: user(1) })));
    let timed = Settings { goal: Goal::Timed(15), ..settings() };
    samples.push(entry(Event::Swiping(SwipingEvent::Configured(Box::new(timed)))));
    let filter = FilterFields {
        q: Some("R&D 100%".into()),
        kind: Some(TitleKind::Film),
        genre: Some("comedy,crime".into()),
        country: Some("FR,SU".into()),
        from_year: Some(1960),
        to_year: Some(1979),
        min_rating: Some(7.5),
        max_runtime: Some(120),
        family: true,
        provider: Some("Okko".into()),
    };
    let deck = Some(DeckChoice::by(Filter::new(&filter).unwrap()));
    samples.push(entry(Event::Swiping(SwipingEvent::Configured(Box::new(Settings { deck, ..settings() })))));
    let names = variants_of::<version1::Event>();
    let named = samples.into_iter().enumerate().map(|(n, entry)| {
        let name = names[usize::from(stored_index(&entry.event))];
        (format!("{n:02} {name}"), entry)
    });
    named.collect()
}

fn settings() -> Settings {
    let mut settings = Settings::named(RoomName::new("Киновечер 🎬").unwrap());
    settings.deck = Some(DeckChoice::curated(DeckId::new("cult").unwrap(), [title(1), title(2)]));
    settings
}

pub(super) fn every_event(room: RoomCode) -> Vec<Entry> {
    let member = user(1);
    let text = TitleText::new("Солярис").unwrap();
    let profile = Profile { name: "Аня ‏עברית 👩‍🚀".into(), photo_url: None };
    let restored = Restored {
        code: room,
        epoch: Epoch::from_bits(9),
        created_at: START,
        host: member,
        seed: u64::MAX,
        settings: settings(),
        round: Round::new(2),
        members: vec![RestoredMember {
            id: member,
            profile: profile.clone(),
            standing: Standing::Away,
            picks: vec![title(1)],
        }],
        texts: vec![text.clone()],
        matches: vec![Match { number: 1, round: Round::FIRST, title: title(1), at: START }],
        results: Some(vec![]),
        known: (Epoch::from_bits(8), Seq::new(12)),
    };
    [
        Event::Restored(Box::new(restored)),
        Event::People(PeopleEvent::Joined { member, profile }),
        Event::People(PeopleEvent::Left { member }),
        Event::People(PeopleEvent::Removed { member }),
        Event::Swiping(SwipingEvent::Picked { member, title: title(7), text: Some(text.clone()) }),
        Event::Swiping(SwipingEvent::Unpicked { member, title: title(1) }),
        Event::Swiping(SwipingEvent::Selected {
            member,
            titles: vec![title(1), title(7)],
            texts: vec![text],
        }),
        Event::Swiping(SwipingEvent::Ready { member, ready: true }),
        Event::Swiping(SwipingEvent::Configured(Box::new(settings()))),
        Event::Swiping(SwipingEvent::Started { deck: vec![title(1)] }),
        Event::Swiping(SwipingEvent::Swiped { member, title: title(1), verdict: Verdict::Skip }),
        Event::Swiping(SwipingEvent::Undone { member, title: title(1) }),
        Event::Swiping(SwipingEvent::Matched { title: title(1) }),
        Event::People(PeopleEvent::Away { member }),
        Event::People(PeopleEvent::Back { member }),
        Event::People(PeopleEvent::HostChanged { member }),
        Event::Swiping(SwipingEvent::Finished),
        Event::Swiping(SwipingEvent::Restarted { round: Round::new(2) }),
    ]
    .map(entry)
    .to_vec()
}
