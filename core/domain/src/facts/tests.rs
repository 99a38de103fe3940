use super::*;
use crate::{
    ids::{Epoch, RoomCode},
    room::{Created, Profile, RoomName, Settings, Verdict},
};

fn user(id: i64) -> UserId {
    UserId::new(id).unwrap()
}

fn title(id: &str) -> TitleId {
    TitleId::new(id).unwrap()
}

/// A log whose entries are a second apart.
fn log(events: Vec<Event>) -> Vec<Entry> {
    let at = |place: usize| Timestamp::from_millis(1_000 * i64::try_from(place).unwrap());
    events.into_iter().enumerate().map(|(place, event)| Entry { at: at(place), event }).collect()
}

fn made_by(host: i64) -> Event {
    Event::Created(Box::new(Created {
        code: RoomCode::from_bits(7),
        epoch: Epoch::from_bits(7),
        host: user(host),
        seed: 7,
        settings: Settings::named(RoomName::new("Movie night").unwrap()),
    }))
}

fn joined(id: i64) -> Event {
    let profile = Profile { name: format!("Name {id}"), photo_url: None };
    PeopleEvent::Joined { member: user(id), profile }.into()
}

fn started() -> Event {
    SwipingEvent::Started { deck: vec![title("a"), title("b")] }.into()
}

fn swiped(id: i64, card: &str, verdict: Verdict) -> Event {
    SwipingEvent::Swiped { member: user(id), title: title(card), verdict }.into()
}

fn undone(id: i64, card: &str) -> Event {
    SwipingEvent::Undone { member: user(id), title: title(card) }.into()
}

fn matched(card: &str) -> Event {
    SwipingEvent::Matched { title: title(card) }.into()
}

fn finished() -> Event {
    SwipingEvent::Finished.into()
}

fn told(events: Vec<Event>) -> Vec<(i64, FactKind)> {
    facts_after(Seq::ZERO, &log(events)).into_iter().map(|fact| (fact.member.get(), fact.what)).collect()
}

fn match_of(round: u32, card: &str, people: u32) -> FactKind {
    FactKind::Matched { round: Round::new(round), title: title(card), people }
}

fn swipes_of(round: u32, cards: u32) -> FactKind {
    FactKind::Swiped { round: Round::new(round), cards }
}

#[test]
fn who_made_a_room_has_made_it_and_not_joined_it_however_often_they_come_back() {
    let left = PeopleEvent::Left { member: user(1) }.into();
    assert_eq!(
        told(vec![made_by(1), joined(1), joined(2), left, joined(1)]),
        [(1, FactKind::RoomMade), (2, FactKind::RoomJoined)]
    );
}

#[test]
fn a_match_counts_for_those_who_like_it_as_it_matches_and_for_nobody_else() {
    use Verdict::{Like, Skip};
    let facts = told(vec![
        made_by(1),
        started(),
        swiped(1, "a", Like),
        swiped(2, "a", Like),
        undone(2, "a"),
        swiped(3, "a", Skip),
        swiped(4, "a", Like),
        matched("a"),
    ]);
    assert_eq!(facts[1..], [(1, match_of(1, "a", 2)), (4, match_of(1, "a", 2))]);
}

#[test]
fn what_one_person_matches_alone_is_no_match() {
    let alone = vec![made_by(1), started(), swiped(1, "a", Verdict::Like), matched("a")];
    assert_eq!(told(alone), [(1, FactKind::RoomMade)]);
}

#[test]
fn the_cards_of_a_round_are_one_number_when_it_ends_without_what_was_undone() {
    use Verdict::{Like, Skip};
    let round = vec![
        made_by(1),
        started(),
        swiped(1, "a", Skip),
        swiped(1, "b", Like),
        undone(1, "b"),
        swiped(2, "b", Like),
        undone(2, "b"),
    ];
    assert_eq!(told(round.clone()).len(), 1, "the round goes on");
    let ended = [round, vec![finished()]].concat();
    assert_eq!(told(ended)[1..], [(1, swipes_of(1, 1))], "who swiped nothing has no round");
}

#[test]
fn each_round_counts_by_its_own_number() {
    let round = |card| vec![started(), swiped(1, card, Verdict::Skip), finished()];
    let again = SwipingEvent::Restarted { round: Round::new(2) }.into();
    let facts = told([vec![made_by(1)], round("a"), vec![again], round("b")].concat());
    assert_eq!(facts[1..], [(1, swipes_of(1, 1)), (1, swipes_of(2, 1))]);
}

#[test]
fn a_log_read_in_any_two_parts_tells_what_it_tells_as_a_whole() {
    use Verdict::{Like, Skip};
    let again = SwipingEvent::Restarted { round: Round::new(2) }.into();
    let whole = log(vec![
        made_by(1),
        joined(1),
        joined(2),
        started(),
        swiped(1, "a", Like),
        swiped(2, "a", Like),
        matched("a"),
        swiped(1, "b", Skip),
        finished(),
        again,
        started(),
        swiped(2, "b", Like),
        swiped(1, "b", Like),
        matched("b"),
        finished(),
    ]);
    let facts = facts_after(Seq::ZERO, &whole);
    assert_eq!(facts.len(), 2 + 2 + 2 + 2 + 2, "made, joined, and two of each match and round");
    for place in 0..=whole.len() {
        let mut parts = facts_after(Seq::ZERO, &whole[..place]);
        parts.extend(facts_after(Seq::ZERO.after(place), &whole));
        let sorted = |mut facts: Vec<Fact>| {
            facts.sort_by_key(|fact| (fact.at, fact.member));
            facts
        };
        assert_eq!(sorted(parts), sorted(facts.clone()), "cut after {place} entries");
    }
}

#[test]
fn who_was_erased_in_a_round_is_in_none_of_its_facts() {
    let erased = PeopleEvent::Erased { member: user(2), texts: Vec::new() }.into();
    let facts = told(vec![
        made_by(1),
        started(),
        swiped(1, "a", Verdict::Like),
        swiped(2, "a", Verdict::Like),
        swiped(3, "a", Verdict::Like),
        erased,
        matched("a"),
        finished(),
    ]);
    assert!(facts.iter().all(|(member, _)| *member != 2), "{facts:?}");
    assert_eq!(facts[1], (1, match_of(1, "a", 2)));
}
