//! Whose connections there is room for, in IPv6 above all, from which a test cannot connect.

use super::*;

const FAR: Duration = Duration::from_secs(3_600);
/// Connections that an address may have here, with its line.
const PER_64: usize = 3;
const PER_48: usize = 30;

/// In which nobody falls silent.
fn busy(total: usize) -> Arc<Register> {
    Register::new(Bounds { total, per_address: PER_64 - 1, in_line: 1, silent: FAR, ..Bounds::default() })
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// As many connections from these addresses as are let in.
fn let_in(register: &Arc<Register>, addresses: impl IntoIterator<Item = String>) -> Vec<Held> {
    addresses.into_iter().map_while(|address| register.admit(ip(&address), false)).collect()
}

fn hosts(net: &str, many: usize) -> Vec<String> {
    (1..=many).map(|host| format!("{net}::{host:x}")).collect()
}

/// So many /64s of a /48, with as many hosts each as may come.
fn all_of(net48: &str, many: usize) -> Vec<String> {
    (1..=many).flat_map(|net| hosts(&format!("{net48}:{net:x}"), PER_64)).collect()
}

#[test]
fn a_64_has_as_many_connections_as_one_address() {
    let register = busy(1_000);
    let one = let_in(&register, hosts("2001:db8:1:1", 50));
    assert_eq!(one.len(), PER_64, "a /64 is one address");
    let another = let_in(&register, hosts("2001:db8:1:2", 50));
    assert_eq!(another.len(), PER_64, "another /64 has its own");
}

#[test]
fn a_48_has_ten_times_as_many_and_another_one_its_own() {
    let register = busy(1_000);
    let one = let_in(&register, all_of("2001:db8:1", 100));
    assert_eq!(one.len(), PER_48);
    assert!(register.admit(ip("2001:db8:1:ffff::1"), false).is_none(), "a /64 that had none");
    let another = let_in(&register, all_of("2001:db8:2", 100));
    assert_eq!(another.len(), PER_48, "another /48");
    assert!(register.admit(ip("203.0.113.7"), false).is_some(), "an IPv4 address");
}

#[test]
fn what_a_64_and_its_48_have_comes_back_and_refusals_keep_nothing() {
    let register = busy(1_000);
    for _ in 0..3 {
        let held = let_in(&register, all_of("2001:db8:1", 100));
        assert_eq!(held.len(), PER_48);
        // The /64 has room, and its /48 has none.
        for _ in 0..=PER_64 {
            assert!(register.admit(ip("2001:db8:1:1::ffff"), false).is_none(), "a full /64");
            assert!(register.admit(ip("2001:db8:1:aaaa::1"), false).is_none(), "a full /48");
        }
        drop(held);
        assert_eq!(register.open.load(Relaxed), 0);
        assert!(register.addresses.is_empty(), "{} addresses are still counted", register.addresses.len());
    }
    let again = let_in(&register, hosts("2001:db8:1:aaaa", 50));
    assert_eq!(again.len(), PER_64, "what was refused takes nobody's place");
}

#[test]
fn people_whose_connections_are_all_busy_make_no_room_and_are_not_looked_through_again_and_again() {
    let register = busy(8);
    let held: Vec<_> = (1..=8)
        .map(|n| {
            let held = register.admit(ip("203.0.113.7"), false).expect("there is room");
            assert!(register.prove(held.connection(), UserId::new(n).unwrap()));
            held
        })
        .collect();
    assert!(register.admit(ip("203.0.113.8"), false).is_none());
    assert!(register.all_busy().is_some());
    drop(held);
    assert!(register.admit(ip("203.0.113.8"), false).is_some());
    assert!(register.people.is_empty());
}
