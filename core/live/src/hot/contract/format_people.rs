//! How what happens to people is written down that version 1 cannot say.

use sovpalo_domain::room::{Access, Control, PasswordHash, Role};

use super::{
    format::{index_of, is_read_as, is_written_as, variants_of},
    *,
};

/// Each entry as bytes, in the order of [`samples`]. A line is never changed, and a new variant brings lines of its own.
const PINNED: &str = include_str!("format_people.pinned");

/// Version 1 says what came before these, which are the rest of [`PeopleEvent`].
const OLDER: usize = 8;

#[test]
fn the_bytes_of_what_happens_to_people_are_what_they_have_always_been() {
    is_written_as(PINNED, &samples());
}

#[test]
fn the_pinned_bytes_of_what_happens_to_people_read_as_they_always_have() {
    is_read_as(PINNED, samples());
}

#[test]
fn no_variant_of_what_happens_to_people_is_left_unpinned() {
    let pinned: BTreeSet<usize> = people().iter().map(|event| usize::from(index_of(event))).collect();
    assert_eq!(pinned, (OLDER..variants_of::<PeopleEvent>().len()).collect());
    let of = |of: fn(&PeopleEvent) -> Option<u8>| -> BTreeSet<usize> {
        people().iter().filter_map(of).map(usize::from).collect()
    };
    let all = |variants: &[&str]| (0..variants.len()).collect::<BTreeSet<usize>>();
    let roles = of(|event| match event {
        PeopleEvent::RoleChanged { role, .. } => Some(index_of(role)),
        _ => None,
    });
    assert_eq!(roles, all(variants_of::<Role>()));
    let controls = of(|event| match event {
        PeopleEvent::AccessChanged(access) => Some(index_of(&access.control)),
        _ => None,
    });
    assert_eq!(controls, all(variants_of::<Control>()));
}

fn samples() -> Vec<(String, Entry)> {
    let names = variants_of::<PeopleEvent>();
    let named = people().into_iter().enumerate().map(|(n, event)| {
        let name = names[usize::from(index_of(&event))];
        (format!("{n:02} {name}"), entry(Event::People(event)))
    });
    named.collect()
}

fn people() -> Vec<PeopleEvent> {
    let member = user(1);
    let roles = [Role::Host, Role::Moderator, Role::Participant];
    let access = [
        Access::default(),
        Access { control: Control::Host, capacity: 2, ..Access::default() },
        Access {
            listed: true,
            password: Some(PasswordHash::new("$argon2id$v=19$…".to_owned())),
            control: Control::Moderators,
            ..Access::default()
        },
    ];
    let roles = roles.map(|role| PeopleEvent::RoleChanged { member, role });
    let access = access.map(|access| PeopleEvent::AccessChanged(Box::new(access)));
    roles.into_iter().chain([PeopleEvent::HandedOver { member }]).chain(access).collect()
}
