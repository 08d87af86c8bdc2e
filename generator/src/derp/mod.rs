//! DERP: the relays of a tailnet. The map of regions and nodes, its two spellings, and the flags of `derper`.
//!
//! A map is written twice, because its two readers disagree on names:
//! * clients, `derp.urls` and `derpprobe` read JSON with Tailscale's names (`RegionID`): [`Map`] serialises as that;
//! * `derp.paths` of headscale is YAML that `yaml.v3` decodes into the same Go structs, which carry no `yaml` tags, so
//!   its names are the lower-cased field names and region ids are integers: [`headscale::to_yaml`].
//!
//! Architecture invariant: the second form is derived from the first by that rule alone, so the two cannot drift apart.

pub(crate) mod build;
pub mod derper;
pub mod headscale;
mod map;
mod public;
pub mod rules;

pub use build::map;
pub use map::{Map, Node, Region};

/// The port `derper` answers STUN on when the map says 0 (UDP).
pub const STUN_PORT: u16 = 3478;

/// The port clients dial when the map says 0 (TCP).
pub const HTTPS_PORT: u16 = 443;

/// The region ids that Tailscale leaves to others (`tailcfg/derpmap.go`).
pub const PRIVATE_REGIONS: std::ops::RangeInclusive<u64> = 900..=999;

/// The id that headscale's example gives its embedded relay. A region of the same id is overwritten by it.
pub const EMBEDDED_DEFAULT_REGION: u64 = 999;
