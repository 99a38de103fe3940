//! Who controls what is shown while nobody is here who may: the nodes know who is, and pass it on and back.
//!
//! Each node with a phone in the room looks, so that two may want to pass it on at once. They say whom they saw with it, and only the first
//! of them is right. Somebody who comes back meanwhile is seen with the look that follows.

use sovpalo_domain::{
    ids::UserId,
    room::{CONTROL_PASSES_AFTER, Command, Member, Room, ScreenAction, WatchingCommand},
};

use super::{LiveRoom, RoomError, Rooms};
use crate::hot::MemberPresence;

impl Rooms {
    /// Somebody is here: what is theirs to control is theirs alone.
    pub(super) async fn take_back_control(&self, live: &LiveRoom, member: UserId) -> Result<(), RoomError> {
        if live.read(|room| room.borrower().is_some() && room.may_control_anyway(member)) {
            self.on_screen(live, member, ScreenAction::TakeBack).await?;
        }
        Ok(())
    }

    /// Passes control of what is shown to somebody who is here, if nobody was for long who may control it, and back.
    pub(super) async fn pass_control(
        &self,
        live: &LiveRoom,
        presence: &[MemberPresence],
    ) -> Result<(), RoomError> {
        if let Some((borrower, borrow)) = live.read(|room| self.next_loan(live, room, presence)) {
            self.on_screen(live, borrower, borrow).await?;
            // Who came just before that saw no loan.
            let presence = self.refresh_online(live).await?;
            return self.end_loan(live, &presence).await;
        }
        self.end_loan(live, presence).await
    }

    /// Also of those who were here all the time and may control it only now.
    async fn end_loan(&self, live: &LiveRoom, presence: &[MemberPresence]) -> Result<(), RoomError> {
        let here = presence.iter().filter(|p| p.online).map(|p| p.member);
        let owner = live.read(|room| here.clone().find(|member| room.may_control_anyway(*member)));
        match owner {
            Some(owner) => self.take_back_control(live, owner).await,
            None => Ok(()),
        }
    }

    /// To whom control goes, and what says so. It is the one who has been here longest.
    fn next_loan(
        &self,
        live: &LiveRoom,
        room: &Room,
        presence: &[MemberPresence],
    ) -> Option<(UserId, ScreenAction)> {
        if !room.is_watching() {
            return None;
        }
        let who_may = room.present_members().filter(|member| room.may_control(member.id));
        let unseen: Option<Vec<_>> = who_may.map(|member| live.unseen_since(presence, member.id)).collect();
        let last_seen = unseen?.into_iter().max()?;
        if self.clock().now().since(last_seen) < CONTROL_PASSES_AFTER {
            return None;
        }
        let is_here = |member: &&Member| live.unseen_since(presence, member.id).is_none();
        let borrower = room.present_members().find(is_here)?;
        Some((borrower.id, ScreenAction::Borrow { instead_of: room.borrower(), last_seen }))
    }

    async fn on_screen(
        &self,
        live: &LiveRoom,
        member: UserId,
        action: ScreenAction,
    ) -> Result<(), RoomError> {
        let command = Command::Watching(WatchingCommand::from(action));
        self.execute(live, member, &command).await.map(drop)
    }
}
