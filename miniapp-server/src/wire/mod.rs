//! The shapes that travel: what the contract with the phones calls `Session`, `Room`, `Command`, frames and events.
//!
//! Names and meanings here are promised to clients that are written elsewhere. Fields may be added; nothing is renamed or
//! taken away. Nothing here decides anything: see [`crate::present`] for how a room becomes these shapes, and
//! [`crate::parse`] for how they become commands.

mod access;
mod account;
mod command;
mod deck;
mod event;
mod history;
mod ice;
mod own_titles;
mod rooms;
mod share;
mod socket;
mod talk;
mod title;
mod updates;
mod watching;

pub use self::{
    access::{Access, AccessChange, Control, JoinBody, Password, ReportBody},
    account::{
        CLIENT_ATTEMPTS, CLIENT_PATIENCE_MS, EarnedAchievement, InitDataBody, MePatch, PersonalStats,
        RefreshBody, Session, SignedIn, User,
    },
    command::{Change, Command, NewRoom, Selections, Verdict},
    deck::{Deck, DeckChoice, Surprise, TitleFilter},
    event::{Event, Happened},
    history::{
        Face, HistoryPage, MembersFace, NeverDealt, PastMatch, RoomMark, RoomMarkChange, UnmatchedRound,
    },
    ice::{IceServer, IceServers},
    own_titles::{
        ImportedList, Mark, MarkTitles, OwnTitlePage, RecognisedLine, RejectedLine, TitleMark, TypedLine,
    },
    rooms::{
        Goal, ListedMember, Match, Member, Phase, Preview, Ranked, RemovedMember, Role, Room, RoomSummary,
        Rule,
    },
    share::{PreparedMessage, ShareBody},
    socket::{
        ClockFrame, CloseFrame, OpenFrame, Opened, PresenceFrame, RoomCommandFrame, RoomEvent, Signal,
        SignalFrame, SocketAck, SocketClientFrame, SocketRefused, SocketServerFrame, Stand,
    },
    talk::{Message, MessageKind, MessagePage, Messages, MessagesInBrief, SaidKind, SystemNote, SystemWhat},
    title::{
        Kind, ListedTitle, Offer, OfferKind, Providers, ReadAs, Title, TitleDetails, TitleLines, TitleList,
        TitlePage, TitleRef, TitlesElsewhere,
    },
    updates::{Presence, Updates},
    watching::{Media, MediaKind, OnScreen, PlaybackState, PlaylistItem, Screen, WantedMedia},
};

use sovpalo_domain::ids::Timestamp;

/// A moment as the contract writes it: RFC 3339, UTC, milliseconds.
pub(crate) fn moment(at: Timestamp) -> String {
    chrono::DateTime::from_timestamp_millis(at.millis())
        .unwrap_or_default()
        .to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}
