//! What somebody does next in the talk of their room.

use rand::{
    RngExt,
    rngs::StdRng,
    seq::{IndexedRandom, IteratorRandom},
};
use sovpalo_domain::{
    ids::UserId,
    talk::{Emoji, MessageKey, MessageText, TalkCommand},
};

use super::replica::Replica;

/// What people react with.
const REACTIONS: [&str; 4] = ["🔥", "👍", "😂", "❤️"];
/// How likely a message answers another one; the rest in this list are parts of a hundred.
const ANSWERS: f64 = 0.3;
const SAYS: u32 = 40;
const REACTS: u32 = 20;
const EDITS: u32 = 15;
const UNSAYS: u32 = 5;

/// Something said, the `count`th thing of this person.
pub(super) fn say(me: UserId, count: u64, replica: &Replica, chance: &mut StdRng) -> Option<TalkCommand> {
    let key = MessageKey::new(&format!("{me}-{count}")).ok()?;
    let text = if chance.random_range(0..10) == 0 {
        MessageText::emoji(REACTIONS.choose(chance)?)
    } else {
        MessageText::new(&format!("{me} says {count}"))
    };
    let answers = chance.random_bool(ANSWERS);
    let reply_to = replica.standing().map(|message| message.number).filter(|_| answers).choose(chance);
    Some(TalkCommand::Say { key, text: text.ok()?, reply_to })
}

/// Anything; `None`: they keep quiet.
pub(super) fn next(me: UserId, count: u64, replica: &Replica, chance: &mut StdRng) -> Option<TalkCommand> {
    let (says, reacts) = (SAYS, SAYS + REACTS);
    let (edits, unsays) = (reacts + EDITS, reacts + EDITS + UNSAYS);
    let drawn = chance.random_range(0..100);
    if drawn < says {
        return say(me, count, replica, chance);
    }
    if drawn < reacts {
        let number = replica.standing().map(|message| message.number).choose(chance)?;
        let emoji = chance.random_bool(0.8).then(|| REACTIONS.choose(chance)).flatten();
        return Some(TalkCommand::React { number, emoji: emoji.and_then(|emoji| Emoji::new(emoji).ok()) });
    }
    if drawn < unsays {
        let number = replica.own(me).map(|message| message.number).choose(chance)?;
        if drawn >= edits {
            return Some(TalkCommand::Unsay { number });
        }
        let text = MessageText::new(&format!("{me} says {count}, and means it")).ok()?;
        return Some(TalkCommand::Edit { number, text });
    }
    Some(replica.last()).filter(|last| *last > 0).map(|number| TalkCommand::Read { number })
}
