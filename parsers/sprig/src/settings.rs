//! What a host may choose for the functions.

/// Settings of the library; a host puts them into its `Host`. Without them the defaults hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings {
    /// Seconds since the epoch that `now` stands for.
    pub now: i64,
    /// What random functions return.
    pub random: Random,
}

/// What random functions return. Either way their results are marked as generated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Random {
    /// Constants: `xxxx` for `randAlphaNum`, `aaaa` for `randAlpha`, `1111` for `randNumeric`, `zzzz` for
    /// `randAscii`, zeros for `uuidv4`. For comparisons with a renderer that is pinned to the same.
    Pinned,
    /// Values that differ from call to call, but not from run to run.
    #[default]
    Seeded,
}
