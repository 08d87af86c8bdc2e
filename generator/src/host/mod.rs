//! TN6xx: what a host's own configuration says against the declaration.
//!
//! Nothing here judges: a host is known only where Nix evaluates it, so the NixOS modules (`modules/`) do. The pages are here so
//! that `tailnet explain` and `docs/diagnostics.md` have every code. Their examples are NixOS modules, added to the hosts of
//! `hosts/`; `checks/host-pages.nix` evaluates each and compares the codes.

use crate::diagnostics::Page;

pub mod database_version;
pub mod headscale_series;
pub mod host_contradicts;
pub mod login_not_on_host;
pub mod nobody_listens;
pub mod nobody_may_reach;
pub mod secret_missing;
pub mod stronger_token;
pub mod two_relays_here;
pub mod unknown_headscale_setting;

/// The pages of all codes about hosts.
pub const PAGES: &[&Page] = &[
    &host_contradicts::PAGE,
    &unknown_headscale_setting::PAGE,
    &login_not_on_host::PAGE,
    &headscale_series::PAGE,
    &database_version::PAGE,
    &two_relays_here::PAGE,
    &secret_missing::PAGE,
    &stronger_token::PAGE,
    &nobody_listens::PAGE,
    &nobody_may_reach::PAGE,
];
