//! Passwords of rooms, where somebody sets one or knocks with one: who is worth the work, and how often.

use sovpalo_domain::{
    ids::{RoomCode, UserId},
    room::{PasswordHash, Refusal},
};
use sovpalo_live::rooms::LiveRoom;

use crate::{App, parse, passwords::Knock, problem::Refused, wire};

impl App {
    /// What a room that is about to be made keeps as its password.
    pub(crate) async fn hash_of_new(
        &self,
        access: Option<&wire::AccessChange>,
    ) -> Result<Option<PasswordHash>, Refused> {
        match access.and_then(wire::AccessChange::new_password) {
            Some(password) => {
                parse::password(password).map_err(Refused::Invalid)?;
                self.passwords.kept_as(password.clone(), None).await.map(Some)
            }
            None => Ok(None),
        }
    }

    /// The hash of the password that a command sets, if it sets one.
    pub(crate) async fn hash_in(
        &self,
        live: &LiveRoom,
        user: UserId,
        command: &wire::Command,
    ) -> Result<Option<PasswordHash>, Refused> {
        let wire::Command::Configure(change) = command else { return Ok(None) };
        let Some(password) = change.access.as_ref().and_then(wire::AccessChange::new_password) else {
            return Ok(None);
        };
        parse::password(password).map_err(Refused::Invalid)?;
        // Only the host is worth the work. They may have become it on another node.
        let is_host = || live.read(|room| room.host() == user && room.has_member(user));
        if !is_host() {
            self.rooms.catch_up(live).await?;
            if !is_host() {
                let is_in = live.read(|room| room.has_member(user));
                return Err(Refused::Room(if is_in { Refusal::NotHost } else { Refusal::NotAMember }));
            }
        }
        let now = live.read(|room| room.access().password.clone());
        self.passwords.kept_as(password.clone(), now).await.map(Some)
    }

    /// Whether somebody knows the password of a room, which has this hash.
    pub(crate) async fn knows(
        &self,
        knock: Knock,
        room: RoomCode,
        hash: PasswordHash,
    ) -> Result<bool, Refused> {
        self.limits.password(knock.user, room, knock.ip).await?;
        self.passwords.fits(knock.password, hash).await
    }
}
