//! The words of the policy language: newtypes that cannot hold an invalid value, one parser each, headscale's quirks
//! as tests. Parsing a word knows nothing of where the word stands; the reader of the document does.

pub mod alias;
pub mod capability;
pub mod destination;
pub mod duration;
pub mod login;
mod number;
pub mod port;
pub mod prefix;
pub mod protocol;
mod quote;
pub mod traffic;
pub mod user;

pub use alias::{Alias, Autogroup, GroupName, HostName, Owner, TagName};
pub use destination::Destination;
pub use duration::CheckPeriod;
pub use port::{PortList, PortRange};
pub use prefix::Prefix;
pub use protocol::Protocol;
pub use quote::Quoted;
pub use traffic::Traffic;
pub use user::UserName;
