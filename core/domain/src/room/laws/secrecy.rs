//! Nobody learns what another thinks of a title that has not matched.
//!
//! Two worlds differ in one swipe of one member: in one it is a like, in the other a skip. For as long as that title
//! matches in neither and the round is not over, nobody else can tell the worlds apart: the same commands are allowed
//! and refused, the same events happen with the same views, and every view is equal, the order of the queue with it.

use proptest::{prelude::*, sample::Index};

use super::{
    history::{History, Said, enough, histories, stranger},
    tell,
};
use crate::{
    ids::{TitleId, UserId},
    room::{
        Command, Event, EventView, PhaseName, Room, SwipingCommand, SwipingEvent, Verdict, View,
        tests::evening::{Evening, Outcome, user},
    },
};

/// What one member thinks of one title, and nobody else shall know.
struct Secret {
    holder: UserId,
    title: TitleId,
}

/// The world in which the swipe went the other way.
struct Worlds {
    ours: Evening,
    theirs: Evening,
    secret: Secret,
}

/// Whether the worlds may still be compared.
#[derive(PartialEq)]
enum Onward {
    Yes,
    No,
}

/// A view without what may differ.
fn comparable(mut view: View) -> View {
    if view.phase == PhaseName::Finished {
        view.results = None;
        view.finalists = 0;
    }
    view
}

impl Worlds {
    /// The same command in both; nobody but the secret's holder may see a difference.
    fn hear(&mut self, actor: UserId, command: &Command) -> Onward {
        self.theirs.now = self.ours.now;
        let ours = self.ours.says(actor.get(), command.clone());
        let theirs = self.theirs.says(actor.get(), command.clone());
        self.compare(actor, &ours, &theirs)
    }

    fn compare(&self, actor: UserId, ours: &Outcome, theirs: &Outcome) -> Onward {
        let (our_events, their_events) =
            (ours.as_deref().unwrap_or_default(), theirs.as_deref().unwrap_or_default());
        let matched = Event::Swiping(SwipingEvent::Matched { title: self.secret.title.clone() });
        if let Some(difference) = self.first_difference(our_events, their_events) {
            let title = &self.secret.title;
            assert!(difference.contains(&Some(&matched)), "a secret about {title} showed in {difference:?}");
            return Onward::No;
        }
        if actor != self.secret.holder {
            assert_eq!(ours, theirs, "{actor:?} was answered differently");
        }
        self.compare_faces(our_events.len());
        self.compare_views();
        let over = self.ours.room.phase() == PhaseName::Finished;
        // The others may agree without the holder, and then only a like can be taken back no more.
        if over || our_events.contains(&matched) { Onward::No } else { Onward::Yes }
    }

    /// Where what happened parts ways, but for the secret swipe itself.
    fn first_difference<'a>(&self, ours: &'a [Event], theirs: &'a [Event]) -> Option<[Option<&'a Event>; 2]> {
        let longest = ours.len().max(theirs.len());
        (0..longest).map(|place| [ours.get(place), theirs.get(place)]).find(|[one, other]| {
            one != other
                && !(one.is_some_and(|e| self.is_secret(e)) && other.is_some_and(|e| self.is_secret(e)))
        })
    }

    fn is_secret(&self, event: &Event) -> bool {
        matches!(event, Event::Swiping(SwipingEvent::Swiped { member, title, .. })
            if *member == self.secret.holder && *title == self.secret.title)
    }

    fn others(&self) -> impl Iterator<Item = UserId> {
        (1..=10).map(user).filter(|viewer| *viewer != self.secret.holder)
    }

    fn compare_faces(&self, new: usize) {
        let views = |world: &Evening| {
            // A face shows counts as of its event, so that the room is replayed up to each.
            let first_new = world.log.len() - new;
            (first_new..world.log.len())
                .map(|place| {
                    let room = Room::replay(&world.log[..=place]).expect("a log of a room");
                    room.views(&world.log[place])
                })
                .collect::<Vec<_>>()
        };
        for (one, other) in views(&self.ours).iter().zip(&views(&self.theirs)) {
            if matches!(one.seen_by(self.secret.holder), EventView::Finished { .. }) {
                // Results are for everybody's eyes.
                continue;
            }
            for viewer in self.others() {
                assert_eq!(
                    one.seen_by(viewer),
                    other.seen_by(viewer),
                    "an event looks different to {viewer:?}"
                );
            }
        }
    }

    fn compare_views(&self) {
        for viewer in self.others() {
            let (ours, theirs) = (self.ours.room.view_for(viewer), self.theirs.room.view_for(viewer));
            assert_eq!(
                ours.map(comparable),
                theirs.map(comparable),
                "the room looks different to {viewer:?}"
            );
            let whole = |world: &Evening| world.room.queue(viewer, usize::MAX);
            assert_eq!(whole(&self.ours), whole(&self.theirs), "the whole queue of {viewer:?} differs");
            let upcoming = |world: &Evening| world.room.upcoming(viewer, usize::MAX);
            assert_eq!(
                upcoming(&self.ours),
                upcoming(&self.theirs),
                "what {viewer:?} gets in advance differs"
            );
        }
    }
}

/// Splits the world at the swipe; what came of it in either world is compared already.
fn split(ours: &Evening, known: usize, swipe: &Command, holder: UserId) -> Option<(Worlds, Onward)> {
    let Command::Swiping(SwipingCommand::Swipe { title, verdict }) = swipe else { return None };
    // What somebody signals on purpose is no secret.
    let (Verdict::Like | Verdict::Skip) = verdict else { return None };
    let before = Room::replay(&ours.log[..known]).expect("a log of a room");
    if before.matches().iter().any(|found| found.title == *title) {
        return None;
    }
    let opposite = if *verdict == Verdict::Like { Verdict::Skip } else { Verdict::Like };
    let mut theirs = Evening::reopened(ours.log[0].event.clone(), ours.log[0].at);
    theirs.log = ours.log[..known].to_vec();
    theirs.room = before;
    theirs.now = ours.now;
    let their_outcome = theirs.says(
        holder.get(),
        Command::Swiping(SwipingCommand::Swipe { title: title.clone(), verdict: opposite }),
    );
    let our_outcome = Ok(ours.log[known..].iter().map(|entry| entry.event.clone()).collect());
    let worlds = Worlds { ours: ours.clone(), theirs, secret: Secret { holder, title: title.clone() } };
    let onward = worlds.compare(holder, &our_outcome, &their_outcome);
    Some((worlds, onward))
}

/// Plays a history, splits it at one of its swipes, and goes on in both worlds. How many commands both heard, if the
/// history had such a swipe.
pub(super) fn compare_worlds(history: &History, which: Index) -> Option<usize> {
    let chosen = which.index(history.acts().len().max(1));
    let mut evening = history.opening();
    let mut worlds: Option<Worlds> = None;
    let mut heard = 0;
    for (place, act) in history.acts().iter().enumerate() {
        let said = act.said_in(history, worlds.as_mut().map_or(&mut evening, |worlds| &mut worlds.ours));
        let (actor, command) = match said {
            Said::Command(actor, command) => (actor, command),
            Said::Reopened(reopened) if worlds.is_none() => {
                evening = *reopened;
                continue;
            }
            // What SQL remembers has no swipes: both worlds would be the same from here on.
            Said::Reopened(_) => return Some(heard),
        };
        let onward = if let Some(worlds) = &mut worlds {
            heard += 1;
            worlds.hear(actor, &command)
        } else {
            let known = evening.log.len();
            let swiped = evening.says(actor.get(), command.clone()).is_ok_and(|events| !events.is_empty());
            if !swiped || place < chosen {
                continue;
            }
            let Some((split, onward)) = split(&evening, known, &command, actor) else { continue };
            worlds = Some(split);
            onward
        };
        if onward == Onward::No {
            return Some(heard);
        }
    }
    worlds.map(|_| heard)
}

proptest! {
    #![proptest_config(enough())]

    #[test]
    fn what_one_does_names_no_title_to_the_others(history in histories()) {
        tell(&history, |moment| {
            let new = moment.evening.log.len() - moment.events().len();
            for entry in &moment.evening.log[new..] {
                let views = moment.evening.room.views(entry);
                let names_none = match views.seen_by(stranger()) {
                    EventView::Swiped { .. } => false,
                    EventView::Picked { mine, .. } => mine.is_none(),
                    EventView::Undone { mine, .. } => mine.is_none(),
                    _ => true,
                };
                assert!(names_none, "{:?} looks like {views:?}", entry.event);
            }
        });
    }

    #[test]
    fn nobody_can_tell_anothers_like_from_a_skip_before_it_matches(history in histories(), which in any::<Index>()) {
        compare_worlds(&history, which);
    }
}
