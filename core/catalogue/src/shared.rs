//! The catalogue that a process serves, replaced as a whole when titles are added.

use std::sync::{Arc, PoisonError, RwLock};

use super::Catalogue;

/// Cheap to clone; all clones serve the same catalogue.
#[derive(Debug, Clone)]
pub struct SharedCatalogue(Arc<RwLock<Arc<Catalogue>>>);

impl SharedCatalogue {
    /// Serves a catalogue.
    pub fn new(catalogue: Catalogue) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(catalogue))))
    }

    /// The catalogue as it is now. Hold it for one piece of work, not longer.
    pub fn current(&self) -> Arc<Catalogue> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Serves another one from now on, with the same titles beside it.
    pub fn replace(&self, catalogue: Catalogue) {
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *current = Arc::new(catalogue.beside(current.kept().clone()));
    }
}
