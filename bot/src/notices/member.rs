//! Matches, told to a person in private: to somebody who took part, is a member still, wants to hear of it, and has not heard too much.
//!
//! All of it is looked at again when the message is about to be sent: who leaves, mutes the room or turns notices off hears nothing
//! more, also of what was queued before.

use sovpalo_domain::ids::{RoomCode, UserId};
use sovpalo_storage::{
    db::{Lease, Notice, PrivateTurn, Sending, Target, User},
    titles::Language,
};
use teloxide::types::InlineKeyboardButton;

use super::{
    Outbox, Told,
    news::{News, heading, rooms_of, title_of},
};
use crate::{
    failure::Failure,
    outgoing::{Address, Message},
    texts::say,
    updates::{Trouble, muting},
};

impl Outbox {
    pub(super) async fn tell_member(
        &self,
        notice: &Notice,
        member: UserId,
        lease: Lease,
    ) -> Result<Told, Trouble> {
        let _telling = self.telling.of(member.get()).await;
        let Some(user) = self.db().user(member).await?.filter(wants_to_hear) else {
            return Ok(Told::Done);
        };
        if !self.db().notice_waits(notice.id).await? {
            return Ok(Told::Done);
        }
        let live = self.desk.rooms.open(notice.room).await?;
        self.desk.rooms.catch_up(&live).await?;
        if !live.read(|room| room.has_member(member)) {
            return Ok(Told::Done);
        }
        match self.db().private_turn(notice.room, member, self.desk.now()).await? {
            PrivateTurn::Granted => {}
            PrivateTurn::NotYet(wait) => return Ok(Told::Again(wait)),
            PrivateTurn::Never => return Ok(Told::Done),
        }
        let permit = self.desk.outgoing.permit(member.get(), Sending::Match).await?;
        let waiting = self.db().matches_for(Target::Member(member), Some(notice.room), lease).await?;
        let catalogue = self.desk.titles.current();
        let news = News { catalogue: &catalogue, links: &self.desk.links, language: user.language };
        let message = live.read(|room| {
            let items: Vec<_> =
                waiting.iter().filter_map(|notice| Some(news.item(room, title_of(notice)?))).collect();
            news.message(&heading(user.language, room, items.len()), &items, &rooms_of(&items))
        });
        let message = with_mute(message, user.language, notice.room);
        match self.send(Address::chat(member.get()), &message, permit).await {
            Ok(()) => self.told(&waiting).await,
            // They never started the bot, or blocked it. That is their right.
            Err(Failure::Forbidden | Failure::Gone) => {
                self.db().allow_writes(member, false, self.desk.now()).await?;
                self.told(&waiting).await;
            }
            Err(failure) => {
                self.put_back(&waiting, failure.retry_after().unwrap_or_default()).await;
                return Err(failure.into());
            }
        }
        Ok(Told::Done)
    }
}

fn wants_to_hear(user: &User) -> bool {
    user.writes_allowed && user.notifications
}

fn with_mute(message: Message, language: Language, room: RoomCode) -> Message {
    message.button(InlineKeyboardButton::callback(say(language, "bot-button-mute"), muting(room, true)))
}
