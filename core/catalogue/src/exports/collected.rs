//! What has been understood so far, each title once.

use std::{collections::HashMap, sync::Arc};

use sovpalo_domain::{ids::TitleId, title::TitleMark};

use super::{
    bounds::MOST_LINES,
    meant::{Meant, Named},
    reason::Reason,
    understood::{Place, Recognised, Rejected, Typed, Understood},
};
use crate::Catalogue;

/// Where a title was first.
#[derive(Clone, Copy)]
struct First {
    /// Of the files, from 0.
    file: usize,
    line: u64,
    /// Its place among those that were recognised; `None`: it was typed.
    recognised: Option<usize>,
}

/// What several files say together.
pub(super) struct Collected<'c> {
    catalogue: &'c Catalogue,
    understood: Understood,
    first: HashMap<TitleId, First>,
    files: usize,
    lines: usize,
}

/// The lines of one file.
pub(super) struct Lines<'a, 'c> {
    all: &'a mut Collected<'c>,
    file: Option<Arc<str>>,
}

impl<'c> Collected<'c> {
    pub(super) fn of(catalogue: &'c Catalogue) -> Self {
        Self { catalogue, understood: Understood::default(), first: HashMap::new(), files: 0, lines: 0 }
    }

    /// The next file.
    pub(super) fn of_file(&mut self, file: Option<Arc<str>>) -> Lines<'_, 'c> {
        self.files += 1;
        Lines { all: self, file }
    }

    pub(super) fn done(self) -> Understood {
        self.understood
    }
}

impl Lines<'_, '_> {
    /// Takes what a line says. `false`: no more is taken.
    pub(super) fn add(&mut self, line: u64, named: Result<Named, Reason>, mark: Option<TitleMark>) -> bool {
        let at = Place { file: self.file.clone(), line };
        if self.all.lines >= MOST_LINES {
            // Said once, however many files follow.
            if self.all.lines == MOST_LINES {
                self.all.lines += 1;
                self.all.understood.rejected.push(Rejected { at, reason: Reason::TooMany });
            }
            return false;
        }
        self.all.lines += 1;
        match named.and_then(|named| named.meant(self.all.catalogue)) {
            Ok(meant) => self.put(at, meant, mark),
            Err(reason) => self.all.understood.rejected.push(Rejected { at, reason }),
        }
        true
    }

    fn put(&mut self, at: Place, meant: Meant, mark: Option<TitleMark>) {
        let Collected { understood, first, files, .. } = &mut *self.all;
        let id = match &meant {
            Meant::Title(title) => title.id.clone(),
            Meant::Text(text) => text.id(),
        };
        if let Some(first) = first.get(&id) {
            if let Some(known) = first.recognised.and_then(|place| understood.recognised.get_mut(place)) {
                known.mark = both(known.mark, mark);
            }
            // An archive has the same film in several of its files; that is no mistake of anybody's.
            if first.file == *files {
                understood.rejected.push(Rejected { at, reason: Reason::Repeated(first.line) });
            }
            return;
        }
        let recognised = matches!(meant, Meant::Title(_)).then_some(understood.recognised.len());
        first.insert(id, First { file: *files, line: at.line, recognised });
        match meant {
            Meant::Title(title) => understood.recognised.push(Recognised { at, title, mark }),
            Meant::Text(text) => understood.typed.push(Typed { at, text }),
        }
    }
}

/// What two lines say of one title: what has been watched once is not only wanted.
fn both(one: Option<TitleMark>, other: Option<TitleMark>) -> Option<TitleMark> {
    if one == Some(TitleMark::Watched) || other == Some(TitleMark::Watched) {
        return Some(TitleMark::Watched);
    }
    one.or(other)
}
