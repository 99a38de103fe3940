//! The logs of the older version's rooms, byte for byte as its hot layer kept them.

/// A room's log.
pub(crate) struct Log {
    pub(crate) room: &'static str,
    pub(crate) epoch: u32,
    /// Its keys in Redis have this tag.
    pub(crate) shard: u8,
    /// In hexadecimal.
    pub(crate) entries: &'static [&'static str],
}

/// Three people picked; one swiped both titles that will be left, one has swiped the first of them.
pub(crate) const FRIDAY: Log = Log {
    room: "SZCFSMZH",
    epoch: 187_798_664,
    shard: 39,
    entries: &[
        "018ca3dbc2c3680008535a4346534d5a4888a9c659cac9afa025ae8debf2aae2dba5600646726964617900000500",
        "018ca3dbc2c36802cac9afa02504416e6e6100",
        "01fca6dbc2c36802ccc9afa02505426f72697300",
        "01dea7dbc2c36802cec9afa02505436c61726100",
        "018aa8dbc2c36805cac9afa02502633100",
        "01daa8dbc2c36805ccc9afa02502633200",
        "01d6aadbc2c36805cec9afa0250d7833737739677831777a3238760119486f6c69646179206f6e2074686520566f6c67612031393938",
        "01e6aadbc2c36808cac9afa02501",
        "01aaabdbc2c3680a030263320263310d7833737739677831777a323876",
        "01b6abdbc2c3680bcac9afa02502633101",
        "01c4abdbc2c3680bcac9afa02502633200",
        "01ccabdbc2c3680bccc9afa02502633100",
    ],
};

/// A round that was played to its end.
pub(crate) const LAST_WEEK: Log = Log {
    room: "0RHSDKG7",
    epoch: 1_498_102_131,
    shard: 17,
    entries: &[
        "01d2abdbc2c368000830524853444b4737f3f2acca05ccc9afa025cdcba5bcd9c6e1bc8b01094c617374207765656b00000500",
        "01d2abdbc2c36802ccc9afa02505426f72697300",
        "01e4abdbc2c36802cac9afa02504416e6e6100",
        "01f6abdbc2c36805cac9afa02502633300",
        "0182acdbc2c36805ccc9afa02502633400",
        "018cacdbc2c3680a02026334026333",
        "0194acdbc2c3680bcac9afa02502633300",
        "01a0acdbc2c3680bccc9afa02502633300",
        "01a0acdbc2c3680d026333",
        "01a8acdbc2c3680bcac9afa02502633401",
        "01b4acdbc2c3680bccc9afa02502633401",
        "01b4acdbc2c36811",
    ],
};

/// What an older program reads at the end of Friday's log once Boris has liked the last title: his swipe, the match, and the end of the round.
/// After the version and the moment, which take 7 bytes.
pub(crate) const THE_END: [&str; 3] = ["0bccc9afa02502633200", "0d026332", "11"];
