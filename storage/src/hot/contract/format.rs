//! How entries are written down, whatever the engine.

use super::*;

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
        log.push(entry(Event::Joined { member: *person, profile }));
    }
    for (n, pick) in deck.iter().enumerate() {
        log.push(entry(Event::Picked { member: people[n % 4], title: pick.clone(), text: None }));
    }
    log.push(entry(Event::Started { deck: deck.clone() }));
    for card in &deck {
        for member in &people {
            log.push(entry(Event::Swiped { member: *member, title: card.clone(), verdict: Verdict::Like }));
        }
        log.push(entry(Event::Matched { title: card.clone() }));
    }
    log.push(entry(Event::Finished));
    let bytes: usize = log.iter().map(|entry| codec::encode(entry).len()).sum();
    assert!(bytes < 8 * 1024, "{bytes} bytes in {} entries", log.len());
}

#[test]
fn the_format_of_the_log_has_not_changed() {
    // A log outlives the program that wrote it: these bytes must always mean this.
    let bytes = codec::encode(&swipe(3));
    assert_eq!(bytes, [1, 128, 176, 131, 197, 152, 104, 11, 134, 220, 154, 253, 40, 2, b'c', b'3', 0]);
}

#[test]
fn bytes_that_are_no_entry_are_refused() {
    for bytes in [&[][..], &[1], &[2, 0, 0], &[1, 255, 255, 255], &[0; 64]] {
        assert!(codec::decode(bytes).is_err(), "{bytes:?} was read as an entry");
    }
}

fn settings() -> Settings {
    let mut settings = Settings::named(RoomName::new("Киновечер 🎬").unwrap());
    settings.deck = Some(DeckChoice { id: DeckId::new("cult").unwrap(), titles: vec![title(1), title(2)] });
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
        Event::Joined { member, profile },
        Event::Left { member },
        Event::Removed { member },
        Event::Picked { member, title: text.id(), text: Some(text.clone()) },
        Event::Unpicked { member, title: title(1) },
        Event::Selected { member, titles: vec![title(1), text.id()], texts: vec![text] },
        Event::Ready { member, ready: true },
        Event::Configured(Box::new(settings())),
        Event::Started { deck: vec![title(1)] },
        Event::Swiped { member, title: title(1), verdict: Verdict::Skip },
        Event::Undone { member, title: title(1) },
        Event::Matched { title: title(1) },
        Event::Away { member },
        Event::Back { member },
        Event::HostChanged { member },
        Event::Finished,
        Event::Restarted { round: Round::new(2) },
    ]
    .map(entry)
    .to_vec()
}
