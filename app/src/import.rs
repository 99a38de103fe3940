//! `sovpalo import-titles FILE`: more titles for the catalogue.
//!
//! All of the file or nothing, unless the bad lines are to be passed over; either way each of them is named.

use std::{collections::HashMap, fs::File, io::Read, path::Path};

use anyhow::{Context, bail};
use sovpalo_catalogue::{
    Catalogue,
    import::{self, BadFile, Import},
};
use sovpalo_domain::{ids::TitleId, title::Title};
use sovpalo_storage::clock::Clock;

use crate::{
    chore,
    config::{Config, ImportOptions},
};

/// A million titles, roughly; it is read as a whole.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// Reads a file and adds its titles. A title that is there already is replaced.
pub(crate) async fn titles(config: Config, options: &ImportOptions) -> anyhow::Result<()> {
    let name = options.file.display();
    let bytes = read(&options.file).with_context(|| format!("{name} cannot be read"))?;
    let Import { titles, flaws, repeated } = import::read(&bytes, Catalogue::kind_of)
        .map_err(|mistakes| anyhow::anyhow!("{name}: nothing was imported.\n{mistakes}"))?;
    let skipped = flaws.len();
    if skipped > 0 {
        let mistakes = BadFile { flaws };
        if !options.skip_bad {
            bail!("{name}: nothing was imported; --skip-bad takes the lines that can be read.\n{mistakes}");
        }
        eprintln!("{mistakes}");
    }

    let db = chore::open(config).await?;
    let known = db.extra_titles().await.context("the imported titles cannot be read")?;
    let mut summary = Summary::of(&titles, known);
    (summary.repeated, summary.skipped) = (repeated, skipped);
    if options.dry_run {
        println!("Nothing was changed. It would be: {summary}");
        return Ok(());
    }
    db.put_titles(&titles, Clock::system().now()).await.context("the titles cannot be stored")?;
    println!("{summary}");
    println!("A running server finds them within a minute.");
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let mut source: Box<dyn Read> =
        if file == Path::new("-") { Box::new(std::io::stdin().lock()) } else { Box::new(File::open(file)?) };
    let mut bytes = Vec::new();
    source.by_ref().take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        bail!("it is larger than {} MB; split it", MOST_BYTES / 1024 / 1024);
    }
    Ok(bytes)
}

/// What an import comes to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Summary {
    titles: usize,
    new: usize,
    changed: usize,
    /// How many of them are titles that are in the catalogue anyway, under another id.
    of_others: usize,
    repeated: usize,
    skipped: usize,
}

impl Summary {
    fn of(titles: &[Title], known: Vec<Title>) -> Self {
        let known: HashMap<TitleId, Title> =
            known.into_iter().map(|title| (title.id.clone(), title)).collect();
        let mut all = known.clone();
        all.extend(titles.iter().map(|title| (title.id.clone(), title.clone())));
        let catalogue = Catalogue::with(all.into_values().collect());
        let mut summary = Self { titles: titles.len(), ..Self::default() };
        for title in titles {
            match known.get(&title.id) {
                None => summary.new += 1,
                Some(before) => summary.changed += usize::from(before != title),
            }
            let served = catalogue.get(&title.id);
            summary.of_others += usize::from(served.is_some_and(|served| served.id != title.id));
        }
        summary
    }
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { titles, new, changed, of_others, repeated, skipped } = self;
        let same = titles - new - changed;
        write!(f, "{titles} titles imported: {new} new, {changed} changed, {same} as they were.")?;
        if *of_others > 0 {
            write!(f, " {of_others} of them tell more about titles that were there already.")?;
        }
        if *repeated > 0 {
            write!(f, " {repeated} lines said the same as another one.")?;
        }
        if *skipped > 0 {
            write!(f, " {skipped} mistakes: their lines were passed over.")?;
        }
        Ok(())
    }
}
