//! An event as it was sent, kept for the others who are about to be sent the same.
//!
//! An event looks the same to nearly everybody in a room, and reaches them all within moments: it is rendered once per language and not
//! once per socket. This holds bytes and knows nothing of what is in them. It is bounded twice: only the last [`KEPT_ENCODED`] events
//! of a room have any, and those are dropped whenever the node looks after its rooms.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use sovpalo_domain::language::Language;

/// So many of a room's last events keep the bytes that they were sent as. Whoever is further behind is sent theirs rendered anew.
pub const KEPT_ENCODED: usize = 64;

/// The bytes of one event, by language.
#[derive(Debug, Default)]
pub struct Encoded(Mutex<Kept>);

/// Small, since a room keeps a thousand of them.
#[derive(Debug, Default)]
enum Kept {
    /// Nothing yet.
    #[default]
    Nothing,
    /// What was rendered so far.
    Rendered(Box<ByLanguage>),
    /// Nothing, and it stays so.
    Dropped,
}

#[derive(Debug, Default)]
struct ByLanguage {
    en: Option<Bytes>,
    ru: Option<Bytes>,
}

impl ByLanguage {
    fn of(&mut self, language: Language) -> &mut Option<Bytes> {
        match language {
            Language::En => &mut self.en,
            Language::Ru => &mut self.ru,
        }
    }
}

impl Encoded {
    /// What was rendered for this language, or what `render` makes now. Two who ask at once may both render.
    pub fn or_render(&self, language: Language, render: impl FnOnce() -> Bytes) -> Bytes {
        if let Kept::Rendered(kept) = &mut *self.kept()
            && let Some(known) = kept.of(language)
        {
            return known.clone();
        }
        let rendered = render();
        let kept = &mut *self.kept();
        if let Kept::Nothing = kept {
            *kept = Kept::Rendered(Box::default());
        }
        if let Kept::Rendered(kept) = kept {
            *kept.of(language) = Some(rendered.clone());
        }
        rendered
    }

    /// Keeps nothing from now on.
    pub(super) fn forget(&self) {
        *self.kept() = Kept::Dropped;
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(encoded: &Encoded, language: Language, text: &'static str) -> Bytes {
        encoded.or_render(language, || Bytes::from_static(text.as_bytes()))
    }

    #[test]
    fn an_event_is_rendered_once_for_each_language() {
        let encoded = Encoded::default();
        assert_eq!(rendered(&encoded, Language::En, "first"), "first");
        assert_eq!(rendered(&encoded, Language::En, "second"), "first", "it was rendered twice");
        assert_eq!(
            rendered(&encoded, Language::Ru, "первый"),
            "первый".as_bytes(),
            "each language has its own"
        );
    }

    #[test]
    fn what_was_forgotten_is_rendered_anew_and_not_kept() {
        let encoded = Encoded::default();
        rendered(&encoded, Language::En, "first");
        encoded.forget();
        assert_eq!(rendered(&encoded, Language::En, "second"), "second");
        assert_eq!(rendered(&encoded, Language::En, "third"), "third", "it is kept again");
    }
}
