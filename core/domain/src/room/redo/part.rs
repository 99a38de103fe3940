//! What recovery asks of each part of a room: the trait [`Redo`].
//!
//! Recovery knows times, and which end of a log comes first. What an event of a part means, and how it is asked for again of a room that
//! went on without it, only the part knows. It says so here, in a file `redo.rs` of its own folder.

use crate::{
    ids::{Timestamp, UserId},
    room::{Command, Event, Room},
};

/// Who asks for something again.
pub(in crate::room) enum Actor {
    /// Who did it.
    Member(UserId),
    /// The current host: the original command was the host's.
    Host,
}

/// Something that was done, and may have to be done again.
pub(in crate::room) struct Action<'a, E> {
    pub(in crate::room) at: Timestamp,
    pub(in crate::room) event: &'a E,
    /// Whether it was the first of its moment: what one command becomes is appended at one moment.
    pub(in crate::room) leads: bool,
    /// What came before it at the same moment.
    pub(in crate::room) before: Option<&'a E>,
    /// What came next at the same moment.
    pub(in crate::room) next: Option<&'a E>,
    /// The room as it was before that.
    pub(in crate::room) room: &'a Room,
}

/// A part of a room of which a lost piece of history can be asked for again.
///
/// A new activity writes this and its arms in `dispatch.rs`, and nothing else so that recovery lays its events together. Three outcomes are possible for an event:
/// - *again*: [`Redo::ask_again`] answers with the command that it came from. The command says what shall be so, and is judged like any
///   other: where the room has it already nothing happens, and where it cannot be any more it is refused and left out;
/// - *joined*: what it names may be called otherwise in the room as it is by now (a typed title has become another card). [`Redo::Memory`]
///   holds what became of such names, from one event to the next;
/// - *dropped*: `None`, because it follows from another event and will again if it must, or [`Redo::takes_back`], because nobody means it.
pub(in crate::room) trait Redo {
    /// What happens to it.
    type Event;
    /// What is asked of it.
    type Command: Into<Command>;
    /// What it remembers from the first event that is asked for again to the last.
    type Memory: Default;

    /// An event of this part; `None`: it is another part's.
    fn own(event: &Event) -> Option<&Self::Event>;

    /// Which of the `earlier` events, of which each has a place, this one takes back: neither is asked for again then.
    fn takes_back<'e>(
        _event: &Self::Event,
        _earlier: impl DoubleEndedIterator<Item = (usize, &'e Self::Event)>,
    ) -> Option<usize>
    where
        Self::Event: 'e,
    {
        None
    }

    /// The command that asks for `action` again, and in whose name. It happened in the room as it `was`, and is asked of the room as it is
    /// `now`.
    fn ask_again(
        was: &Self,
        now: &Self,
        action: Action<'_, Self::Event>,
        memory: &mut Self::Memory,
    ) -> Option<(Actor, Self::Command)>;
}
