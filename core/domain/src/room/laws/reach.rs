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
    Command, Event, PeopleEvent, PhaseName, Refusal, Room, Standing, SwipingCommand, SwipingEvent, Verdict,
    WatchingEvent, tests::evening::matches_in,
};

/// So many histories, always the same ones.
const HISTORIES: u32 = 400;

/// In one history of twenty at least.
const OFTEN: [&str; 23] = [
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
    "a super-like",
    "a veto",
    "nothing new",
    "no member",
    "no host",
    "another phase",
];

const SOMETIMES: [&str; 20] = [
    "a nudge",
    "a wrong password",
    "a full room",
    "another role",
    "a room handed over",
    "another access",
    "a match because somebody came back",
    "an end because somebody came back",
    "a match because somebody left",
    "a match because somebody was removed",
    "a match because somebody went away",
    "a match because somebody came",
    "several matches at once",
    "a signal taken back",
    "a queue without what was vetoed",
    "new settings",
    "an end by time",
    "a match in a timed round",
    "a later end",
    "invalid",
];

/// In one history of twenty at least, of what is watched.
const WATCHED: [&str; 6] = [
    "a film that plays",
    "a film that is sought in",
    "a next film",
    "a playlist without what was in it",
    "another screen was meant",
    "control on loan",
];

const WATCHED_SOMETIMES: [&str; 4] = [
    "the screen of somebody who is forgotten",
    "a film in the hands of who has it on loan",
    "control taken back",
    "a loan that ends because of what somebody did",
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
    let screen = moment.before.screen();
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
    let timed = moment.before.ends_at().is_some();
    saw("an end by time", finished && matches!(moment.command, Command::Swiping(SwipingCommand::TimeUp)));
    saw("a match in a timed round", matched && timed);
    saw("a later end", began(|e| matches!(e, Event::Swiping(SwipingEvent::Extended { .. }))));
    saw("an end by the goal", finished && moment.ledger.goal_is_reached());
    saw("an end by the last card", finished && moment.ledger.everybody_is_done());
    saw("an undo", began(|e| matches!(e, Event::Swiping(SwipingEvent::Undone { .. }))));
    let signalled = |verdict: Verdict| match events.first() {
        Some(Event::Swiping(SwipingEvent::Swiped { verdict: given, .. })) => *given == verdict,
        _ => false,
    };
    saw("a super-like", signalled(Verdict::SuperLike));
    saw("a veto", signalled(Verdict::Veto));
    let had = |room: &Room| room.signals_left(moment.actor);
    saw(
        "a signal taken back",
        had(moment.before) != had(&moment.evening.room)
            && began(|e| matches!(e, Event::Swiping(SwipingEvent::Undone { .. }))),
    );
    let out = |who, card| moment.ledger.is_out_for(who, card) && moment.ledger.verdict(who, card).is_none();
    let taken_out = moment.ledger.deck().iter().any(|card| moment.ledger.members().any(|who| out(who, card)));
    saw("a queue without what was vetoed", taken_out);
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
    saw("a nudge", began(|e| matches!(e, Event::Swiping(SwipingEvent::Nudged { .. }))));
    saw("a restart", began(|e| matches!(e, Event::Swiping(SwipingEvent::Restarted { .. }))));
    saw(
        "a final round",
        began(|e| matches!(e, Event::Swiping(SwipingEvent::Restarted { .. }))) && events.len() > 1,
    );
    saw("a typed title", matches!(events, [Event::Swiping(SwipingEvent::Picked { text: Some(_), .. }), ..]));
    saw("new settings", began(|e| matches!(e, Event::Swiping(SwipingEvent::Configured(_)))));
    saw("another role", began(|e| matches!(e, Event::People(PeopleEvent::RoleChanged { .. }))));
    saw("a room handed over", began(|e| matches!(e, Event::People(PeopleEvent::HandedOver { .. }))));
    saw("another access", began(|e| matches!(e, Event::People(PeopleEvent::AccessChanged(_)))));
    saw("a film that plays", began(|e| matches!(e, Event::Watching(WatchingEvent::Played { .. }))));
    saw("a film that is sought in", began(|e| matches!(e, Event::Watching(WatchingEvent::Sought { .. }))));
    saw("a next film", began(|e| matches!(e, Event::Watching(WatchingEvent::Advanced { .. }))));
    saw(
        "a playlist without what was in it",
        began(|e| {
            matches!(e, Event::Watching(WatchingEvent::Dequeued { .. } | WatchingEvent::Cleared { .. }))
        }),
    );
    saw(
        "another screen was meant",
        matches!((moment.command, &screen), (Command::Watching(command), Some(screen)) if command.rev.is_some_and(|rev| rev != screen.rev)),
    );
    saw(
        "the screen of somebody who is forgotten",
        screen.is_some()
            && moment.evening.room.screen().is_none()
            && began(|e| matches!(e, Event::People(PeopleEvent::Erased { .. }))),
    );
    saw("control on loan", began(|e| matches!(e, Event::Watching(WatchingEvent::ControlLent { .. }))));
    saw(
        "a film in the hands of who has it on loan",
        moment.before.borrower() == Some(moment.actor) && began(|e| matches!(e, Event::Watching(_))),
    );
    let returned = |e: &Event| matches!(e, Event::Watching(WatchingEvent::ControlReturned { .. }));
    saw("control taken back", events.first().is_some_and(returned));
    saw("a loan that ends because of what somebody did", events.iter().skip(1).any(returned));
    saw("nothing new", matches!(moment.outcome, Ok(events) if events.is_empty()));
    match moment.outcome {
        Err(Refusal::NotAMember) => saw("no member", true),
        Err(Refusal::NotHost) => saw("no host", true),
        Err(Refusal::WrongPassword) => saw("a wrong password", true),
        Err(Refusal::RoomFull) => saw("a full room", true),
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
    for sight in OFTEN.into_iter().chain(WATCHED) {
        assert!(times(sight) >= HISTORIES / 20, "{sight}: only in {} histories of {seen:#?}", times(sight));
    }
    for sight in SOMETIMES.into_iter().chain(WATCHED_SOMETIMES) {
        assert!(times(sight) > 0, "{sight}: in no history of {seen:#?}");
    }
    assert!(compared >= HISTORIES / 4, "only {compared} histories had a secret to keep for a while");
}
