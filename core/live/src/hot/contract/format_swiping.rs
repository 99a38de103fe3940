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
    let pinned: BTreeSet<usize> = swiping().iter().map(|event| usize::from(index_of(event))).collect();
    assert_eq!(pinned, (OLDER..variants_of::<SwipingEvent>().len()).collect());
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
    vec![
        SwipingEvent::Extended { ends_at: Timestamp::from_millis(START.millis() + 300_000) },
        SwipingEvent::SeenLeftOut { left_out: true },
        SwipingEvent::SeenLeftOut { left_out: false },
        SwipingEvent::Nudged { by: user(1), member: user(2) },
    ]
}
