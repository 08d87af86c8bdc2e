//! `checkPeriod`: `always`, or a duration as the dialect's headscale parses it.

/// How long an SSH check stays valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CheckPeriod {
    /// `always`: every session is checked.
    Always,
    /// Seconds, at most a week.
    Seconds(u64),
}

impl CheckPeriod {
    /// What headscale takes when none is written: 12 hours.
    pub const DEFAULT: Self = Self::Seconds(12 * 60 * 60);
}
