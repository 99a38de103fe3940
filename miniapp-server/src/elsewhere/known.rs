//! A title with all that is known of it.

use std::sync::Arc;

use sovpalo_domain::title::Title;
use sovpalo_tmdb::Details;

/// What is known of a title.
#[derive(Debug)]
pub(crate) struct Known {
    /// Its card.
    pub(crate) title: Arc<Title>,
    /// What else is known of it; may be nothing.
    pub(crate) details: Details,
    /// Some of it is TMDB's.
    pub(crate) is_of_tmdb: bool,
    /// TMDB may know more, and did not say so in time.
    pub(crate) incomplete: bool,
}
