//! The words of the policy language: newtypes that cannot hold an invalid value, one parser each, headscale's quirks
//! as tests. Parsing a word knows nothing of where the word stands; the reader of the document does.

pub mod alias;
pub mod duration;
pub mod port;
pub mod prefix;
pub mod protocol;
pub mod user;

pub use alias::{Alias, Autogroup, GroupName, HostName, Owner, TagName};
pub use duration::CheckPeriod;
pub use port::PortRange;
pub use prefix::Prefix;
pub use protocol::Protocol;
pub use user::UserName;
