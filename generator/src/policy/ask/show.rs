//! Traffic in words: `tcp:22`, `udp:53,8472`, `icmp`, `everything`.

use crate::net::traffic::protocol;
use crate::net::{Ranges, TrafficSet};
use crate::policy::words::Protocol;

use super::opens::Opens;

/// What `traffic` is, one entry a protocol; ICMP of either family is `icmp`. TCP, UDP and ICMP whole are `*`, as a
/// policy would say it.
#[must_use]
pub fn traffic(traffic: &TrafficSet) -> Vec<String> {
    let whole = |number: u8| traffic.ports(number).is_some_and(|ports| *ports == Ranges::all());
    let everything = whole(protocol::TCP) && whole(protocol::UDP);
    let mut words = Vec::new();
    if everything {
        words.push("*".to_owned());
    }
    let mut icmp = false;
    for (number, ports) in traffic.iter() {
        match number {
            protocol::TCP | protocol::UDP if everything => {}
            protocol::ICMP | protocol::ICMPV6 => icmp = true,
            _ => words.push(one(number, ports)),
        }
    }
    if icmp && !everything {
        words.push("icmp".to_owned());
    }
    words
}

fn one(number: u8, ports: &Ranges<u16>) -> String {
    let name = Protocol::Number(number)
        .name()
        .map_or_else(|| number.to_string(), str::to_owned);
    if *ports == Ranges::all() {
        return if crate::net::packet::has_ports(number) {
            format!("{name}:*")
        } else {
            name
        };
    }
    let list: Vec<_> = ports
        .iter()
        .map(|(first, last)| {
            if first == last {
                first.to_string()
            } else {
                format!("{first}-{last}")
            }
        })
        .collect();
    format!("{name}:{}", list.join(","))
}

/// What `opens` is, in one phrase: families are named only where they differ in more than their ICMP.
#[must_use]
pub fn opens(opens: &Opens) -> String {
    let phrase = |set: &TrafficSet| {
        let words = traffic(set);
        if words.is_empty() {
            "nothing".to_owned()
        } else {
            words.join(" ")
        }
    };
    let (v4, v6) = (phrase(&opens.v4), phrase(&opens.v6));
    match (opens.v4.is_empty(), opens.v6.is_empty()) {
        _ if v4 == v6 => v4,
        (false, true) => format!("{v4} (IPv4 only)"),
        (true, false) => format!("{v6} (IPv6 only)"),
        _ => format!("{v4} (IPv4), {v6} (IPv6)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::packet;

    #[test]
    fn traffic_is_said_as_a_policy_says_it() {
        let say = |protocols: &[u8], first, last| traffic(&packet::passing(protocols, first, last)).join(" ");
        assert_eq!(say(&[6], 22, 22), "tcp:22 icmp");
        assert_eq!(say(&[], 0, 65535), "*");
        assert_eq!(say(&[47], 0, 65535), "gre icmp");
        assert_eq!(say(&[17], 8000, 8080), "udp:8000-8080 icmp");
        assert_eq!(say(&[6], 0, 65535), "tcp:* icmp");
    }

    #[test]
    fn families_are_named_where_they_differ() {
        let ssh = packet::passing(&[6], 22, 22);
        let one = Opens {
            v4: ssh.clone(),
            v6: TrafficSet::EMPTY,
        };
        assert_eq!(opens(&one), "tcp:22 icmp (IPv4 only)");
        let both = Opens {
            v4: ssh.clone(),
            v6: ssh,
        };
        assert_eq!(opens(&both), "tcp:22 icmp");
        assert_eq!(opens(&Opens::default()), "nothing");
    }
}
