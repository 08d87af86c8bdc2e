//! One declaration of a cluster, judged and turned into all that its hosts need.
//!
//! `source` and `input` hold texts and places; `hujson` reads them; `net` knows addresses and packets; `policy` knows headscale's language and what it
//! compiles to; `cluster` knows the declaration; `derp`, `dns`, `k3s`, `keys` one family of artifacts each; `render`
//! writes them; `diagnostics` says what is wrong. Nothing but `input`, `render` and the command does input or output.

pub mod cli;
pub mod cluster;
pub mod derp;
pub mod diagnostics;
pub mod dns;
pub mod host;
pub mod hujson;
pub mod input;
pub mod k3s;
pub mod keys;
pub mod net;
pub mod policy;
pub mod render;
pub mod source;
