//! Which title a line means.

use std::sync::Arc;

use sovpalo_domain::title::{BadTitleText, Title, TitleKind, TitleText, without_bullet};

use super::reason::Reason;
use crate::{Catalogue, asked::Asked, external};

/// What a line says of a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// IMDb's id.
    pub(super) imdb: Option<String>,
    /// Its names, at least one; it is called by the first.
    pub(super) names: Vec<String>,
    pub(super) year: Option<u16>,
    pub(super) kind: Option<TitleKind>,
}

/// What a line means.
pub(super) enum Meant {
    Title(Arc<Title>),
    Text(TitleText),
}

impl Named {
    /// A line of a plain list. Numbers in front belong to some names, and the catalogue knows which.
    pub(super) fn in_line(line: &str) -> Self {
        Self { imdb: None, names: vec![line.to_owned()], year: None, kind: None }
    }

    /// The title that is meant: the catalogue's if it is certain, else the text.
    pub(super) fn meant(&self, catalogue: &Catalogue) -> Result<Meant, Reason> {
        if let Some(title) = self.title(catalogue) {
            return Ok(Meant::Title(title));
        }
        let name = self.names.first().map_or("", |name| without_bullet(name));
        if !name.contains(char::is_alphanumeric) {
            return Err(Reason::NoName);
        }
        let dated = self.year.map(|year| format!("{name} ({year})"));
        let text = TitleText::new(dated.as_deref().unwrap_or(name)).or_else(|_| TitleText::new(name));
        text.map(Meant::Text).map_err(|bad| match bad {
            BadTitleText::Empty => Reason::NoName,
            BadTitleText::TooLong => Reason::TooLong,
        })
    }

    fn title(&self, catalogue: &Catalogue) -> Option<Arc<Title>> {
        let by_id = self.imdb.as_deref().and_then(|id| external::title_of("IMDb", id));
        if let Some(title) = by_id.and_then(|id| catalogue.get(&id)) {
            return Some(title);
        }
        // Of those that one name means, another name of the same line may leave just one.
        let mut left: Option<Vec<Arc<Title>>> = None;
        for name in &self.names {
            let mut fits = self.fitting(catalogue, name);
            if fits.is_empty() {
                continue;
            }
            if let Some(before) = &left {
                fits.retain(|title| before.iter().any(|other| other.id == title.id));
            }
            left = Some(fits);
        }
        match left.as_deref() {
            Some([only]) => Some(Arc::clone(only)),
            Some(_) => None,
            None => self.by_address(catalogue),
        }
    }

    fn fitting(&self, catalogue: &Catalogue, name: &str) -> Vec<Arc<Title>> {
        let dated = self.year.map(|year| format!("{name} ({year})"));
        let titles = catalogue.meant(dated.as_deref().unwrap_or(name)).exactly;
        let titles = titles.iter().filter_map(|id| catalogue.get(id));
        titles.filter(|title| self.kind.is_none_or(|kind| kind == title.kind)).collect()
    }

    /// The title of a site's address with an id in it.
    fn by_address(&self, catalogue: &Catalogue) -> Option<Arc<Title>> {
        let [line] = self.names.as_slice() else { return None };
        line.contains("://").then(|| Asked::read(line).title).flatten().and_then(|id| catalogue.get(&id))
    }
}
