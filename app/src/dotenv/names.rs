//! Names of settings, and what people write instead.

/// Letters of Cyrillic that look like Latin ones: a keyboard that was not switched.
const LOOKALIKES: (&str, &str) = ("АВЕКМНОРСТУХавекмнорстух", "ABEKMHOPCTYXABEKMHOPCTYX");

/// What libraries read from the environment by themselves, and not from this file.
const OF_LIBRARIES: [&str; 14] = [
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "PGHOST",
    "PGPORT",
    "PGUSER",
    "PGPASSWORD",
    "PGDATABASE",
    "PGSSLMODE",
    "RUST_BACKTRACE",
    "TZ",
];

/// The setting that this is, but for case, separators, quotes and look-alikes.
pub(super) fn same<'k>(written: &str, known: &[&'k str]) -> Option<&'k str> {
    let squeezed = squeeze(written);
    known.iter().copied().find(|name| squeeze(name) == squeezed)
}

/// The setting that this may have been meant to be.
pub(super) fn near<'k>(written: &str, known: &[&'k str]) -> Option<&'k str> {
    let squeezed = squeeze(written);
    let slips = |name: &str| strsim::osa_distance(&squeezed, &squeeze(name));
    let nearest = known.iter().copied().min_by_key(|name| slips(name))?;
    // A short name has many neighbours that are words of their own.
    (slips(nearest) <= if nearest.len() > 8 { 2 } else { 1 }).then_some(nearest)
}

/// A name that means something to a library of this program.
pub(super) fn of_a_library(written: &str) -> Option<&'static str> {
    OF_LIBRARIES.into_iter().find(|name| name.eq_ignore_ascii_case(written))
}

/// Whether it could be the name of a variable.
pub(super) fn is_one(written: &str) -> bool {
    written.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && written.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}

fn squeeze(name: &str) -> String {
    let (alike, meant) = LOOKALIKES;
    let latin = |letter: char| alike.chars().position(|it| it == letter).and_then(|at| meant.chars().nth(at));
    name.chars()
        .map(|letter| latin(letter).unwrap_or(letter))
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_uppercase())
        .collect()
}
