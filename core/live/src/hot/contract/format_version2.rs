//! How entries are written down that version 1 cannot say.

use sovpalo_domain::room::{FilmTime, ItemId, Lead, Media, MediaKind, Rate, WatchingEvent};

use super::{
    format::{index_of, is_read_as, is_written_as, variants_of},
    *,
};

/// Each entry as bytes, in the order of [`samples`]. A line is never changed, and a new variant brings lines of its own.
const PINNED: &str = include_str!("format_version2.pinned");

#[test]
fn the_bytes_of_every_event_of_version_2_are_what_they_have_always_been() {
    is_written_as(PINNED, &samples());
}

#[test]
fn the_pinned_bytes_of_version_2_read_as_the_events_they_have_always_been() {
    is_read_as(PINNED, samples());
}

#[test]
fn no_variant_of_watching_is_left_unpinned() {
    let all = |variants: &[&str]| (0..variants.len()).collect::<BTreeSet<usize>>();
    let events = watching();
    let pinned: BTreeSet<usize> = events.iter().map(|event| usize::from(index_of(event))).collect();
    assert_eq!(pinned, all(variants_of::<WatchingEvent>()), "{:?}", variants_of::<WatchingEvent>());
    let kinds = events.iter().filter_map(|event| match event {
        WatchingEvent::Shown { media, .. } => {
            media.as_ref().map(|media| usize::from(index_of(&media.kind())))
        }
        _ => None,
    });
    assert_eq!(kinds.collect::<BTreeSet<usize>>(), all(variants_of::<MediaKind>()));
}

/// Every event that version 1 cannot say, by its part and its name. Each part counts its own, so that one more in it moves no other.
fn samples() -> Vec<(String, Entry)> {
    let names = variants_of::<WatchingEvent>();
    let watching = watching().into_iter().enumerate().map(|(n, event)| {
        (format!("watching {n:02} {}", names[usize::from(index_of(&event))]), entry(Event::Watching(event)))
    });
    watching.collect()
}

fn watching() -> Vec<WatchingEvent> {
    let member = user(1);
    let media = |kind, url, title| Media::new(kind, url, title).unwrap();
    let file = media(MediaKind::File, "https://example.com/фильм.mp4", Some("Сталкер 🎬"));
    let item = ItemId::new("item", "a1").unwrap();
    let position = FilmTime::from_seconds(5_400.125).unwrap();
    let lead = Lead::for_round_trip(Duration::from_millis(400));
    let shown = [
        file.clone(),
        media(MediaKind::Youtube, "https://youtu.be/dQw4w9WgXcQ", None),
        media(MediaKind::Twitch, "https://www.twitch.tv/videos/1", None),
        media(MediaKind::Hls, "https://example.com/live.m3u8", None),
        media(MediaKind::Frame, "https://example.com/", None),
    ];
    let shown = shown.map(|media| WatchingEvent::Shown { member, media: Some(media), lead });
    let others = [
        WatchingEvent::Shown { member, media: None, lead: Lead::default() },
        WatchingEvent::Cleared { member },
        WatchingEvent::Played { member, position, lead },
        WatchingEvent::Paused { member, position: FilmTime::ZERO, lead },
        WatchingEvent::Sought { member, position: FilmTime::MAX, lead },
        WatchingEvent::RateSet { member, rate: Rate::new(1.25).unwrap(), lead },
        WatchingEvent::Enqueued { member, item: item.clone(), media: file.clone(), shown: None },
        WatchingEvent::Enqueued { member, item: item.clone(), media: file, shown: Some(lead) },
        WatchingEvent::Dequeued { member, item: item.clone() },
        WatchingEvent::Advanced { member, item, lead },
        WatchingEvent::ControlLent { member },
        WatchingEvent::ControlReturned { member },
    ];
    shown.into_iter().chain(others).collect()
}
