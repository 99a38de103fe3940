//! Lines that name an image or an action.

/// What a line names.
pub(super) enum Pinned<'l> {
    /// `postgres:17.5`, perhaps with a digest already.
    Image { whole: &'l str, name: &'l str, version: &'l str },
    /// `actions/checkout@v4.2.2`, or a commit with the version behind it as a remark.
    Action { whole: &'l str, name: &'l str, version: &'l str },
}

/// Reads a line of a Dockerfile, a compose file or a workflow.
pub(super) fn parse(line: &str) -> Option<Pinned<'_>> {
    let line = line.trim_end().trim_start_matches([' ', '-']);
    if let Some(whole) = line.strip_prefix("uses: ") {
        let (name, rest) = whole.split_once('@')?;
        let version = rest.split_once(" # ").map_or(rest, |(_, version)| version);
        // A local action has no version.
        return (!name.starts_with('.')).then_some(Pinned::Action { whole, name, version });
    }
    let rest = ["FROM ", "image: ", "container: "].iter().find_map(|word| line.strip_prefix(word))?;
    let whole = rest.split(' ').next()?;
    let (name, version) = whole.split('@').next()?.split_once(':')?;
    Some(Pinned::Image { whole, name, version })
}

impl Pinned<'_> {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Image { name, .. } | Self::Action { name, .. } => name,
        }
    }

    pub(super) fn version(&self) -> &str {
        match self {
            Self::Image { version, .. } | Self::Action { version, .. } => version,
        }
    }

    /// The line with this digest or commit.
    pub(super) fn with(&self, line: &str, fetched: &str) -> String {
        match self {
            Self::Image { whole, name, version } => {
                line.replacen(whole, &format!("{name}:{version}@{fetched}"), 1)
            }
            Self::Action { whole, name, version } => {
                line.replacen(whole, &format!("{name}@{fetched} # {version}"), 1)
            }
        }
    }
}
