//! What a host may choose, at random: mostly what can be.

use proptest::prelude::*;

use crate::room::{
    AccessChange, Control, DeckChoice, Goal, PasswordHash, Role, RoomName, Rule, SettingsChange,
};

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

/// Another choice of some of it; `decks`: which decks there are.
pub(super) fn change(
    decks: impl Strategy<Value = Option<DeckChoice>>,
) -> impl Strategy<Value = SettingsChange> {
    let picks = prop_oneof![9 => 1..=6_u16, 1 => any::<u16>()];
    (
        prop::option::weighted(0.2, "[xy]"),
        prop::option::of(prop_oneof![9 => rule(), 1 => any::<u16>().prop_map(Rule::AtLeast)]),
        prop::option::of(prop_oneof![
            9 => goal(),
            1 => any::<u16>().prop_map(Goal::Matches),
            1 => any::<u16>().prop_map(Goal::Timed),
        ]),
        prop::option::of(picks),
        prop::option::of(decks),
        prop::option::weighted(0.2, any::<bool>()),
        prop::option::weighted(0.3, any::<bool>()),
    )
        .prop_map(|(name, rule, goal, picks_per_member, deck, leave_out_seen, veto)| SettingsChange {
            name: name.map(|name| RoomName::new(&name).expect("a visible line")),
            rule,
            goal,
            picks_per_member,
            deck,
            leave_out_seen,
            veto,
        })
}
