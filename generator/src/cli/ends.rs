//! Who is asked about: a node's name, an address, or a word of the policy that stands for nodes.

use std::net::IpAddr;

use anyhow::bail;

use crate::net::traffic::protocol;
use crate::policy::ask::opens::{Atlas, End};
use crate::policy::dialect::Dialect;
use crate::policy::rules::mend::nearest;
use crate::policy::tailnet::Resolver;
use crate::policy::words::{Alias, Protocol};

/// An end with its name.
pub(super) struct Named {
    /// As it is said.
    pub name: String,
    /// What it is.
    pub end: End,
}

/// The ends that `word` stands for: one, or every node of a user, group, tag or autogroup.
pub(super) fn ends(atlas: &Atlas<'_, '_>, resolver: &mut Resolver<'_>, word: &str) -> anyhow::Result<Vec<Named>> {
    let lowered = atlas.lowered();
    let index = lowered.index();
    let named = |id| Named {
        name: index.node(id).name.clone(),
        end: End::node(lowered, id),
    };
    if let Some((id, _)) = index.nodes().find(|(_, node)| node.name == word) {
        return Ok(vec![named(id)]);
    }
    if let Ok(addr) = word.parse::<IpAddr>() {
        return Ok(vec![Named {
            name: word.to_owned(),
            end: End::address(lowered, addr),
        }]);
    }
    match Alias::parse(word) {
        Ok(alias @ (Alias::User(_) | Alias::Group(_) | Alias::Tag(_) | Alias::Autogroup(_))) => {
            let id = resolver.resolve(&alias);
            let found: Vec<Named> = resolver.get(id).nodes.iter().map(named).collect();
            if found.is_empty() {
                bail!("{word:?} stands for no node of this tailnet");
            }
            Ok(found)
        }
        _ => {
            let near = nearest(word, index.nodes().map(|(_, node)| node.name.as_str()));
            let hint = near
                .map(|near| format!("; the nearest node is {near:?}"))
                .unwrap_or_default();
            bail!("{word:?} is no node, no address, and no user, group, tag or autogroup{hint}")
        }
    }
}

/// `tcp:22`, `22` (TCP), `icmp`, `47`.
pub(super) fn traffic(text: &str) -> anyhow::Result<(u8, u16)> {
    let number = |name: &str| -> anyhow::Result<u8> {
        match Protocol::parse(name, Dialect::V0_29) {
            Ok(Protocol::Number(number)) => Ok(number),
            Ok(Protocol::Any) => bail!("a protocol is missing before the port: `tcp:{text}`"),
            Err(error) => bail!("{error}"),
        }
    };
    let port = |port: &str| -> anyhow::Result<u16> {
        port.parse::<u16>()
            .map_err(|_| anyhow::anyhow!("{port:?} is no port: a number from 0 to 65535"))
    };
    match text.split_once(':') {
        Some((name, rest)) => Ok((number(name)?, port(rest)?)),
        None if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() => Ok((protocol::TCP, port(text)?)),
        None => Ok((number(text)?, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::traffic;

    #[test]
    fn traffic_is_a_protocol_and_a_port() {
        let read = |text: &str| traffic(text).ok();
        assert_eq!(read("tcp:22"), Some((6, 22)));
        assert_eq!(read("22"), Some((6, 22)));
        assert_eq!(read("udp:53"), Some((17, 53)));
        assert_eq!(read("icmp"), Some((1, 0)));
        for wrong in ["", "tcp:", "tcp:70000", "nonsense:1", "tcp:22-23"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
