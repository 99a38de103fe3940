//! What phones ask for.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::{AccessChange, DeckChoice, Goal, Role, Rule, SaidKind, TitleRef, WantedMedia};

/// An opinion of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// "I would watch that."
    Like,
    /// "Not tonight."
    Skip,
    /// A like that comes first in the queues of the others, from each one's next step of five cards on (in a room of two it is a like). Nobody
    /// is told whose it is before the title matches. One in a round and for each person; a further one is `invalid`.
    SuperLike,
    /// Takes the card out of the queues of all, from each one's next step of five cards on; in this round it matches no more. Nobody is told
    /// whose it is. One in a round and for each person; a further one is `invalid`, as is that of a match; `not_allowed` where the room has no
    /// vetoes.
    Veto,
}

/// A room command. Idempotent: it states the wanted state, so sending it twice equals sending it once.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Command {
    /// I am ready, or not yet.
    Ready {
        ready: bool,
        /// The round it is meant for; in any other it is refused as `wrong_phase`. Absent: whichever it is.
        #[schema(nullable = false)]
        round: Option<u32>,
    },
    /// This title is among my picks.
    Pick { title: TitleRef },
    /// It is not, any more.
    Unpick { title: TitleRef },
    /// The settings are these (host, in the lobby; `name` and `access` at any time).
    Configure(Change),
    /// Swiping has begun (host).
    Start,
    /// I have swiped this card.
    Swipe {
        /// Its id.
        title: String,
        /// What I think of it.
        verdict: Verdict,
        /// The round it is meant for; in any other it is refused as `wrong_phase`. Absent: whichever it is.
        #[schema(nullable = false)]
        round: Option<u32>,
    },
    /// I have not swiped this card, which was my last one. What I signalled with it is mine again, unless it has taken effect in somebody's
    /// queue: then a super-like is spent, and a veto cannot be taken back (`invalid`).
    Undo {
        /// Its id.
        title: String,
        /// The round it is meant for; in any other it is refused as `wrong_phase`. Absent: whichever it is.
        #[schema(nullable = false)]
        round: Option<u32>,
    },
    /// The round is over (host).
    Finish,
    /// The room is in this round (host).
    Restart {
        /// The new one's number.
        round: u32,
        /// Begin at once, with the titles that came nearest to a match.
        #[serde(default, rename = "final")]
        final_round: bool,
    },
    /// The timed round that is being swiped ends no sooner than this (host). An end is only ever put off.
    Extend {
        /// A time as in RFC 3339; at most 20 minutes from now, and 60 after the round began.
        until: String,
    },
    /// This member has been reminded of the cards that they have not swiped: once in a round, whoever does it.
    Nudge {
        /// Who; of somebody who has swiped every card it is `invalid`.
        member: i64,
        /// The round it is meant for; in any other it is refused as `wrong_phase`. Absent: whichever it is.
        #[schema(nullable = false)]
        round: Option<u32>,
    },
    /// This person is no member (host).
    Remove { member: i64 },
    /// This person, who was removed, may join again (host).
    LetIn { member: i64 },
    /// This person is a moderator, or a participant (host).
    Role { member: i64, role: Role },
    /// This person is the host (host).
    HandOver { member: i64 },
    /// I am no member.
    Leave,
    /// There is this message of mine.
    Say {
        /// Mine, and unique among mine in this room: the same one again is the same message. 1 to 64 visible characters of ASCII.
        key: String,
        /// 1 to 2,000 characters that can be seen; line breaks are kept.
        text: String,
        /// Absent: words.
        #[schema(nullable = false)]
        kind: Option<SaidKind>,
        /// The number of the message that it answers.
        reply_to: Option<u64>,
    },
    /// This message of mine, at most 48 hours old, says this.
    Edit {
        /// Its number.
        number: u64,
        /// 1 to 2,000 characters that can be seen.
        text: String,
    },
    /// This message of mine is taken back.
    Unsay {
        /// Its number.
        number: u64,
    },
    /// My reaction to this message is this one.
    React {
        /// Its number.
        number: u64,
        /// One emoji; `null`: none.
        #[schema(required)]
        emoji: Option<String>,
    },
    /// I have read up to this message. Never goes back.
    Read {
        /// Its number; above the last one it is `invalid`.
        number: u64,
    },
    /// This is shown, paused at its beginning.
    Show {
        /// `null`: nothing is shown, and nothing comes next.
        #[serde(deserialize_with = "Option::deserialize")]
        #[schema(required)]
        media: Option<WantedMedia>,
        /// The screen it means: of any other it changes nothing. Absent: whichever it is.
        rev: Option<u64>,
    },
    /// What is shown plays, from here on.
    Play {
        /// In seconds, from 0 to 172,800.
        position_s: f64,
        /// The screen it means: of any other it changes nothing. Absent: whichever it is.
        rev: Option<u64>,
    },
    /// It stands here.
    Pause {
        /// In seconds, from 0 to 172,800.
        position_s: f64,
        /// The screen it means: of any other it changes nothing. Absent: whichever it is.
        rev: Option<u64>,
    },
    /// It is here.
    Seek {
        /// In seconds, from 0 to 172,800.
        position_s: f64,
        /// The screen it means: of any other it changes nothing. Absent: whichever it is.
        rev: Option<u64>,
    },
    /// It goes so fast.
    Rate {
        /// 1 is as it was made; 0.25 to 4.
        rate: f64,
        /// The screen it means: of any other it changes nothing. Absent: whichever it is.
        rev: Option<u64>,
    },
    /// This comes last in the playlist; where nothing is shown, it is shown.
    Enqueue {
        /// What it is.
        media: WantedMedia,
        /// Mine, and unique in this room: the same one again is the same item. 1 to 64 visible characters of ASCII.
        item: String,
    },
    /// This is not in the playlist.
    Dequeue {
        /// Which item.
        item: String,
    },
    /// What is shown is no longer this item, but the one after it. Said twice it is done once.
    Next {
        /// What is left behind; `null`: what came from no playlist.
        #[schema(required)]
        after: Option<String>,
    },
}

/// What a host changes; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, ToSchema)]
pub struct Change {
    /// One visible line of at most 60 characters.
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// When a title matches.
    #[schema(nullable = false)]
    pub rule: Option<Rule>,
    /// When a round is over.
    #[schema(nullable = false)]
    pub goal: Option<Goal>,
    /// 1 to 50.
    #[schema(nullable = false)]
    pub picks_per_member: Option<u16>,
    /// Whether members may veto.
    #[schema(nullable = false)]
    pub veto: Option<bool>,
    /// A curated deck's id, or a filter that fits at least one title; `null` for none.
    #[serde(default, deserialize_with = "also_null")]
    #[schema(value_type = Option<DeckChoice>)]
    pub deck: Option<Option<DeckChoice>>,
    /// Whether what somebody here has watched or hidden is left out of the deck.
    #[schema(nullable = false)]
    pub leave_out_seen: Option<bool>,
    /// Who gets in, and who controls what is shown.
    #[schema(nullable = false)]
    pub access: Option<AccessChange>,
}

/// Tells `null` from absent.
#[expect(clippy::option_option, reason = "no deck and no change of the deck are two things")]
fn also_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<DeckChoice>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// The body of `POST /api/rooms`. Everything has a default.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct NewRoom {
    /// One visible line of at most 60 characters.
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// When a title matches.
    #[schema(nullable = false)]
    pub rule: Option<Rule>,
    /// When a round is over.
    #[schema(nullable = false)]
    pub goal: Option<Goal>,
    /// 1 to 50.
    #[schema(nullable = false)]
    pub picks_per_member: Option<u16>,
    /// A curated deck's id, or a filter that fits at least one title; absent or `null`: none.
    pub deck: Option<DeckChoice>,
    /// Who gets in, and who controls what is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub access: Option<AccessChange>,
}

/// The body of `POST /api/rooms/{code}/selections`.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Selections {
    /// All of my picks, in my order.
    pub titles: Vec<TitleRef>,
}
