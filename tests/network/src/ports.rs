//! Free ports on loopback, chosen by the operating system.

use anyhow::Context;
use std::net::{Ipv4Addr, TcpListener};

/// Takes `N` different ports that nobody listens on. They are free again when this returns, so start soon what uses
/// them.
pub fn free<const N: usize>() -> anyhow::Result<[u16; N]> {
    let mut listeners = Vec::with_capacity(N);
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on loopback")?;
        *port = listener.local_addr().context("a listener without an address")?.port();
        listeners.push(listener);
    }
    Ok(ports)
}
