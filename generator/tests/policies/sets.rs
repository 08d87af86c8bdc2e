//! The algebra of sets of addresses, against lists of networks that are asked one by one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use proptest::collection::vec;
use proptest::prelude::*;
use tailnet_generator::net::{AddrRange, AddrSet};

/// Networks close together, so that they touch, overlap and enclose each other, and some at the ends of the space.
fn net() -> impl Strategy<Value = IpNet> {
    let near = (0..16_u32, 26..=32_u8, any::<bool>()).prop_map(|(low, length, v6)| match v6 {
        false => IpNet::new(Ipv4Addr::from(0x0a00_0000 | (low * 4)).into(), length).unwrap(),
        true => {
            let addr = Ipv6Addr::from((0xfd7a_u128 << 112) | u128::from(low * 4));
            IpNet::new(addr.into(), length + 96).unwrap()
        }
    });
    let ends = prop::sample::select(&["0.0.0.0/0", "::/0", "0.0.0.0/32", "255.255.255.255/32", "ffff::/16"][..])
        .prop_map(|text| text.parse().unwrap());
    prop_oneof![12 => near, 1 => ends]
}

/// Every address where anything could change: the ends of all networks, and their neighbours.
fn points(nets: &[IpNet]) -> Vec<IpAddr> {
    let ends = nets.iter().flat_map(|net| [net.network(), net.broadcast()]);
    ends.flat_map(|addr| match addr {
        IpAddr::V4(addr) => {
            let n = u32::from(addr);
            [n, n.wrapping_add(1), n.wrapping_sub(1)].map(|n| IpAddr::V4(n.into()))
        }
        IpAddr::V6(addr) => {
            let n = u128::from(addr);
            [n, n.wrapping_add(1), n.wrapping_sub(1)].map(|n| IpAddr::V6(n.into()))
        }
    })
    .collect()
}

fn has(nets: &[IpNet], addr: IpAddr) -> bool {
    nets.iter().any(|net| net.contains(&addr))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn sets_are_what_lists_of_networks_say(a in vec(net(), 0..6), b in vec(net(), 0..6), c in net()) {
        let [left, right]: [AddrSet; 2] = [&a, &b].map(|nets| nets.iter().copied().collect());
        let points = points(&[a.clone(), b.clone(), vec![c]].concat());
        let all_of = |f: &dyn Fn(IpAddr) -> bool| points.iter().all(|&addr| f(addr));
        for &addr in &points {
            let (in_a, in_b) = (has(&a, addr), has(&b, addr));
            prop_assert_eq!(left.contains(addr), in_a);
            prop_assert_eq!(left.union(&right).contains(addr), in_a || in_b);
            prop_assert_eq!(left.intersection(&right).contains(addr), in_a && in_b);
            prop_assert_eq!(left.difference(&right).contains(addr), in_a && !in_b);
            prop_assert_eq!(left.complement().contains(addr), !in_a);
        }
        // Where nothing changes between two points, points are enough.
        prop_assert_eq!(left.overlaps(&right), !all_of(&|addr| !(has(&a, addr) && has(&b, addr))));
        prop_assert_eq!(left.is_superset(&right), all_of(&|addr| has(&a, addr) || !has(&b, addr)));
        prop_assert_eq!(left.contains_net(c), all_of(&|addr| has(&a, addr) || !c.contains(&addr)));
        prop_assert_eq!(left.overlaps_net(c), !all_of(&|addr| !(has(&a, addr) && c.contains(&addr))));
        prop_assert_eq!(left.overlaps_range(AddrRange::of(c)), left.overlaps_net(c));
        prop_assert_eq!(left.is_empty(), a.is_empty());
    }

    #[test]
    fn the_laws_hold_whole(a in vec(net(), 0..6), b in vec(net(), 0..6)) {
        let [left, right]: [AddrSet; 2] = [&a, &b].map(|nets| nets.iter().copied().collect());
        prop_assert_eq!(left.prefixes().collect::<AddrSet>(), left.clone());
        prop_assert_eq!(left.complement().complement(), left.clone());
        prop_assert_eq!(left.union(&right), right.union(&left));
        prop_assert_eq!(left.union(&right).complement(), left.complement().intersection(&right.complement()));
        prop_assert_eq!(left.difference(&right), left.intersection(&right.complement()));
        prop_assert_eq!(left.difference(&right).union(&left.intersection(&right)), left.clone());
        prop_assert_eq!(left.is_superset(&right), left.union(&right) == left);
        // Prefixes are the fewest: no two of one length are halves of a larger one.
        let prefixes: Vec<IpNet> = left.prefixes().collect();
        for pair in prefixes.windows(2) {
            prop_assert!(pair[0].supernet() != pair[1].supernet() || pair[0].supernet().is_none(), "{:?}", pair);
        }
    }
}
