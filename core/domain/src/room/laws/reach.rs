//! A law says little about what never happens: the random histories reach all that the laws are about.

use std::collections::BTreeMap;

use proptest::{
    prelude::*,
    sample::Index,
    strategy::ValueTree,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};

use super::{
    Moment,
    history::{enough, histories},
    secrecy::compare_worlds,
    tell,
};
use crate::room::{
    Command, Event, PeopleEvent, PhaseName, Refusal, Standing, SwipingCommand, SwipingEvent,
    tests::evening::matches_in,
};

/// So many histories, always the same ones.
const HISTORIES: u32 = 400;

/// In one history of twenty at least.
const OFTEN: [&str; 21] = [
    "somebody is forgotten",
    "a match",
    "a match of many",
    "a match while somebody is away",
    "a later round's match",
    "an end by the host",
    "an end by the goal",
    "an end by the last card",
    "an undo",
    "a late joiner",
    "a return",
    "a swipe that brings back",
    "another host",
    "an empty room",
    "a restart",
    "a final round",
    "a typed title",
    "nothing new",
    "no member",
    "no host",
    "another phase",
];

const SOMETIMES: [&str; 9] = [
    "a match because somebody came back",
    "an end because somebody came back",
    "a match because somebody left",
    "a match because somebody was removed",
    "a match because somebody went away",
    "a match because somebody came",
    "several matches at once",
    "new settings",
    "invalid",
];

/// What is worth a name in this moment.
fn sights(moment: &Moment<'_>) -> Vec<&'static str> {
    let mut sights = Vec::new();
    let mut saw = |sight, it: bool| {
        if it {
            sights.push(sight);
        }
    };
    let events = moment.events();
    let matched = !matches_in(events).is_empty();
    let finished = events.contains(&Event::Swiping(SwipingEvent::Finished));
    let began = |event: fn(&Event) -> bool| events.first().is_some_and(event);
    let swiping = moment.before.phase() == PhaseName::Swiping;
    let standing = moment.before.member(moment.actor).map(|member| member.standing);
    let somebody_away = moment.before.present_members().any(|member| member.standing == Standing::Away);

    saw("a match", matched);
    saw("a match of many", matched && moment.before.present_members().count() >= 4);
    saw("a match while somebody is away", matched && somebody_away);
    saw(
        "a match because somebody left",
        matched && began(|e| matches!(e, Event::People(PeopleEvent::Left { .. }))),
    );
    saw(
        "a match because somebody was removed",
        matched && began(|e| matches!(e, Event::People(PeopleEvent::Removed { .. }))),
    );
    saw(
        "a match because somebody went away",
        matched && began(|e| matches!(e, Event::People(PeopleEvent::Away { .. }))),
    );
    saw(
        "a match because somebody came",
        matched && began(|e| matches!(e, Event::People(PeopleEvent::Joined { .. }))),
    );
    saw(
        "a match because somebody came back",
        matched && began(|e| matches!(e, Event::People(PeopleEvent::Back { .. }))),
    );
    saw(
        "an end because somebody came back",
        finished && began(|e| matches!(e, Event::People(PeopleEvent::Back { .. }))),
    );
    saw("several matches at once", matches_in(events).len() > 1);
    saw("a later round's match", matched && moment.before.round().get() > 1);
    saw("an end by the host", finished && matches!(moment.command, Command::Swiping(SwipingCommand::Finish)));
    saw("an end by the goal", finished && moment.ledger.goal_is_reached());
    saw("an end by the last card", finished && moment.ledger.everybody_is_done());
    saw("an undo", began(|e| matches!(e, Event::Swiping(SwipingEvent::Undone { .. }))));
    saw(
        "a late joiner",
        swiping && standing.is_none() && began(|e| matches!(e, Event::People(PeopleEvent::Joined { .. }))),
    );
    saw(
        "a return",
        swiping
            && standing == Some(Standing::Left)
            && began(|e| matches!(e, Event::People(PeopleEvent::Joined { .. }))),
    );
    saw(
        "a swipe that brings back",
        standing == Some(Standing::Away)
            && began(|e| matches!(e, Event::Swiping(SwipingEvent::Swiped { .. }))),
    );
    saw("another host", events.iter().any(|e| matches!(e, Event::People(PeopleEvent::HostChanged { .. }))));
    saw("an empty room", moment.evening.room.present_members().next().is_none());
    saw("somebody is forgotten", began(|e| matches!(e, Event::People(PeopleEvent::Erased { .. }))));
    saw("a restart", began(|e| matches!(e, Event::Swiping(SwipingEvent::Restarted { .. }))));
    saw(
        "a final round",
        began(|e| matches!(e, Event::Swiping(SwipingEvent::Restarted { .. }))) && events.len() > 1,
    );
    saw("a typed title", matches!(events, [Event::Swiping(SwipingEvent::Picked { text: Some(_), .. }), ..]));
    saw("new settings", began(|e| matches!(e, Event::Swiping(SwipingEvent::Configured(_)))));
    saw("nothing new", matches!(moment.outcome, Ok(events) if events.is_empty()));
    match moment.outcome {
        Err(Refusal::NotAMember) => saw("no member", true),
        Err(Refusal::NotHost) => saw("no host", true),
        Err(Refusal::WrongPhase) => saw("another phase", true),
        Err(Refusal::Invalid(_)) => saw("invalid", true),
        _ => {}
    }
    sights
}

#[test]
fn the_histories_reach_what_the_laws_are_about() {
    let chance = TestRng::deterministic_rng(RngAlgorithm::XorShift);
    let mut runner = TestRunner::new_with_rng(enough(), chance);
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    let mut compared = 0;
    for _ in 0..HISTORIES {
        let drawn = (histories(), any::<Index>()).new_tree(&mut runner).expect("a history can be drawn");
        let (history, which) = drawn.current();
        let mut here: Vec<&str> = Vec::new();
        tell(&history, |moment| here.extend(sights(moment)));
        here.sort_unstable();
        here.dedup();
        for sight in here {
            *seen.entry(sight).or_default() += 1;
        }
        compared += u32::from(compare_worlds(&history, which).is_some_and(|heard| heard >= 3));
    }
    let times = |sight: &str| seen.get(sight).copied().unwrap_or_default();
    for sight in OFTEN {
        assert!(times(sight) >= HISTORIES / 20, "{sight}: only in {} histories of {seen:#?}", times(sight));
    }
    for sight in SOMETIMES {
        assert!(times(sight) > 0, "{sight}: in no history of {seen:#?}");
    }
    assert!(compared >= HISTORIES / 4, "only {compared} histories had a secret to keep for a while");
}
