//! Who gets in, who may do what, and who decides it.

use super::evening::*;
use crate::room::{
    AccessChange, Command, Control, Event, Pass, PasswordHash, PeopleCommand, PeopleEvent, Refusal, Role,
    RoomName, SettingsChange, SwipingCommand, settings::Rule,
};

fn access(change: AccessChange) -> Command {
    Command::People(PeopleCommand::Configure(change))
}

fn hash(of: &str) -> PasswordHash {
    PasswordHash::new(of.to_owned())
}

fn password(of: &str) -> AccessChange {
    AccessChange { password: Some(Some(hash(of))), ..AccessChange::default() }
}

fn enter(who: i64, shown: &str) -> Command {
    Command::People(PeopleCommand::Enter { profile: profile(who), pass: Pass::Password(hash(shown)) })
}

fn join(who: i64) -> Command {
    Command::People(PeopleCommand::Join(profile(who)))
}

fn role(of: i64, role: Role) -> Command {
    Command::People(PeopleCommand::Role { member: user(of), role })
}

fn hand_over(to: i64) -> Command {
    Command::People(PeopleCommand::HandOver { member: user(to) })
}

#[test]
fn a_room_with_a_password_lets_in_who_knows_it_and_nobody_else() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, access(password("a")));
    assert_eq!(evening.says(VERA, join(VERA)), Err(Refusal::WrongPassword));
    assert_eq!(evening.says(VERA, enter(VERA, "b")), Err(Refusal::WrongPassword));
    assert_eq!(evening.must(BORIS, join(BORIS)), [], "who is in needs none");
    assert_eq!(evening.must(VERA, enter(VERA, "a")).len(), 1);
    evening.leave(BORIS);
    assert_eq!(
        evening.says(BORIS, join(BORIS)),
        Err(Refusal::WrongPassword),
        "who comes again has to know it"
    );
    evening.must(ANNA, access(AccessChange { password: Some(None), ..AccessChange::default() }));
    assert!(evening.says(BORIS, join(BORIS)).is_ok(), "there is none any more");
}

#[test]
fn a_password_that_was_changed_while_somebody_proved_the_old_one_lets_them_in_no_more() {
    let mut evening = Evening::of(&[ANNA]);
    evening.must(ANNA, access(password("old")));
    evening.must(ANNA, access(password("new")));
    assert_eq!(evening.says(VERA, enter(VERA, "old")), Err(Refusal::WrongPassword));
}

#[test]
fn a_room_holds_as_many_as_its_host_says_and_throws_nobody_out() {
    let two = AccessChange { capacity: Some(2), ..AccessChange::default() };
    let mut evening = Evening::of(&[ANNA, BORIS, VERA]);
    evening.must(ANNA, access(two));
    assert_eq!(evening.room.present_members().count(), 3, "who is in stays in");
    evening.leave(VERA);
    assert_eq!(evening.says(VERA, join(VERA)), Err(Refusal::RoomFull), "who comes back to a full room");
    evening.leave(BORIS);
    assert!(evening.says(VERA, join(VERA)).is_ok());
}

#[test]
fn a_room_is_for_two_to_a_hundred() {
    let mut evening = Evening::of(&[ANNA]);
    for (capacity, fine) in [(0, false), (1, false), (2, true), (100, true), (101, false)] {
        let change = AccessChange { capacity: Some(capacity), ..AccessChange::default() };
        assert_eq!(evening.says(ANNA, access(change)).is_ok(), fine, "{capacity}");
    }
}

#[test]
fn only_the_host_says_who_gets_in_and_who_is_what() {
    let mut evening = Evening::of(&[ANNA, BORIS, VERA]);
    evening.must(ANNA, role(BORIS, Role::Moderator));
    for command in [access(password("a")), role(VERA, Role::Moderator), hand_over(VERA)] {
        assert_eq!(evening.says(BORIS, command.clone()), Err(Refusal::NotHost), "{command:?}");
    }
}

#[test]
fn who_controls_what_is_shown_is_the_hosts_choice() {
    let mut evening = Evening::of(&[ANNA, BORIS, VERA]);
    evening.must(ANNA, role(BORIS, Role::Moderator));
    let may = |evening: &Evening| [ANNA, BORIS, VERA, DASHA].map(|who| evening.room.may_control(user(who)));
    assert_eq!(
        may(&evening),
        [true, true, true, false],
        "everybody who is in, until somebody says otherwise"
    );
    for (control, expected) in [
        (Control::Moderators, [true, true, false, false]),
        (Control::Host, [true, false, false, false]),
        (Control::Everyone, [true, true, true, false]),
    ] {
        evening.must(ANNA, access(AccessChange { control: Some(control), ..AccessChange::default() }));
        assert_eq!(may(&evening), expected, "{control:?}");
    }
}

#[test]
fn who_hands_the_room_over_is_a_moderator_of_it() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    let events = evening.must(ANNA, hand_over(BORIS));
    assert_eq!(
        events,
        [
            Event::People(PeopleEvent::HandedOver { member: user(BORIS) }),
            Event::People(PeopleEvent::RoleChanged { member: user(ANNA), role: Role::Moderator })
        ]
    );
    assert_eq!(evening.room.role(user(ANNA)), Some(Role::Moderator));
    assert_eq!(evening.room.role(user(BORIS)), Some(Role::Host));
    assert_eq!(evening.must(ANNA, hand_over(BORIS)), [], "sent again it is so already");
    evening.goes_away(BORIS);
    assert_eq!(evening.room.host(), user(ANNA), "who is here stands in");
    evening.must(BORIS, Command::People(PeopleCommand::Back));
    assert_eq!(evening.room.host(), user(BORIS));
    assert_eq!(evening.room.role(user(ANNA)), Some(Role::Moderator), "and is what she was before");
}

#[test]
fn a_host_who_handed_the_room_over_and_goes_away_does_not_have_it_back() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, hand_over(BORIS));
    evening.goes_away(ANNA);
    evening.must(ANNA, Command::People(PeopleCommand::Back));
    assert_eq!(evening.room.host(), user(BORIS));
}

#[test]
fn a_room_is_handed_to_somebody_who_is_here() {
    let mut evening = Evening::of(&[ANNA, BORIS, VERA]);
    evening.goes_away(BORIS);
    evening.leave(VERA);
    for who in [BORIS, VERA, DASHA] {
        assert_eq!(refused_field(evening.says(ANNA, hand_over(who))), "member", "{who}");
    }
}

#[test]
fn a_role_is_given_and_taken_and_lost_by_leaving() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, role(BORIS, Role::Moderator));
    assert_eq!(evening.must(ANNA, role(BORIS, Role::Moderator)), [], "twice is once");
    evening.leave(BORIS);
    evening.join(BORIS);
    assert_eq!(evening.room.role(user(BORIS)), Some(Role::Participant));
    assert_eq!(evening.must(ANNA, role(BORIS, Role::Participant)), []);
}

#[test]
fn a_host_is_made_by_handing_over_only() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    assert_eq!(refused_field(evening.says(ANNA, role(BORIS, Role::Host))), "role");
    assert_eq!(refused_field(evening.says(ANNA, role(ANNA, Role::Participant))), "member");
    assert_eq!(refused_field(evening.says(ANNA, role(DASHA, Role::Moderator))), "member");
}

#[test]
fn the_name_and_the_access_change_at_any_time_and_how_it_is_played_in_the_lobby_only() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b"]);
    let renamed = SettingsChange { name: RoomName::new("At Boris's").ok(), ..SettingsChange::default() };
    let both = Command::Configure { settings: renamed.clone(), access: password("a") };
    assert_eq!(evening.must(ANNA, both.clone()).len(), 2);
    assert_eq!(evening.room.settings().name.as_str(), "At Boris's");
    assert!(evening.room.access().password.is_some());
    assert_eq!(evening.must(ANNA, both), [], "twice is once");
    let rule = SettingsChange { rule: Some(Rule::Majority), ..SettingsChange::default() };
    let refused = Command::Configure { settings: rule, access: password("b") };
    assert_eq!(evening.says(ANNA, refused), Err(Refusal::WrongPhase));
    assert_eq!(evening.room.access().password, Some(hash("a")), "what is refused changes nothing");
}

#[test]
fn what_a_room_remembers_of_its_people_survives_its_log() {
    let mut evening = Evening::of(&[ANNA, BORIS, VERA]);
    evening.must(ANNA, role(BORIS, Role::Moderator));
    evening.must(ANNA, access(password("a")));
    let again = evening.remembered();
    assert_eq!(again.room.access(), evening.room.access());
    assert_eq!(again.room.role(user(BORIS)), Some(Role::Moderator));
    assert_eq!(again.room.role(user(VERA)), Some(Role::Participant));
}

#[test]
fn who_was_let_in_before_a_loss_is_in_after_it_whatever_the_room_asks_for_by_then() {
    let before = Evening::of(&[ANNA, BORIS]);
    let (mut kept, mut lost) = (before.clone(), before.clone());
    kept.must(ANNA, access(password("a")));
    kept.must(ANNA, access(AccessChange { capacity: Some(2), ..AccessChange::default() }));
    lost.passes(std::time::Duration::from_secs(1));
    lost.join(VERA);
    let ends = [&kept, &lost].map(|end| &end.log[before.log.len()..]);
    let mut room = before.room.clone();
    for entry in room.clone().reunite(ends[0], ends[1]) {
        room.apply(&entry);
    }
    assert!(room.has_member(user(VERA)), "it was acknowledged");
    assert!(room.access().password.is_some());
}

#[test]
fn a_name_that_was_changed_while_swiping_is_kept_beside_other_settings_of_the_other_end() {
    let mut before = Evening::of(&[ANNA, BORIS]);
    before.must(ANNA, Command::Swiping(SwipingCommand::Pick(film("a"))));
    let (mut one, mut other) = (before.clone(), before.clone());
    let rule = SettingsChange { rule: Some(Rule::Majority), ..SettingsChange::default() };
    one.must(ANNA, Command::Swiping(SwipingCommand::Configure(rule)));
    other.passes(std::time::Duration::from_secs(1));
    let name = SettingsChange { name: RoomName::new("Ours").ok(), ..SettingsChange::default() };
    other.must(ANNA, Command::Swiping(SwipingCommand::Configure(name)));
    let ends = [&one, &other].map(|end| &end.log[before.log.len()..]);
    let mut room = before.room.clone();
    for entry in room.clone().reunite(ends[0], ends[1]) {
        room.apply(&entry);
    }
    assert_eq!(room.settings().name.as_str(), "Ours");
    assert_eq!(room.settings().rule, Rule::Majority);
}
