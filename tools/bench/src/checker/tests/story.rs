//! An evening of two, written by hand: the good history that each test spoils in one place.
//!
//! Ann makes a room and picks *x* and *y*. Both like *x*. Bob skips *y*, takes that back and likes it; Ann's phone loses
//! its connection meanwhile; she skips *y*, and the round is over.

use super::{
    cast::{ann, bob, title},
    talk,
};
use sovpalo_domain::{
    ids::{Epoch, RoomCode, Round, Seq, Timestamp, UserId},
    room::{Created, Entry, Event, PeopleEvent, Profile, RoomName, Settings, SwipingEvent, Verdict},
};

use crate::checker::{
    action::Action,
    history::{
        Answer, Asked, Connection, Heard, History, MatchRow, MemberRow, Moment, PhoneHistory, Place, RoomRow,
        Rows,
    },
    rights::{Control, Role},
    watched::PhoneWatching,
    wire::{
        self, Frame, Goal, Phase, Rule, WireAccess, WireEvent, WireMatch, WireMember, WireRanked, WireRoom,
    },
};

pub(super) fn epoch() -> Epoch {
    Epoch::from_bits(0xA11)
}

pub(super) fn at(seq: u64) -> Place {
    Place { epoch: epoch(), seq: Seq::new(seq) }
}

pub(super) fn swipe(member: UserId, card: &str, verdict: Verdict) -> Event {
    Event::Swiping(SwipingEvent::Swiped { member, title: title(card), verdict })
}

pub(super) fn liked(card: &str) -> Action {
    Action::Swipe(Round::FIRST, title(card), wire::Verdict::Like)
}

pub(super) fn skipped(card: &str) -> Action {
    Action::Swipe(Round::FIRST, title(card), wire::Verdict::Skip)
}

/// The log's events, seq 1 first.
fn events() -> Vec<Event> {
    let settings = Settings::named(RoomName::new("Movie night").unwrap());
    let code = RoomCode::from_bits(1);
    let joined = |member| {
        Event::People(PeopleEvent::Joined { member, profile: Profile { name: "P".into(), photo_url: None } })
    };
    vec![
        Event::Created(Box::new(Created { code, epoch: epoch(), host: ann(), seed: 1, settings })),
        joined(ann()),
        joined(bob()),
        Event::Swiping(SwipingEvent::Selected {
            member: ann(),
            titles: vec![title("x"), title("y")],
            texts: vec![],
        }),
        Event::Swiping(SwipingEvent::Started { deck: vec![title("x"), title("y")] }),
        swipe(ann(), "x", Verdict::Like),
        swipe(bob(), "x", Verdict::Like),
        Event::Swiping(SwipingEvent::Matched { title: title("x") }),
        swipe(bob(), "y", Verdict::Skip),
        Event::Swiping(SwipingEvent::Undone { member: bob(), title: title("y") }),
        swipe(bob(), "y", Verdict::Like),
        swipe(ann(), "y", Verdict::Skip),
        Event::Swiping(SwipingEvent::Finished),
    ]
}

/// What each of them is told of it, by seq.
fn told_of(seq: u64, viewer: UserId) -> WireEvent {
    let own = |member, swiped, card: &str, verdict| {
        if member == viewer {
            WireEvent::Swiped { title: title(card), verdict }
        } else {
            WireEvent::Progress { member, swiped }
        }
    };
    match seq {
        5 => WireEvent::Started { round: Round::FIRST, deck_size: 2, queue: vec![title("x"), title("y")] },
        6 => own(ann(), 1, "x", wire::Verdict::Like),
        7 => own(bob(), 1, "x", wire::Verdict::Like),
        8 => WireEvent::MatchFound(WireMatch { number: 1, round: Round::FIRST, title: title("x") }),
        9 => own(bob(), 2, "y", wire::Verdict::Skip),
        10 => WireEvent::Undone { member: bob(), swiped: 1, title: (viewer == bob()).then(|| title("y")) },
        11 => own(bob(), 2, "y", wire::Verdict::Like),
        12 => own(ann(), 2, "y", wire::Verdict::Skip),
        13 => WireEvent::Finished {
            results: vec![
                WireRanked { title: title("x"), likes: 2 },
                WireRanked { title: title("y"), likes: 1 },
            ],
            finalists: 0,
        },
        _ => panic!("seq {seq} is before the first welcome"),
    }
}

pub(super) fn heard(frame: Frame) -> Heard {
    let mut heard = Heard { frame, at: Moment(0), opinions: 0 };
    heard.opinions = usize::from(heard.own_opinion().is_some());
    heard
}

pub(super) fn event(seq: u64, told: WireEvent) -> Heard {
    heard(Frame::Event { seq: Seq::new(seq), event: told })
}

/// Everything from one seq to another, as a phone hears it: by an ack what it did itself.
fn stretch(viewer: UserId, seqs: std::ops::RangeInclusive<u64>, own: &[u64]) -> Vec<Heard> {
    seqs.map(|seq| {
        let told = told_of(seq, viewer);
        if own.contains(&seq) {
            heard(Frame::Ack { id: seq, seq: Seq::new(seq), queue: None, event: Some(told) })
        } else {
            event(seq, told)
        }
    })
    .collect()
}

/// The room in its lobby, after seq 4.
pub(super) fn lobby(viewer: UserId) -> WireRoom {
    let member = |id, picks| {
        let role = if id == ann() { Role::Host } else { Role::Participant };
        WireMember { id, role, ready: false, picks, swiped: 0, away: false }
    };
    WireRoom {
        phase: Phase::Lobby,
        round: Round::FIRST,
        epoch: epoch(),
        seq: Seq::new(4),
        host: ann(),
        rule: Rule::Unanimous,
        goal: Goal::WholeDeck,
        access: WireAccess { control: Control::Everyone },
        members: vec![member(ann(), 2), member(bob(), 0)],
        my_picks: if viewer == ann() { vec![title("x"), title("y")] } else { vec![] },
        deck_size: 0,
        queue: vec![],
        my_swipes: 0,
        my_super_likes_left: 1,
        my_vetoes_left: 0,
        veto: false,
        matches: vec![],
        results: None,
        finalists: 0,
        screen: None,
    }
}

pub(super) fn welcome(place: Place, room: Option<WireRoom>) -> Heard {
    heard(Frame::Welcome { epoch: place.epoch, seq: place.seq, room: room.map(Box::new) })
}

pub(super) fn asked(action: Action, moment: u64, answer: Answer) -> Asked {
    Asked { action, rev: None, sends: 1, sent_at: Moment(moment), answer }
}

pub(super) fn done(seq: u64, moment: u64) -> Answer {
    Answer::Done(at(seq), Moment(moment))
}

/// The evening, with nothing wrong in it.
pub(super) fn good() -> History {
    let log: Vec<Entry> = events()
        .into_iter()
        .zip(1..)
        .map(|(event, seq)| Entry { at: Timestamp::from_millis(seq * 100), event })
        .collect();
    let anns = PhoneHistory {
        user: ann(),
        grievances: vec![],
        talk: talk::anns(),
        watching: PhoneWatching::default(),
        asked: vec![
            asked(Action::Create, 0, Answer::Accepted(Moment(5))),
            asked(Action::Select(vec![title("x"), title("y")]), 30, Answer::Accepted(Moment(35))),
            asked(Action::Start, 40, done(5, 45)),
            asked(liked("x"), 50, done(6, 55)),
            // Her connection broke before the answer came: it was sent twice.
            Asked { sends: 2, ..asked(skipped("y"), 115, Answer::SoAlready(Moment(140))) },
        ],
        connections: vec![
            Connection {
                node: 0,
                known: None,
                heard: [vec![welcome(at(4), Some(lobby(ann())))], stretch(ann(), 5..=9, &[5, 6])].concat(),
            },
            Connection {
                node: 1,
                known: Some(at(9)),
                heard: [
                    vec![welcome(at(9), None)],
                    stretch(ann(), 10..=13, &[]),
                    vec![heard(Frame::Ack { id: 12, seq: Seq::new(13), queue: None, event: None })],
                ]
                .concat(),
            },
        ],
    };
    let bobs = PhoneHistory {
        user: bob(),
        grievances: vec![],
        talk: talk::bobs(),
        watching: PhoneWatching::default(),
        asked: vec![
            asked(Action::Join, 10, Answer::Accepted(Moment(20))),
            asked(liked("x"), 60, done(7, 65)),
            asked(skipped("y"), 80, done(9, 85)),
            asked(Action::Undo(Round::FIRST, title("y")), 90, done(10, 95)),
            asked(liked("y"), 100, done(11, 105)),
        ],
        connections: vec![Connection {
            node: 2,
            known: None,
            heard: [vec![welcome(at(4), Some(lobby(bob())))], stretch(bob(), 5..=13, &[7, 9, 10, 11])]
                .concat(),
        }],
    };
    History { room: RoomCode::from_bits(1), log, epoch: epoch(), phones: vec![anns, bobs], rows: rows() }
}

fn rows() -> Rows {
    let here = |member, picks| MemberRow { member, standing: "here".into(), picks };
    Rows {
        room: Some(RoomRow {
            phase: Phase::Finished,
            round: Round::FIRST,
            host: ann(),
            member_count: 2,
            match_count: 1,
            projected: at(13),
        }),
        members: vec![here(ann(), vec![title("x"), title("y")]), here(bob(), vec![])],
        matches: vec![MatchRow { number: 1, round: Round::FIRST, title: title("x") }],
        talk: talk::rows(),
        erasures: 0,
    }
}

/// An entry of the log.
pub(super) fn entry(event: Event) -> Entry {
    Entry { at: Timestamp::from_millis(2_000), event }
}
