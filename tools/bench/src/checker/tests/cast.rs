//! Who is there that evening, and what they swipe.

use sovpalo_domain::ids::{TitleId, UserId};

pub(super) fn ann() -> UserId {
    UserId::new(1).unwrap()
}

pub(super) fn bob() -> UserId {
    UserId::new(2).unwrap()
}

pub(super) fn title(id: &str) -> TitleId {
    TitleId::new(id).unwrap()
}
