//! The second law: whatever phones are told is one story, without gaps, and the log's. And the fourth: in it nobody
//! hears another's opinion.

use std::collections::BTreeMap;

use sovpalo_domain::{
    ids::Seq,
    room::{Entry, Event, Room, SwipingEvent},
};

use super::{
    history::{Connection, History, PhoneHistory, Place},
    law::Law,
    public_event::{PublicEvent, wrong, wrong_in_private},
    violation::Findings,
    wire::{Frame, WireEvent},
};

/// Who was told something, and on which frame.
#[derive(Clone, Copy)]
struct Telling<'a> {
    phone: &'a PhoneHistory,
    connection: &'a Connection,
    index: usize,
}

/// Everything that was told of one place.
type Story<'a> = BTreeMap<Place, Vec<(Telling<'a>, &'a WireEvent)>>;

/// Checks both laws.
pub(super) fn check(history: &History, findings: &mut Findings<'_>) {
    let mut story = Story::new();
    for phone in &history.phones {
        for connection in &phone.connections {
            follow(phone, connection, &mut story, findings);
            keep_secrets(phone, connection, findings);
        }
    }
    one_story(history, &story, findings);
    the_logs_story(history, &story, findings);
    rooms_as_logged(history, findings);
}

/// One connection: a welcome, then every seq once and in order.
fn follow<'a>(
    phone: &'a PhoneHistory,
    connection: &'a Connection,
    story: &mut Story<'a>,
    findings: &mut Findings<'_>,
) {
    let mut at: Option<Place> = None;
    for (index, heard) in connection.heard.iter().enumerate() {
        let mut gap = |seq: Seq, what: String| {
            findings.told(Law::NoGaps, phone, connection, index, Some(seq.get()), what);
        };
        let (seq, told) = match (&heard.frame, at) {
            (Frame::Welcome { epoch, seq, room }, None) => {
                let place = Place { epoch: *epoch, seq: *seq };
                if room.is_none() && connection.known != Some(place) {
                    gap(*seq, format!("it is told that it has {place} already, which it never said"));
                }
                at = Some(place);
                continue;
            }
            (Frame::Welcome { seq, .. }, Some(_)) => {
                gap(*seq, "a second welcome on the same connection".into());
                continue;
            }
            (Frame::Event { seq, event }, _) => (*seq, Some(event)),
            (Frame::Ack { seq, event, .. }, _) => (*seq, event.as_ref()),
            (Frame::At { seq }, _) => (*seq, None),
            (Frame::Refused { .. } | Frame::Other, Some(_)) => continue,
            (Frame::Refused { .. } | Frame::Other, None) => (Seq::ZERO, None),
        };
        let Some(place) = &mut at else {
            gap(seq, "the first frame is no welcome".into());
            return;
        };
        match told {
            Some(told) if seq == place.seq.next() => {
                place.seq = seq;
                let telling = Telling { phone, connection, index };
                story.entry(*place).or_default().push((telling, told));
            }
            Some(_) => gap(seq, format!("seq {seq} follows {place}")),
            // Where the room stands.
            None if seq > place.seq => {
                gap(seq, format!("the room stands at {seq}, and it was told up to {place}"));
            }
            None => {}
        }
    }
}

/// Any two phones agree about a place. A history that was given up for another one may have had two ends: that is why it
/// was given up, and what was acknowledged in either end has to be in the last one all the same.
fn one_story(history: &History, story: &Story<'_>, findings: &mut Findings<'_>) {
    for (place, tellings) in story {
        if place.epoch != history.epoch {
            continue;
        }
        let mut views = tellings.iter().filter_map(|(telling, told)| {
            PublicEvent::told(told, telling.phone.user).map(|public| (telling, public))
        });
        let Some((_, first)) = views.next() else { continue };
        for (telling, public) in views {
            if !first.agrees(&public) {
                let what = format!("of {place} one phone was told {first:?}, this one {public:?}");
                contradicted(*telling, *place, what, findings);
            }
        }
    }
}

/// What was told of the last history is what the log has.
fn the_logs_story(history: &History, story: &Story<'_>, findings: &mut Findings<'_>) {
    let mut room: Option<Room> = None;
    for (entry, seq) in history.log.iter().zip(1..) {
        let Some(after) = later(room.take(), entry) else { return };
        let place = Place { epoch: history.epoch, seq: Seq::new(seq) };
        let views = after.views(entry);
        for (telling, told) in story.get(&place).into_iter().flatten() {
            let viewer = telling.phone.user;
            if let (WireEvent::Swiped { .. }, Event::Swiping(SwipingEvent::Swiped { member, .. })) =
                (told, &entry.event)
                && *member != viewer
            {
                let Telling { phone, connection, index } = *telling;
                let what = format!("it is told the opinion of {member}");
                findings.told(Law::Secrecy, phone, connection, index, Some(seq), what);
                continue;
            }
            let (public, logged) =
                (PublicEvent::told(told, viewer), PublicEvent::shown(views.seen_by(viewer), viewer));
            if public.as_ref().is_some_and(|public| !public.agrees(&logged)) {
                let what = format!("it was told {public:?} where the log has {logged:?}");
                contradicted(*telling, place, what, findings);
            }
            if let Some(what) = wrong_in_private(told, views.seen_by(viewer)) {
                contradicted(*telling, place, what, findings);
            }
        }
        room = Some(after);
    }
    let end = Place { epoch: history.epoch, seq: Seq::new(history.log.len() as u64) };
    for (place, tellings) in story.range(end..) {
        if *place == end || place.epoch != history.epoch {
            continue;
        }
        if let Some((telling, told)) = tellings.first() {
            let what = format!("{told:?} was told of {place}, which the log does not have");
            contradicted(*telling, *place, what, findings);
        }
    }
}

/// The replayed room, one entry later; `None`: no log begins so.
fn later(room: Option<Room>, entry: &Entry) -> Option<Room> {
    match room {
        Some(mut room) => {
            room.apply(entry);
            Some(room)
        }
        None => Room::begin(entry).ok(),
    }
}

/// A welcome's room of the last history is the log up to there.
fn rooms_as_logged(history: &History, findings: &mut Findings<'_>) {
    let mut welcomes: BTreeMap<u64, Vec<Telling<'_>>> = BTreeMap::new();
    for phone in &history.phones {
        for connection in &phone.connections {
            let Some(Frame::Welcome { epoch, seq, room: Some(room) }) =
                connection.heard.first().map(|heard| &heard.frame)
            else {
                continue;
            };
            let telling = Telling { phone, connection, index: 0 };
            let place = Place { epoch: *epoch, seq: *seq };
            if (room.epoch, room.seq) != (*epoch, *seq) {
                contradicted(telling, place, "the welcome and its room name two places".into(), findings);
            }
            if *epoch == history.epoch {
                welcomes.entry(seq.get()).or_default().push(telling);
            }
        }
    }
    let mut room: Option<Room> = None;
    for (entry, seq) in history.log.iter().zip(1..) {
        room = later(room, entry);
        let Some(room) = &room else { return };
        for telling in welcomes.remove(&seq).into_iter().flatten() {
            let Some(Frame::Welcome { room: Some(told), .. }) =
                telling.connection.heard.first().map(|heard| &heard.frame)
            else {
                continue;
            };
            if let Some(what) = wrong(told, room, telling.phone.user) {
                let place = Place { epoch: history.epoch, seq: Seq::new(seq) };
                contradicted(telling, place, format!("it was welcomed to another room: {what}"), findings);
            }
        }
    }
    for (seq, tellings) in welcomes {
        for telling in tellings {
            let place = Place { epoch: history.epoch, seq: Seq::new(seq) };
            contradicted(telling, place, format!("it was welcomed at {place}, beyond the log"), findings);
        }
    }
}

/// The only opinion in a frame is the reader's own, of a card that they swiped.
fn keep_secrets(phone: &PhoneHistory, connection: &Connection, findings: &mut Findings<'_>) {
    for (index, heard) in connection.heard.iter().enumerate() {
        let mut leak = |what: String| {
            findings.told(Law::Secrecy, phone, connection, index, None, what);
        };
        let own = heard.own_opinion();
        if heard.opinions > usize::from(own.is_some()) {
            leak(format!("a frame holds {} opinions", heard.opinions));
        }
        let (Frame::Event { event: told, .. } | Frame::Ack { event: Some(told), .. }) = &heard.frame else {
            continue;
        };
        match told {
            WireEvent::Picked { member, my_picks: Some(_), .. } if *member != phone.user => {
                leak(format!("it is told what {member} picked"));
            }
            WireEvent::Undone { member, title: Some(_), .. } if *member != phone.user => {
                leak(format!("it is told which card {member} took back"));
            }
            _ => {}
        }
    }
}

fn contradicted(telling: Telling<'_>, place: Place, what: String, findings: &mut Findings<'_>) {
    let Telling { phone, connection, index } = telling;
    findings.told(Law::OneStory, phone, connection, index, Some(place.seq.get()), what);
}
