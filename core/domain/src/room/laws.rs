//! What holds in every room, whatever people do: checked over random histories.
//!
//! [`history`] makes them, [`ledger`] judges them without knowing the code. More cases than usual:
//! `PROPTEST_CASES=20000 cargo test -p sovpalo-domain laws`.

mod choices;
mod erasing;
mod forks;
mod history;
mod ledger;
mod order;
mod queues;
mod reach;
mod roles;
mod screens;
mod secrecy;
mod signals;
mod spy;
mod watching;

use std::collections::BTreeSet;

use proptest::prelude::*;

use self::{
    history::{History, Said, enough, histories, stranger},
    ledger::Ledger,
};
use super::{
    Command, Event, Match, PeopleCommand, PeopleEvent, PhaseName, Role, Room, Standing, SwipingCommand,
    SwipingEvent, Verdict, WatchingEvent,
    tests::evening::{Evening, Outcome},
    view::QUEUE,
};
use crate::ids::{TitleId, UserId};

/// Somebody said something, and this is what came of it.
struct Moment<'a> {
    before: &'a Room,
    /// The room and its log afterwards.
    evening: &'a Evening,
    /// The same, as the naive ledger has it.
    ledger: &'a Ledger,
    actor: UserId,
    command: &'a Command,
    outcome: &'a Outcome,
}

impl Moment<'_> {
    fn events(&self) -> &[Event] {
        self.outcome.as_deref().unwrap_or_default()
    }
}

/// Plays a history and holds the law up to every moment of it.
fn tell(history: &History, mut law: impl FnMut(&Moment<'_>)) -> (Evening, Ledger) {
    let mut evening = history.opening();
    let mut ledger = Ledger::of(&evening.log);
    for act in history.acts() {
        match act.said_in(history, &mut evening) {
            Said::Reopened(reopened) => {
                evening = *reopened;
                ledger = Ledger::of(&evening.log);
            }
            Said::Command(actor, command) => {
                let before = evening.room.clone();
                let known = evening.log.len();
                let outcome = evening.says(actor.get(), command.clone());
                ledger.note(&evening.log[known..]);
                let (evening, ledger) = (&evening, &ledger);
                law(&Moment {
                    before: &before,
                    evening,
                    ledger,
                    actor,
                    command: &command,
                    outcome: &outcome,
                });
            }
        }
    }
    (evening, ledger)
}

/// Whether it is one of the events that say what the host chose for the rounds.
fn is_setting(event: &Event) -> bool {
    let Event::Swiping(event) = event else { return false };
    matches!(
        event,
        SwipingEvent::Configured(_) | SwipingEvent::SeenLeftOut { .. } | SwipingEvent::VetoAllowed { .. }
    )
}

/// The event that says that the command is done.
fn is_own_event(command: &Command, event: &Event) -> bool {
    match command {
        Command::People(PeopleCommand::Join(_) | PeopleCommand::Enter { .. }) => {
            matches!(event, Event::People(PeopleEvent::Joined { .. }))
        }
        Command::Swiping(SwipingCommand::Ready(_)) => {
            matches!(event, Event::Swiping(SwipingEvent::Ready { .. }))
        }
        Command::Swiping(SwipingCommand::Pick(_)) => {
            matches!(event, Event::Swiping(SwipingEvent::Picked { .. }))
        }
        Command::Swiping(SwipingCommand::Unpick(_)) => {
            matches!(event, Event::Swiping(SwipingEvent::Unpicked { .. }))
        }
        Command::Swiping(SwipingCommand::Select(_)) => {
            matches!(event, Event::Swiping(SwipingEvent::Selected { .. }))
        }
        Command::Swiping(SwipingCommand::Configure(_)) => is_setting(event),
        Command::Swiping(SwipingCommand::Start | SwipingCommand::StartWith { .. }) => {
            matches!(event, Event::Swiping(SwipingEvent::Started { .. }))
        }
        Command::Swiping(SwipingCommand::Swipe { .. }) => {
            matches!(event, Event::Swiping(SwipingEvent::Swiped { .. }))
        }
        Command::Swiping(SwipingCommand::Undo { .. }) => {
            matches!(event, Event::Swiping(SwipingEvent::Undone { .. }))
        }
        Command::Swiping(SwipingCommand::Finish | SwipingCommand::TimeUp) => {
            matches!(event, Event::Swiping(SwipingEvent::Finished))
        }
        Command::Swiping(SwipingCommand::Extend { .. }) => {
            matches!(event, Event::Swiping(SwipingEvent::Extended { .. }))
        }
        Command::Swiping(SwipingCommand::Restart { .. }) => {
            matches!(event, Event::Swiping(SwipingEvent::Restarted { .. }))
        }
        Command::People(PeopleCommand::Remove { .. }) => {
            matches!(event, Event::People(PeopleEvent::Removed { .. }))
        }
        Command::People(PeopleCommand::LetIn { .. }) => {
            matches!(event, Event::People(PeopleEvent::LetIn { .. }))
        }
        Command::People(PeopleCommand::Role { .. }) => {
            matches!(event, Event::People(PeopleEvent::RoleChanged { .. }))
        }
        Command::People(PeopleCommand::HandOver { .. }) => {
            matches!(event, Event::People(PeopleEvent::HandedOver { .. }))
        }
        Command::People(PeopleCommand::Configure(_)) => {
            matches!(event, Event::People(PeopleEvent::AccessChanged(_)))
        }
        Command::Configure { .. } => {
            is_setting(event) || matches!(event, Event::People(PeopleEvent::AccessChanged(_)))
        }
        Command::People(PeopleCommand::Leave) => matches!(event, Event::People(PeopleEvent::Left { .. })),
        Command::Swiping(SwipingCommand::Nudge { .. }) => {
            matches!(event, Event::Swiping(SwipingEvent::Nudged { .. }))
        }
        Command::Swiping(SwipingCommand::InRound(_, command) | SwipingCommand::Without(_, command)) => {
            is_own_event(&Command::Swiping((**command).clone()), event)
        }
        Command::People(PeopleCommand::Away { .. }) => {
            matches!(event, Event::People(PeopleEvent::Away { .. }))
        }
        Command::People(PeopleCommand::Back) => matches!(event, Event::People(PeopleEvent::Back { .. })),
        Command::People(PeopleCommand::Erase) => matches!(event, Event::People(PeopleEvent::Erased { .. })),
        Command::Watching(_) => matches!(event, Event::Watching(_)),
    }
}

fn is_for_hosts(command: &Command) -> bool {
    matches!(
        command,
        Command::Swiping(
            SwipingCommand::Configure(_)
                | SwipingCommand::Start
                | SwipingCommand::StartWith { .. }
                | SwipingCommand::Finish
                | SwipingCommand::Extend { .. }
                | SwipingCommand::Restart { .. }
        ) | Command::People(
            PeopleCommand::Remove { .. }
                | PeopleCommand::LetIn { .. }
                | PeopleCommand::Role { .. }
                | PeopleCommand::HandOver { .. }
                | PeopleCommand::Configure(_)
        ) | Command::Configure { .. }
    )
}

/// The round is over, and the naive ledger thinks so too.
fn is_over(ledger: &Ledger) -> bool {
    ledger.goal_is_reached() || ledger.everybody_is_done()
}

/// The round that was swiped had no time left.
fn before_has_no_time(moment: &Moment<'_>) -> bool {
    moment.before.ends_at().is_some_and(|ends_at| moment.evening.now >= ends_at)
}

/// A member who always swipes the first card of their queue; how many cards that were.
fn swipes_to_the_end(evening: &mut Evening, who: UserId) -> usize {
    let mut swiped = 0;
    while let Some(next) = evening.room.queue(who, QUEUE).first().cloned() {
        assert!(swiped < evening.room.deck().len(), "the queue of {who:?} does not end");
        evening.skip(who.get(), next.as_str());
        swiped += 1;
    }
    swiped
}

proptest! {
    #![proptest_config(enough())]

    #[test]
    fn the_log_replayed_is_the_room(history in histories()) {
        let (evening, _) = tell(&history, |moment| {
            the_seq_is_the_length_of_the_log(moment.evening);
        });
        assert_eq!(Room::replay(&evening.log), Ok(evening.room));
    }

    #[test]
    fn the_texts_of_a_room_are_those_of_its_picks_its_deck_and_its_matches(history in histories()) {
        tell(&history, |moment| {
            let (room, ledger) = (&moment.evening.room, moment.ledger);
            let picked: BTreeSet<&TitleId> = room.members().iter().flat_map(|member| room.picks_of(member.id)).collect();
            let matched: BTreeSet<&TitleId> = ledger.matches().iter().map(|(_, title, _)| title).collect();
            for text in room.texts() {
                let id = text.id();
                let joined = room.card_of(text);
                let in_use = picked.contains(&id)
                    || matched.contains(&id)
                    || room.deck().contains(&id)
                    || joined.is_some_and(|card| picked.contains(card));
                assert!(in_use, "{} is in no use after {:?}", text.as_str(), moment.command);
            }
            for id in picked.iter().filter(|id| id.as_str().starts_with('x')) {
                assert!(room.text_of(id).is_some(), "{id} is picked and has no text");
            }
        });
    }

    #[test]
    fn votes_that_are_counted_as_they_come_are_those_of_a_count_at_the_end(history in histories()) {
        tell(&history, |moment| {
            let room = &moment.evening.room;
                        if room.phase() != PhaseName::Swiping {
                return;
            }
            for title in room.deck() {
                let count = |standing| {
                    let those = room.members().iter().filter(|member| member.standing == standing);
                    those.filter(|member| room.verdict_of(member.id, title).is_some_and(Verdict::is_like)).count()
                };
                let counted = room.swiping.counted(title);
                let likes = [Standing::Here, Standing::Away].map(count);
                let matched = room.matches().iter().any(|m| m.title == *title && m.round == room.round());
                assert_eq!(counted, Some((likes, matched)), "{title}");
            }
        });
    }

    #[test]
    fn every_match_obeys_the_rule_and_comes_once_in_a_round_and_all_else_is_in_order_too(history in histories()) {
        // The ledger says so at every entry.
        tell(&history, |_| {});
    }

    #[test]
    fn nothing_that_matches_goes_unannounced(history in histories()) {
        tell(&history, |moment| {
            if moment.ledger.phase() == PhaseName::Swiping {
                let unannounced = moment.ledger.unannounced();
                assert!(unannounced.is_empty(), "after {:?}: {unannounced:?} match", moment.command);
            }
        });
    }

    #[test]
    fn a_round_ends_when_its_goal_is_reached_or_all_are_done_or_the_host_says_so_and_not_before(history in histories()) {
        tell(&history, |moment| {
            if moment.events().contains(&Event::Swiping(SwipingEvent::Finished)) {
                let after = moment.events().iter().skip_while(|event| **event != Event::Swiping(SwipingEvent::Finished)).skip(1);
                // What the members are, and not what they swipe.
                let of_members = after.clone().all(|event| {
                    matches!(
                        event,
                        Event::People(PeopleEvent::Back { .. }) | Event::Watching(WatchingEvent::ControlReturned { .. })
                    )
                });
                assert!(of_members, "something came after the end: {:?}", moment.events());
                let said = matches!(moment.command, Command::Swiping(SwipingCommand::Finish));
                let time_up = before_has_no_time(moment);
                assert!(said || time_up || is_over(moment.ledger), "{:?} ended the round too soon", moment.command);
            } else if moment.ledger.phase() == PhaseName::Swiping {
                assert!(!is_over(moment.ledger), "{:?} should have ended the round", moment.command);
            }
        });
    }

    #[test]
    fn the_same_question_has_the_same_answer(history in histories()) {
        tell(&history, |moment| {
            let answer = moment.before.decide(moment.actor, moment.command, moment.evening.now);
            assert_eq!(&answer, moment.outcome);
        });
    }

    #[test]
    fn a_refused_command_changes_nothing(history in histories()) {
        tell(&history, |moment| {
            if moment.outcome.is_err() {
                assert_eq!(&moment.evening.room, moment.before);
            }
        });
    }

    #[test]
    fn a_command_sent_again_at_once_changes_nothing(history in histories()) {
        tell(&history, |moment| {
            if moment.outcome.is_ok() {
                let again = moment.evening.room.decide(moment.actor, moment.command, moment.evening.now);
                assert_eq!(again, Ok(vec![]), "{:?} by {:?} again", moment.command, moment.actor);
            }
        });
    }

    #[test]
    fn a_commands_own_event_comes_first_and_what_follows_from_it_after(history in histories()) {
        tell(&history, |moment| {
            let Some((own, others)) = moment.events().split_first() else { return };
            assert!(is_own_event(moment.command, own), "{:?} began with {own:?}", moment.command);
            for other in others {
                let follows = matches!(
                    other,
                    Event::Swiping(SwipingEvent::Matched { .. } | SwipingEvent::Finished) |
Event::People(PeopleEvent::HostChanged { .. } | PeopleEvent::Back { .. })
                );
                // A former host is what they were beside.
                let leads = |event: &Event| {
                    matches!(
                        event,
                        Event::People(PeopleEvent::HostChanged { .. } | PeopleEvent::HandedOver { .. })
                    )
                };
                let keeps =
                    matches!(other, Event::People(PeopleEvent::RoleChanged { role: Role::Moderator, .. }))
                        && others.iter().chain([own]).any(leads);
                let configures = match other {
                    Event::People(PeopleEvent::AccessChanged(_)) => matches!(moment.command, Command::Configure { .. }),
                    Event::Swiping(SwipingEvent::SeenLeftOut { .. } | SwipingEvent::VetoAllowed { .. }) => {
                        matches!(moment.command, Command::Configure { .. } | Command::Swiping(SwipingCommand::Configure(_)))
                    }
                    _ => false,
                };
                let ends_a_loan = matches!(other, Event::Watching(WatchingEvent::ControlReturned { .. }));
                let deals = matches!(other, Event::Swiping(SwipingEvent::Started { .. }))
                    && matches!(moment.command, Command::Swiping(SwipingCommand::Restart { final_round: true, .. }));
                assert!(follows || deals || keeps || configures || ends_a_loan, "{:?} was followed by {other:?}", moment.command);
            }
        });
    }

    #[test]
    fn only_the_host_leads_and_only_members_do_anything(history in histories()) {
        tell(&history, |moment| {
            if moment.events().is_empty() {
                return;
            }
            let joins = matches!(moment.command, Command::People(PeopleCommand::Join(_) | PeopleCommand::Enter { .. }));
            let erases = matches!(moment.command, Command::People(PeopleCommand::Erase));
            let clock = matches!(moment.command, Command::Swiping(SwipingCommand::TimeUp));
            assert!(joins || erases || clock || moment.before.has_member(moment.actor), "{:?} by no member", moment.command);
            let host = moment.before.host() == moment.actor;
            assert!(host || !is_for_hosts(moment.command), "{:?} by no host", moment.command);
        });
    }

    #[test]
    fn who_does_something_is_here(history in histories()) {
        tell(&history, |moment| {
            let goes = matches!(moment.command, Command::People(PeopleCommand::Leave | PeopleCommand::Erase |
PeopleCommand::Away { .. }));
            // The clock is nobody.
            let clock = matches!(moment.command, Command::Swiping(SwipingCommand::TimeUp));
            if !goes && !clock && !moment.events().is_empty() {
                assert_eq!(moment.ledger.standing(moment.actor), Some(Standing::Here), "{:?}", moment.command);
            }
        });
    }

    #[test]
    fn a_room_with_people_in_it_has_its_host_among_them(history in histories()) {
        tell(&history, |moment| {
            let (room, ledger) = (&moment.evening.room, moment.ledger);
            assert_eq!(room.host(), ledger.host());
            assert!(
                ledger.belongs(room.host()) || ledger.members().next().is_none(),
                "after {:?} the host {:?} is gone and others are not", moment.command, room.host()
            );
        });
    }

    #[test]
    fn matches_are_numbered_from_one_on_through_all_rounds(history in histories()) {
        tell(&history, |moment| {
            let numbered = (1..).zip(moment.ledger.matches());
            let expected: Vec<Match> = numbered
                .map(|(number, (round, title, at))| {
                    Match { number, round: *round, title: title.clone(), at: *at }
                })
                .collect();
            assert_eq!(moment.evening.room.matches(), expected);
        });
    }

    #[test]
    fn every_queue_ends_after_the_whole_deck(history in histories()) {
        let (evening, ledger) = tell(&history, |_| {});
        if ledger.phase() != PhaseName::Swiping || ledger.is_time_up(evening.now) {
            return Ok(());
        }
        for who in ledger.members() {
            let (mut evening, mut ledger) = (evening.clone(), ledger.clone());
            let known = evening.log.len();
            swipes_to_the_end(&mut evening, who);
            ledger.note(&evening.log[known..]);
            let swiped = ledger.swiped(who);
            assert!(swiped == ledger.deck().len() || ledger.goal_is_reached(), "{who:?} swiped only {swiped}");
        }
    }

    #[test]
    fn when_all_swipe_to_the_end_the_round_is_over(history in histories()) {
        let (mut evening, ledger) = tell(&history, |_| {});
        let ended = ledger.phase() != PhaseName::Swiping || ledger.is_time_up(evening.now);
        if ended || ledger.members().next().is_none() {
            return Ok(());
        }
        for who in ledger.members() {
            // An empty hand brings nobody back, and the round waits for who is here.
            evening.must(who.get(), Command::People(PeopleCommand::Back));
            swipes_to_the_end(&mut evening, who);
        }
        assert_eq!(evening.room.phase(), PhaseName::Finished);
    }

    #[test]
    fn a_view_counts_what_happened(history in histories()) {
        tell(&history, |moment| {
            let (room, ledger) = (&moment.evening.room, moment.ledger);
            for who in ledger.members() {
                let view = room.view_for(who).expect("a member has a view");
                assert_eq!(view.phase, ledger.phase());
                assert_eq!(view.ends_at, ledger.ends_at());
                assert_eq!(view.my_picks, ledger.picks_of(who));
                assert_eq!((&view.settings, view.veto), (ledger.settings(), ledger.allows_veto()));
                if ledger.phase() == PhaseName::Swiping {
                    assert_eq!((view.deck_size, view.my_swipes), (ledger.deck().len(), ledger.swiped(who)));
                }
                let seen: BTreeSet<UserId> = view.members.iter().map(|member| member.id).collect();
                assert_eq!(seen, ledger.members().collect(), "those in the room, all and only");
                for member in &view.members {
                    assert_eq!(member.away, ledger.standing(member.id) == Some(Standing::Away));
                    assert_eq!(member.picks, ledger.picks_of(member.id).len());
                }
            }
            assert_eq!(room.view_for(stranger()), None);
        });
    }

    #[test]
    fn results_are_what_nobody_vetoed_by_the_likes_of_those_who_stayed(history in histories()) {
        tell(&history, |moment| {
            if !moment.events().contains(&Event::Swiping(SwipingEvent::Finished)) {
                return;
            }
            let results = moment.evening.room.results().expect("the round is over");
            assert!(results.is_sorted_by(|a, b| a.likes >= b.likes), "{results:?}");
            let ranked: BTreeSet<&TitleId> = results.iter().map(|ranked| &ranked.title).collect();
            let ledger = moment.ledger;
            let open = ledger.deck().iter().filter(|title| !ledger.is_vetoed(title));
            assert_eq!(ranked, open.collect());
            assert_eq!(results.len(), ranked.len());
            for ranked in results {
                assert_eq!(usize::try_from(ranked.likes), Ok(moment.ledger.likes(&ranked.title)), "{ranked:?}");
            }
        });
    }
}

fn the_seq_is_the_length_of_the_log(evening: &Evening) {
    assert_eq!(usize::try_from(evening.room.seq().get()), Ok(evening.log.len()));
}
