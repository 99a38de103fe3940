//! How what happens in the deck and the rounds is written down that version 1 cannot say.

use super::{
    format::{index_of, is_read_as, is_written_as, variants_of},
    *,
};

/// Each entry as bytes, in the order of [`samples`]. A line is never changed, and a new variant brings lines of its own.
const PINNED: &str = include_str!("format_swiping.pinned");

/// Version 1 says what came before these, which are the rest of [`SwipingEvent`].
const OLDER: usize = 11;

#[test]
fn the_bytes_of_what_happens_in_rounds_are_what_they_have_always_been() {
    is_written_as(PINNED, &samples());
}

#[test]
fn the_pinned_bytes_of_what_happens_in_rounds_read_as_they_always_have() {
    is_read_as(PINNED, samples());
}

#[test]
fn no_variant_of_what_happens_in_rounds_is_left_unpinned() {
    let later: BTreeSet<usize> = swiping().iter().map(|event| usize::from(index_of(event))).collect();
    let later = later.into_iter().filter(|index| *index >= OLDER);
    assert_eq!(later.collect::<Vec<_>>(), (OLDER..variants_of::<SwipingEvent>().len()).collect::<Vec<_>>());
    let signals = swiping().into_iter().filter_map(|event| match event {
        SwipingEvent::Swiped { verdict, .. } => Some(usize::from(index_of(&verdict))),
        _ => None,
    });
    // Likes and skips version 1 says.
    assert_eq!(signals.collect::<Vec<_>>(), (2..variants_of::<Verdict>().len()).collect::<Vec<_>>());
}

fn samples() -> Vec<(String, Entry)> {
    let names = variants_of::<SwipingEvent>();
    let named = swiping().into_iter().enumerate().map(|(n, event)| {
        let name = names[usize::from(index_of(&event))];
        (format!("{n:02} {name}"), entry(Event::Swiping(event)))
    });
    named.collect()
}

fn swiping() -> Vec<SwipingEvent> {
    let member = user(1);
    vec![
        SwipingEvent::Extended { ends_at: Timestamp::from_millis(START.millis() + 300_000) },
        SwipingEvent::SeenLeftOut { left_out: true },
        SwipingEvent::SeenLeftOut { left_out: false },
        SwipingEvent::Nudged { by: user(1), member: user(2) },
        SwipingEvent::Swiped { member, title: title(1), verdict: Verdict::SuperLike },
        SwipingEvent::Swiped { member, title: title(300), verdict: Verdict::Veto },
        SwipingEvent::VetoAllowed { allowed: true },
        SwipingEvent::VetoAllowed { allowed: false },
    ]
}
