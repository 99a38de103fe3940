//! What somebody may do in a room.

use serde::{Deserialize, Serialize};

/// What somebody may do in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Whose room it is: decides how it is played, who gets in and who stays. There is always exactly one.
    Host,
    /// Whom the host trusts with what is shown.
    Moderator,
    /// Everybody else.
    Participant,
}
