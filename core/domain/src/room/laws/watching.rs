//! What people of a random history say of the screen.
//!
//! An address names who brought it, so that a law can look for what somebody left behind.

use std::time::Duration;

use proptest::{collection::vec, prelude::*, sample::Index};

use crate::{
    ids::{Timestamp, UserId},
    room::{Command, FilmTime, ItemId, Lead, Media, MediaKind, Rate, Room, ScreenAction, WatchingCommand},
};

/// So many different things there are to watch for each person, and so many items of a playlist.
const FILMS: usize = 3;
const ITEMS: usize = 6;

/// Somebody says something of the screen.
#[derive(Debug, Clone)]
pub(super) struct Watch {
    what: What,
    meant: Meant,
}

#[derive(Debug, Clone)]
enum What {
    Show(Index),
    Clear,
    Play(u16),
    Pause(u16),
    Seek(u16),
    Rate(bool),
    Enqueue(Index, Index),
    Dequeue(Index),
    Next,
    NextAfter(Index),
    /// So many seconds after somebody was seen who may control it, and instead of whom it is or of nobody.
    Borrow(u8, bool),
    TakeBack,
}

#[derive(Debug, Clone, Copy)]
enum Meant {
    Whichever,
    This,
    OneOfBefore,
}

pub(super) fn watching() -> impl Strategy<Value = Watch> {
    let index = any::<Index>;
    let seconds = || 0..=7_200_u16;
    let what = prop_oneof![
        4 => index().prop_map(What::Show),
        1 => Just(What::Clear),
        4 => seconds().prop_map(What::Play),
        4 => seconds().prop_map(What::Pause),
        4 => seconds().prop_map(What::Seek),
        2 => any::<bool>().prop_map(What::Rate),
        6 => (index(), index()).prop_map(|(item, film)| What::Enqueue(item, film)),
        1 => index().prop_map(What::Dequeue),
        3 => Just(What::Next),
        1 => index().prop_map(What::NextAfter),
        4 => (100..=200_u8, prop::bool::weighted(0.9)).prop_map(|(unseen, knows)| What::Borrow(unseen, knows)),
        1 => Just(What::TakeBack),
    ];
    let meant =
        prop_oneof![2 => Just(Meant::Whichever), 3 => Just(Meant::This), 1 => Just(Meant::OneOfBefore)];
    (what, meant).prop_map(|(what, meant)| Watch { what, meant })
}

/// Something that is shown, what somebody does to it who has it on loan, and perhaps that it is taken back.
pub(super) fn on_loan() -> impl Strategy<Value = (Watch, Vec<Watch>, Option<Watch>)> {
    let whichever = |what| Watch { what, meant: Meant::Whichever };
    let show = any::<Index>().prop_map(move |film| whichever(What::Show(film)));
    let ends = prop::option::of(Just(whichever(What::TakeBack)));
    (show, vec(watching(), 1..4), ends).prop_map(move |(show, mut acts, ends)| {
        acts.insert(0, whichever(What::Borrow(120, true)));
        (show, acts, ends)
    })
}

impl Watch {
    /// What it is in the room as it is now.
    pub(super) fn said_in(&self, room: &Room, actor: UserId, now: Timestamp) -> Command {
        let film = |index: &Index| {
            let url = format!("https://films.example/of-{}-{}", actor.get(), index.index(FILMS));
            Media::new(MediaKind::File, &url, None).expect("a public address")
        };
        let item = |index: &Index| {
            ItemId::new("item", &format!("item-{}", index.index(ITEMS))).expect("a plain name")
        };
        let at = |seconds: &u16| FilmTime::from_seconds(f64::from(*seconds)).expect("less than two days");
        let screen = room.screen();
        let action = match &self.what {
            What::Show(index) => ScreenAction::Show(Some(film(index))),
            What::Clear => ScreenAction::Show(None),
            What::Play(seconds) => ScreenAction::Play(at(seconds)),
            What::Pause(seconds) => ScreenAction::Pause(at(seconds)),
            What::Seek(seconds) => ScreenAction::Seek(at(seconds)),
            What::Rate(fast) => ScreenAction::Rate(Rate::new(if *fast { 1.5 } else { 1.0 }).expect("a rate")),
            What::Enqueue(name, index) => ScreenAction::Enqueue { item: item(name), media: film(index) },
            What::Dequeue(name) => ScreenAction::Dequeue(item(name)),
            What::Next => {
                ScreenAction::Next { after: screen.as_ref().and_then(|screen| screen.item.clone()) }
            }
            What::NextAfter(name) => ScreenAction::Next { after: Some(item(name)) },
            What::Borrow(unseen, knows) => ScreenAction::Borrow {
                instead_of: room.borrower().filter(|_| *knows),
                last_seen: now.minus(Duration::from_secs(u64::from(*unseen))),
            },
            What::TakeBack => ScreenAction::TakeBack,
        };
        let rev = screen.map_or(0, |screen| screen.rev);
        let rev = match self.meant {
            Meant::Whichever => None,
            Meant::This => Some(rev),
            Meant::OneOfBefore => Some(rev.saturating_sub(1)),
        };
        Command::Watching(WatchingCommand { action, rev, lead: Lead::default() })
    }
}
