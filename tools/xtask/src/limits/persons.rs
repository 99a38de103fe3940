//! Rows: what one person or one phone may cause beyond what is counted as a call.

use super::limit::{Limit, row};

pub(super) const PERSONS: &[Limit] = &[row(
    "data frames and bytes of a socket with `LIMITS=off`",
    "miniapp-server/src/socket/budget.rs",
    "WIDER_WITHOUT_LIMITS",
    "times as many",
    "close code 4429",
)];
