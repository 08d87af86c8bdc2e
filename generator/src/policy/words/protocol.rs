//! IP protocols: names and numbers.

/// The protocol of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// None named: TCP, UDP, ICMPv4 and ICMPv6 at the client (`IPProto` absent).
    Any,
    /// An IANA number.
    Number(u8),
}
