//! A message, and what may be done to it.

use serde::{Deserialize, Serialize};

use super::{
    EDITABLE_FOR, EMOJI_UNDER_MESSAGE, Emoji, MessageKey, MessageKind, MessageText, SystemNote, TalkRefusal,
    text::is_emoji_only,
};
use crate::ids::{Timestamp, UserId};

/// Who reacted how: an emoji, and whoever chose it in the order in which they did; the emoji in the order in which they came first.
pub type Reactions = Vec<(Emoji, Vec<UserId>)>;

/// One message of a room's timeline, as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Which one of the room; the first is 1.
    pub number: u64,
    /// When it changed last, in the room's count of changes.
    pub change: u64,
    /// Who wrote it. Nobody: the room itself, or somebody who has been erased.
    pub author: Option<UserId>,
    /// What it is.
    pub kind: MessageKind,
    /// What it says.
    pub text: String,
    /// What it notes, if it is a note of the room itself.
    pub system: Option<SystemNote>,
    /// The number of the message that it answers, which may be gone by now.
    pub reply_to: Option<u64>,
    /// Who reacted how.
    pub reactions: Reactions,
    /// When it was written.
    pub at: Timestamp,
    /// When it was edited last.
    pub edited_at: Option<Timestamp>,
    /// Whether it was taken back: then it says nothing any more.
    pub deleted: bool,
    /// How its author calls it. Nobody else is to see that.
    pub key: Option<MessageKey>,
}

impl Message {
    /// Another text, by `member`. Says whether anything changed.
    pub fn edit(&mut self, member: UserId, text: &MessageText, now: Timestamp) -> Result<bool, TalkRefusal> {
        self.must_be_of(member)?;
        if self.deleted {
            return Err(TalkRefusal::MessageNotFound);
        }
        if self.text == text.as_str() {
            return Ok(false);
        }
        if now.since(self.at) > EDITABLE_FOR {
            return Err(TalkRefusal::NotAllowed);
        }
        if self.kind == MessageKind::Emoji && !is_emoji_only(text.as_str()) {
            return Err(TalkRefusal::invalid("text", "is 1 to 3 emoji in a message of this kind"));
        }
        text.as_str().clone_into(&mut self.text);
        self.edited_at = Some(now);
        Ok(true)
    }

    /// Taken back, by `member`: nothing stays of it but its place. Says whether anything changed.
    pub fn unsay(&mut self, member: UserId) -> Result<bool, TalkRefusal> {
        self.must_be_of(member)?;
        Ok(!std::mem::replace(self, self.clone().blank()).deleted)
    }

    /// What stays of a message that was taken back.
    fn blank(self) -> Self {
        Self { text: String::new(), reactions: Vec::new(), deleted: true, ..self }
    }

    /// The reaction of `member`, or none, in place of the one before. Says whether anything changed.
    pub fn react(&mut self, member: UserId, emoji: Option<&Emoji>) -> Result<bool, TalkRefusal> {
        if self.deleted {
            return Err(TalkRefusal::MessageNotFound);
        }
        if self.reaction_of(member) == emoji {
            return Ok(false);
        }
        let mut reactions = self.reactions.clone();
        for (_, who) in &mut reactions {
            who.retain(|other| *other != member);
        }
        reactions.retain(|(_, who)| !who.is_empty());
        let is_full = reactions.len() == EMOJI_UNDER_MESSAGE;
        if let Some(emoji) = emoji {
            match reactions.iter_mut().find(|(other, _)| other == emoji) {
                Some((_, who)) => who.push(member),
                None if is_full => {
                    return Err(TalkRefusal::invalid("emoji", "a message has at most 20 different ones"));
                }
                None => reactions.push((emoji.clone(), vec![member])),
            }
        }
        self.reactions = reactions;
        Ok(true)
    }

    /// How somebody reacted.
    pub fn reaction_of(&self, member: UserId) -> Option<&Emoji> {
        self.reactions.iter().find(|(_, who)| who.contains(&member)).map(|(emoji, _)| emoji)
    }

    fn must_be_of(&self, member: UserId) -> Result<(), TalkRefusal> {
        if self.author == Some(member) { Ok(()) } else { Err(TalkRefusal::NotAllowed) }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_790_000_000_000);

    fn user(n: i64) -> UserId {
        UserId::new(n).unwrap()
    }

    fn text(typed: &str) -> MessageText {
        MessageText::new(typed).unwrap()
    }

    fn emoji(nth: u32) -> Emoji {
        Emoji::new(&char::from_u32(0x1F600 + nth).unwrap().to_string()).unwrap()
    }

    fn message() -> Message {
        Message {
            number: 1,
            change: 1,
            author: Some(user(1)),
            kind: MessageKind::Text,
            text: "Solaris?".into(),
            system: None,
            reply_to: None,
            reactions: Vec::new(),
            at: START,
            edited_at: None,
            deleted: false,
            key: Some(MessageKey::new("k1").unwrap()),
        }
    }

    #[test]
    fn an_author_edits_for_48_hours_and_nobody_else_ever() {
        let mut edited = message();
        let last = START.plus(EDITABLE_FOR);
        assert_eq!(edited.edit(user(1), &text("Stalker?"), last), Ok(true));
        assert_eq!((&*edited.text, edited.edited_at), ("Stalker?", Some(last)));
        let late = last.plus(Duration::from_millis(1));
        assert_eq!(edited.edit(user(1), &text("Mirror?"), late), Err(TalkRefusal::NotAllowed));
        assert_eq!(edited.edit(user(1), &text("Stalker?"), late), Ok(false), "it already says so");
        assert_eq!(edited.edit(user(2), &text("Stalker?"), START), Err(TalkRefusal::NotAllowed));
    }

    #[test]
    fn a_message_of_emoji_stays_one() {
        let mut emoji = Message { kind: MessageKind::Emoji, text: "🔥".into(), ..message() };
        assert!(matches!(emoji.edit(user(1), &text("no"), START), Err(TalkRefusal::Invalid(_))));
        assert_eq!(emoji.edit(user(1), &text("🔥🔥"), START), Ok(true));
    }

    #[test]
    fn of_a_message_that_was_taken_back_only_its_place_stays() {
        let mut gone = message();
        gone.react(user(2), Some(&emoji(1))).unwrap();
        assert_eq!(gone.unsay(user(2)), Err(TalkRefusal::NotAllowed));
        assert_eq!(gone.unsay(user(1)), Ok(true));
        assert_eq!((&*gone.text, gone.reactions.len(), gone.deleted), ("", 0, true));
        assert_eq!(gone.unsay(user(1)), Ok(false), "it already is so");
        assert_eq!(gone.edit(user(1), &text("back"), START), Err(TalkRefusal::MessageNotFound));
        assert_eq!(gone.react(user(2), Some(&emoji(1))), Err(TalkRefusal::MessageNotFound));
    }

    #[test]
    fn a_note_of_the_room_belongs_to_nobody() {
        let mut note = Message { author: None, kind: MessageKind::System, text: String::new(), ..message() };
        assert_eq!(note.edit(user(1), &text("mine"), START), Err(TalkRefusal::NotAllowed));
        assert_eq!(note.unsay(user(1)), Err(TalkRefusal::NotAllowed));
        assert_eq!(note.react(user(1), Some(&emoji(1))), Ok(true));
    }

    #[test]
    fn a_person_has_one_reaction_per_message() {
        let mut liked = message();
        assert_eq!(liked.react(user(2), Some(&emoji(1))), Ok(true));
        assert_eq!(liked.react(user(2), Some(&emoji(1))), Ok(false));
        assert_eq!(liked.react(user(3), Some(&emoji(1))), Ok(true));
        assert_eq!(liked.react(user(2), Some(&emoji(2))), Ok(true));
        assert_eq!(liked.reactions, [(emoji(1), vec![user(3)]), (emoji(2), vec![user(2)])]);
        assert_eq!(liked.react(user(3), None), Ok(true));
        assert_eq!(liked.react(user(3), None), Ok(false));
        assert_eq!(liked.reactions, [(emoji(2), vec![user(2)])]);
    }

    #[test]
    fn a_message_has_20_different_emoji_under_it() {
        let mut liked = message();
        for n in 0..20 {
            assert_eq!(liked.react(user(100 + i64::from(n)), Some(&emoji(n))), Ok(true));
        }
        assert!(matches!(liked.react(user(1), Some(&emoji(20))), Err(TalkRefusal::Invalid(_))));
        assert_eq!(liked.react(user(1), Some(&emoji(3))), Ok(true), "it is there already");
        assert_eq!(liked.react(user(100), Some(&emoji(20))), Ok(true), "it takes the place of their own");
    }
}
