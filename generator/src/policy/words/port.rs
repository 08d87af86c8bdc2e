//! Ports and port ranges.

/// Ports `first..=last`. `*` is `0..=65535`; 0 stands only in a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PortRange {
    /// First port.
    pub first: u16,
    /// Last port, not below `first`.
    pub last: u16,
}

impl PortRange {
    /// `*`
    pub const ALL: Self = Self {
        first: 0,
        last: u16::MAX,
    };
}
