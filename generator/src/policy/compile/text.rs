//! JSON, written by hand: most of what is compiled is copied from pieces that were written once.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use crate::net::AddrRange;
use crate::net::ranges::block_of;

/// Appends a JSON string.
pub fn push_string(out: &mut Vec<u8>, text: &str) {
    let plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
    if text.bytes().all(plain) {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(serde_json::Value::from(text).to_string().as_bytes());
    }
}

/// Appends a number.
pub fn push_number(out: &mut Vec<u8>, number: u64) {
    let (mut digits, mut left) = ([0_u8; 20], number);
    let mut count = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (left % 10) as u8;
        left /= 10;
        count += 1;
        if left == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.split_at(digits.len() - count).1);
}

/// Appends an address.
pub fn push_addr(out: &mut Vec<u8>, addr: IpAddr) {
    match addr {
        IpAddr::V4(addr) => push_v4(out, addr),
        IpAddr::V6(addr) => push_v6(out, addr),
    }
}

fn push_v4(out: &mut Vec<u8>, addr: Ipv4Addr) {
    let [first, rest @ ..] = addr.octets();
    push_number(out, first.into());
    for octet in rest {
        out.push(b'.');
        push_number(out, octet.into());
    }
}

/// As the standard library shows it: the longest run of two or more zero groups is `::`, the first of equals.
fn push_v6(out: &mut Vec<u8>, addr: Ipv6Addr) {
    if addr.to_ipv4_mapped().is_some() {
        // Writing to a vector cannot fail.
        let _ = write!(out, "{addr}");
        return;
    }
    let groups = addr.segments();
    let (mut skip, mut run) = (0..0, 0..0);
    for (at, &group) in groups.iter().enumerate() {
        run = if group == 0 { run.start..at + 1 } else { at + 1..at + 1 };
        if run.len() > skip.len() {
            skip = run.clone();
        }
    }
    for (at, &group) in groups.iter().enumerate() {
        if skip.len() > 1 && skip.contains(&at) {
            if at == skip.start {
                out.extend_from_slice(b"::");
            }
            continue;
        }
        if at > 0 && !(skip.len() > 1 && at == skip.end) {
            out.push(b':');
        }
        push_hex(out, group);
    }
}

fn push_hex(out: &mut Vec<u8>, group: u16) {
    let digits = (4 - group.leading_zeros() / 4).max(1);
    for digit in (0..digits).rev() {
        let value = (group >> (4 * digit) & 0xf) as u8;
        out.push(if value < 10 { b'0' + value } else { b'a' + value - 10 });
    }
}

/// Appends a CIDR, as it is, host bits included.
pub fn push_net(out: &mut Vec<u8>, net: IpNet) {
    push_addr(out, net.addr());
    out.push(b'/');
    push_number(out, net.prefix_len().into());
}

/// Appends a CIDR without its length if it is one address: how headscale writes destinations.
pub fn push_host_or_net(out: &mut Vec<u8>, net: IpNet) {
    if net.prefix_len() == net.max_prefix_len() {
        push_addr(out, net.addr());
    } else {
        push_net(out, net);
    }
}

/// Appends a range as [`AddrRange`] shows it.
pub fn push_range(out: &mut Vec<u8>, range: AddrRange) {
    let (first, last, bits): (IpAddr, IpAddr, _) = match range {
        AddrRange::V4(first, last) => (
            Ipv4Addr::from(first).into(),
            Ipv4Addr::from(last).into(),
            block_of(first, last),
        ),
        AddrRange::V6(first, last) => (
            Ipv6Addr::from(first).into(),
            Ipv6Addr::from(last).into(),
            block_of(first, last),
        ),
    };
    push_addr(out, first);
    if first == last {
        return;
    }
    if let Some(bits) = bits {
        out.push(b'/');
        push_number(out, bits.into());
    } else {
        out.push(b'-');
        push_addr(out, last);
    }
}

/// Appends `[` items `]`, separated by commas.
pub fn push_list<T>(out: &mut Vec<u8>, items: impl IntoIterator<Item = T>, mut item: impl FnMut(&mut Vec<u8>, T)) {
    out.push(b'[');
    let begin = out.len();
    for next in items {
        if out.len() > begin {
            out.push(b',');
        }
        item(out, next);
    }
    out.push(b']');
}

/// Texts laid end to end, addressed by number.
#[derive(Clone, Debug, Default)]
pub struct Slab {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Slab {
    /// Appends what `write` writes, as one text.
    pub fn push(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        write(&mut self.bytes);
        self.ends.push(self.bytes.len());
    }

    /// How many texts there are.
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text at `index`.
    pub fn get(&self, index: usize) -> &[u8] {
        self.run(index, index + 1)
    }

    /// The texts `from..to`, end to end.
    pub fn run(&self, from: usize, to: usize) -> &[u8] {
        let end = |count: usize| {
            count
                .checked_sub(1)
                .map_or(Some(0), |last| self.ends.get(last).copied())
        };
        match (end(from), end(to)) {
            (Some(start), Some(end)) => self.bytes.get(start..end).unwrap_or_default(),
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_and_strings_are_json() {
        for number in [0, 7, 10, 65535, u64::MAX] {
            assert_eq!(written(|out| push_number(out, number)), number.to_string());
        }
        for text in ["", "plain", "a\"b\\c", "tab\there", "\u{1}", "ä\u{2028}"] {
            let json = written(|out| push_string(out, text));
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }

    #[test]
    fn addresses_are_written_as_they_are_shown() {
        // Every pattern of zero groups, and numbers of one to four digits in the others.
        for pattern in 0..=255_u16 {
            let groups = [0, 1, 2, 3, 4, 5, 6, 7].map(|at| {
                let digits = 0xfa0b_u16 >> (4 * (at % 4));
                if pattern >> at & 1 == 1 { digits.max(1) } else { 0 }
            });
            let addr = IpAddr::V6(groups.into());
            assert_eq!(written(|out| push_addr(out, addr)), addr.to_string());
        }
        for text in [
            "::ffff:1.2.3.4",
            "::1.2.3.4",
            "fd7a:115c:a1e0::ffff",
            "0.0.0.0",
            "255.10.9.100",
        ] {
            let addr: IpAddr = text.parse().unwrap();
            assert_eq!(written(|out| push_addr(out, addr)), addr.to_string());
        }
    }

    #[test]
    fn ranges_are_written_as_they_are_shown() {
        for range in [
            AddrRange::V4(0x6440_0001, 0x6440_0001),
            AddrRange::V4(0x0a00_0000, 0x0aff_ffff),
            AddrRange::V4(1, 2),
            AddrRange::V6(1 << 120, 1 << 120),
            AddrRange::V6(0, u128::MAX),
            AddrRange::V6(5, 9),
        ] {
            assert_eq!(written(|out| push_range(out, range)), range.to_string());
        }
        let net: IpNet = "10.1.2.3/8".parse().unwrap();
        assert_eq!(written(|out| push_net(out, net)), "10.1.2.3/8");
        let host: IpNet = "fd7a::1/128".parse().unwrap();
        assert_eq!(written(|out| push_host_or_net(out, host)), "fd7a::1");
        assert_eq!(written(|out| push_net(out, host)), "fd7a::1/128");
    }

    #[test]
    fn texts_of_a_slab_are_found_alone_and_in_runs() {
        let mut slab = Slab::default();
        for text in ["a", "", "bcd"] {
            slab.push(|out| out.extend_from_slice(text.as_bytes()));
        }
        assert_eq!(
            (slab.get(0), slab.get(1), slab.get(2)),
            (&b"a"[..], &b""[..], &b"bcd"[..])
        );
        assert_eq!(slab.run(0, 3), b"abcd");
        assert_eq!(slab.run(3, 3), b"");
        assert_eq!(slab.run(2, 9), b"");
    }
}
