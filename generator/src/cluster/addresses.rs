//! Questions about addresses that several families of rules ask of a declaration.

use std::net::IpAddr;

use super::declaration::Declaration;

impl Declaration {
    /// The tailnet's own ranges.
    pub(crate) fn tailnet_ranges(&self) -> impl Iterator<Item = &crate::source::Spanned<super::words::Cidr>> {
        [&self.prefixes.v4, &self.prefixes.v6].into_iter().flatten()
    }

    /// Whether `address` lies in the tailnet's own ranges, so that only the tailnet leads to it.
    pub(crate) fn is_tailnet(&self, address: IpAddr) -> bool {
        self.tailnet_ranges().any(|range| range.value.0.contains(&address))
    }
}
