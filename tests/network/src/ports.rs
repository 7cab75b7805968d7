//! Free ports on loopback for programs that have to be told theirs.
//!
//! The system's own choice for port 0 would do for a moment only: it gives the same port to the
//! next program that asks, or to a connection, before ours listens on it. So these come from below
//! that range, and each process begins elsewhere in it. tests/js/lib/ports.mjs does the same.

use anyhow::Context;
use std::{
    net::{Ipv4Addr, TcpListener},
    sync::atomic::{AtomicU32, Ordering},
};

/// The lowest of these ports, and how many there are. The system's own begin at 32768.
const FIRST: u32 = 10_000;
const COUNT: u32 = 355 * PROCESS;
/// How many a process takes before it comes to those of the next.
const PROCESS: u32 = 64;

/// How many this process has looked at.
static LOOKED_AT: AtomicU32 = AtomicU32::new(0);

/// Tells `N` different ports that nobody listens on. Each is told once in a process.
pub fn free<const N: usize>() -> anyhow::Result<[u16; N]> {
    let begin = u64::from(std::process::id()) * u64::from(PROCESS);
    let mut ports = [0; N];
    for port in &mut ports {
        *port = (0..COUNT)
            .map(|_| begin + u64::from(LOOKED_AT.fetch_add(1, Ordering::Relaxed)))
            .filter_map(|place| u16::try_from(u64::from(FIRST) + place % u64::from(COUNT)).ok())
            .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
            .context("no free port on loopback")?;
    }
    Ok(ports)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_in_use_are_left_out_and_none_is_told_twice() {
        let [one] = free().unwrap();
        // If this fails, somebody else uses it.
        let _in_use = TcpListener::bind((Ipv4Addr::LOCALHOST, one + 1));
        let [two, three] = free().unwrap();
        assert!(one + 1 < two && two < three && u32::from(three) < FIRST + COUNT);
    }
}
