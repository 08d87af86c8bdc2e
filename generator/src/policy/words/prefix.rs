//! Addresses and CIDRs, by the rules of Go's `net/netip`.

use std::fmt;
use std::net::IpAddr;

/// An address or CIDR as written: host bits are kept here and masked where sets are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Prefix {
    pub(super) addr: IpAddr,
    pub(super) bits: u8,
    pub(super) slash: bool,
}

impl Prefix {
    /// The address, host bits included.
    #[must_use]
    pub const fn addr(self) -> IpAddr {
        self.addr
    }

    /// The prefix length, at most 32 or 128.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.bits
    }

    /// Whether it was written with a `/`: `tests` refuse even a `/32`.
    #[must_use]
    pub const fn has_slash(self) -> bool {
        self.slash
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.slash {
            write!(f, "{}/{}", self.addr, self.bits)
        } else {
            write!(f, "{}", self.addr)
        }
    }
}
