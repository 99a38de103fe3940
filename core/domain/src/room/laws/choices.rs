//! What a host may choose, at random: mostly what can be.

use proptest::prelude::*;

use crate::room::{AccessChange, Control, Goal, PasswordHash, Role, Rule};

pub(super) fn rule() -> impl Strategy<Value = Rule> {
    prop_oneof![
        4 => Just(Rule::Unanimous),
        2 => Just(Rule::Majority),
        2 => (1..=4_u16).prop_map(Rule::AtLeast),
    ]
}

pub(super) fn goal() -> impl Strategy<Value = Goal> {
    prop_oneof![
        5 => Just(Goal::WholeDeck),
        1 => Just(Goal::FirstMatch),
        2 => (1..=3_u16).prop_map(Goal::Matches),
        1 => (3..=20_u16).prop_map(Goal::Timed),
    ]
}

pub(super) fn role() -> impl Strategy<Value = Role> {
    prop_oneof![6 => Just(Role::Moderator), 3 => Just(Role::Participant), 1 => Just(Role::Host)]
}

pub(super) fn access() -> impl Strategy<Value = AccessChange> {
    let password = prop::option::weighted(0.6, "[ab]").prop_map(|hash| hash.map(PasswordHash::new));
    let capacity = prop_oneof![9 => 4..=12_u16, 1 => any::<u16>()];
    let control = prop_oneof![Just(Control::Host), Just(Control::Moderators), Just(Control::Everyone)];
    (
        prop::option::of(any::<bool>()),
        prop::option::of(password),
        prop::option::of(capacity),
        prop::option::of(control),
    )
        .prop_map(|(listed, password, capacity, control)| AccessChange {
            listed,
            password,
            capacity,
            control,
        })
}
