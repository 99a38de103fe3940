//! The end of a round, the next one, the final one, and a room that comes back from SQL.

use super::evening::*;
use crate::{
    ids::{Round, Timestamp},
    room::{
        BrokenLog, Command, Created, Entry, Event, Goal, Match, PeopleCommand, PhaseName, Ranked, Refusal,
        Room, SettingsChange, Standing, SwipingCommand, SwipingEvent,
    },
};

fn final_round(round: u32) -> Command {
    Command::Swiping(SwipingCommand::Restart { round: Round::new(round), final_round: true })
}

/// Three people, four titles, no match: two like a, two like b, one likes c, none d.
fn undecided() -> Evening {
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], default_settings(), &["a", "b", "c", "d"]);
    for (who, liked) in [(ANNA, ["a", "b"]), (BORIS, ["a", "c"]), (VERA, ["b", ""])] {
        for id in ["a", "b", "c", "d"] {
            if liked.contains(&id) {
                evening.like(who, id)
            } else {
                evening.skip(who, id)
            };
        }
    }
    evening
}

#[test]
fn only_the_host_finishes_and_once() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a"]);
    assert_eq!(evening.says(BORIS, Command::Swiping(SwipingCommand::Finish)), Err(Refusal::NotHost));
    assert_eq!(
        evening.must(ANNA, Command::Swiping(SwipingCommand::Finish)),
        [Event::Swiping(SwipingEvent::Finished)]
    );
    assert_eq!(evening.must(ANNA, Command::Swiping(SwipingCommand::Finish)), []);
}

#[test]
fn there_is_nothing_to_finish_in_the_lobby() {
    let mut evening = Evening::of(&[ANNA]);
    assert_eq!(evening.says(ANNA, Command::Swiping(SwipingCommand::Finish)), Err(Refusal::WrongPhase));
}

#[test]
fn results_rank_the_whole_deck_by_likes() {
    let evening = undecided();
    assert_eq!(evening.room.phase(), PhaseName::Finished);
    let results = evening.view(ANNA).results.expect("the round is over");
    let likes: Vec<u32> = results.iter().map(|ranked| ranked.likes).collect();
    assert_eq!(likes, [2, 2, 1, 0]);
    assert_eq!(results[2].title, title("c"));
}

#[test]
fn the_likes_of_who_left_do_not_rank_those_of_who_is_away_do() {
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], default_settings(), &["a", "b"]);
    evening.like(BORIS, "a");
    evening.leave(BORIS);
    evening.like(VERA, "b");
    evening.goes_away(VERA);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Finish));
    let results = evening.view(ANNA).results.expect("the round is over");
    assert_eq!(results, [Ranked { title: title("b"), likes: 1 }, Ranked { title: title("a"), likes: 0 }]);
}

#[test]
fn results_stay_what_they_were_whoever_leaves_later() {
    let mut evening = undecided();
    let before = evening.view(ANNA).results;
    evening.leave(BORIS);
    assert_eq!(evening.view(ANNA).results, before);
}

#[test]
fn a_restart_opens_the_lobby_of_the_next_round_with_the_same_people_and_picks() {
    let mut evening = undecided();
    assert_eq!(evening.restart(ANNA, 2), [Event::Swiping(SwipingEvent::Restarted { round: Round::new(2) })]);
    let view = evening.view(ANNA);
    assert_eq!(view.phase, PhaseName::Lobby);
    assert_eq!((view.members.len(), view.my_picks.len()), (3, 4));
    assert_eq!((view.my_swipes, view.deck_size, view.results), (0, 0, None));
}

#[test]
fn restarting_twice_is_restarting_once() {
    let mut evening = undecided();
    evening.restart(ANNA, 2);
    assert_eq!(evening.restart(ANNA, 2), []);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    assert_eq!(evening.restart(ANNA, 2), [], "a late repetition does not throw the round away");
}

#[test]
fn a_restart_names_the_next_round_after_the_end_and_comes_from_the_host() {
    let mut evening = undecided();
    let of =
        |round| Command::Swiping(SwipingCommand::Restart { round: Round::new(round), final_round: false });
    assert_eq!(evening.says(BORIS, of(2)), Err(Refusal::NotHost));
    for wrong in [0, 3, u32::MAX] {
        assert_eq!(refused_field(evening.says(ANNA, of(wrong))), "round", "round {wrong}");
    }
    evening.restart(ANNA, 2);
    assert_eq!(evening.says(ANNA, of(3)), Err(Refusal::WrongPhase), "round 2 has not been played");
}

#[test]
fn nobody_is_ready_for_the_next_round_yet() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(BORIS, Command::Swiping(SwipingCommand::Ready(true)));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(film("a"))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Finish));
    evening.restart(ANNA, 2);
    assert!(evening.view(ANNA).members.iter().all(|member| !member.ready));
}

#[test]
fn a_title_may_match_again_in_the_next_round_and_numbers_count_on() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a"]);
    evening.like(ANNA, "a");
    evening.like(BORIS, "a");
    evening.restart(ANNA, 2);
    assert_eq!(evening.view(ANNA).matches, [], "a view has its round's matches");
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    evening.like(ANNA, "a");
    evening.like(BORIS, "a");
    let [second] = &evening.view(ANNA).matches[..] else { panic!("one match in this round") };
    assert_eq!((second.number, second.round), (2, Round::new(2)));
    assert_eq!(evening.room.matches().len(), 2);
}

#[test]
fn a_final_round_deals_what_came_nearest_at_once() {
    let mut evening = undecided();
    assert_eq!(evening.view(BORIS).finalists, 3);
    evening.must(ANNA, final_round(2));
    assert_eq!(evening.room.phase(), PhaseName::Swiping);
    assert_eq!(evening.deck().len(), 3);
    assert!(!evening.deck().contains(&"d"), "nobody liked d");
    assert_eq!(evening.view(BORIS).my_swipes, 0);
}

#[test]
fn a_final_round_has_at_most_five_titles() {
    let ids = ["a", "b", "c", "d", "e"];
    let mut evening = Evening::with(&[ANNA, BORIS], default_settings());
    evening.must(ANNA, Command::Swiping(SwipingCommand::Select(ids.map(film).to_vec())));
    evening.must(BORIS, Command::Swiping(SwipingCommand::Select(["f", "g"].map(film).to_vec())));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    for id in ids.into_iter().chain(["f", "g"]) {
        evening.like(ANNA, id);
        evening.skip(BORIS, id);
    }
    evening.must(ANNA, final_round(2));
    assert_eq!(evening.deck().len(), 5);
}

#[test]
fn a_final_round_sent_again_is_acknowledged() {
    let mut evening = undecided();
    evening.must(ANNA, final_round(2));
    evening.like(BORIS, "a");
    assert_eq!(evening.must(ANNA, final_round(2)), []);
    assert_eq!(evening.view(BORIS).my_swipes, 1);
}

#[test]
fn after_a_match_there_is_no_final_round() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b"]);
    for who in [ANNA, BORIS] {
        evening.like(who, "a");
        evening.skip(who, "b");
    }
    assert_eq!(evening.view(ANNA).finalists, 0);
    assert_eq!(refused_field(evening.says(ANNA, final_round(2))), "final");
}

#[test]
fn when_nobody_liked_anything_there_is_no_final_round() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a"]);
    evening.skip(ANNA, "a");
    evening.skip(BORIS, "a");
    assert_eq!(refused_field(evening.says(ANNA, final_round(2))), "final");
    evening.restart(ANNA, 2);
}

fn reopened(evening: &Evening) -> Evening {
    Evening::reopened(Event::Restored(Box::new(remembered(&evening.room))), evening.now)
}

#[test]
fn a_finished_room_that_comes_back_shows_its_results_and_can_go_on() {
    let finished = undecided();
    let mut evening = reopened(&finished);
    assert_eq!(evening.view(ANNA).results, finished.view(ANNA).results);
    assert_eq!(evening.view(ANNA).deck_size, 4);
    evening.must(ANNA, final_round(2));
    assert_eq!(evening.deck().len(), 3);
}

#[test]
fn an_unfinished_room_that_comes_back_is_in_the_lobby_with_its_people_picks_and_texts() {
    let mut before = Evening::of(&[ANNA, BORIS, VERA]);
    before.must(BORIS, Command::Swiping(SwipingCommand::Pick(typed("Сталкер"))));
    before.must(ANNA, Command::People(PeopleCommand::Remove { member: user(VERA) }));
    before.must(ANNA, Command::Swiping(SwipingCommand::Start));
    before.like(BORIS, typed_id("Сталкер").as_str());

    let mut evening = reopened(&before);
    assert_eq!(evening.room.phase(), PhaseName::Lobby);
    assert_eq!(evening.view(BORIS).my_picks, [typed_id("Сталкер")]);
    assert!(evening.room.text_of(&typed_id("сталкер")).is_some());
    assert_eq!(evening.room.member(user(VERA)).map(|m| m.standing), Some(Standing::Removed));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    assert_eq!(evening.view(BORIS).my_swipes, 0, "swipes are not remembered");
}

#[test]
fn what_matched_before_a_room_came_back_is_not_announced_again_in_its_round() {
    let mut before = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b"]);
    before.like(ANNA, "a");
    before.like(BORIS, "a");

    let mut evening = reopened(&before);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    for id in ["a", "b"] {
        evening.like(ANNA, id);
        evening.like(BORIS, id);
    }
    assert_eq!(evening.matched(), ["a", "b"]);
    let numbers: Vec<u32> = evening.room.matches().iter().map(|found: &Match| found.number).collect();
    assert_eq!(numbers, [1, 2]);
}

#[test]
fn a_goal_that_a_returned_round_has_reached_already_is_refused() {
    let goal = |goal| SettingsChange { goal: Some(goal), ..SettingsChange::default() };
    let mut before = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b"]);
    before.like(ANNA, "a");
    before.like(BORIS, "a");

    let mut evening = reopened(&before);
    let first = Command::Swiping(SwipingCommand::Configure(goal(Goal::FirstMatch)));
    assert_eq!(refused_field(evening.says(ANNA, first)), "goal", "it would end before anybody swiped");
    evening.must(ANNA, Command::Swiping(SwipingCommand::Configure(goal(Goal::Matches(2)))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    evening.like(ANNA, "b");
    assert!(finishes(&evening.like(BORIS, "b")));
}

#[test]
fn a_log_begins_with_its_room() {
    let at = Timestamp::from_millis(0);
    let stray = Entry { at, event: Event::Swiping(SwipingEvent::Finished) };
    assert_eq!(Room::begin(&stray), Err(BrokenLog));
    assert_eq!(Room::replay([]), Err(BrokenLog));
    assert_eq!(Room::replay([&stray]), Err(BrokenLog));
}

#[test]
fn a_room_nobody_joined_yet_belongs_to_who_made_it() {
    let created = |host| {
        let settings = default_settings();
        let created = Created {
            code: crate::ids::RoomCode::from_bits(1),
            epoch: crate::ids::Epoch::from_bits(1),
            host: user(host),
            seed: 0,
            settings,
        };
        Evening::reopened(Event::Created(Box::new(created)), Timestamp::from_millis(0))
    };
    let mut evening = created(ANNA);
    assert_eq!(
        evening.says(ANNA, Command::Swiping(SwipingCommand::Start)),
        Err(Refusal::NotAMember),
        "the host joins like anybody"
    );
    evening.join(ANNA);
    assert_eq!(evening.room.host(), user(ANNA));

    let mut overtaken = created(ANNA);
    overtaken.join(BORIS);
    overtaken.join(ANNA);
    assert_eq!(overtaken.room.host(), user(BORIS), "a host who never came cannot start it");
}
