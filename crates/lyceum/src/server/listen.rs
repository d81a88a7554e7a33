//! Opening the ports.
//!
//! `localhost` means 127.0.0.1 to one program and [::1] to another, so a loopback address is always opened in both
//! families, on the same port: otherwise the application origin would work in some browsers only, or lead to somebody
//! else's server.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::TcpListener;

/// How often a free port is looked for that is free in both families.
const PORT_TRIES: usize = 16;

/// The open ports.
#[derive(Debug)]
pub(crate) struct Listeners {
    pub(crate) sockets: Vec<TcpListener>,
    /// The port that all of them share.
    pub(crate) port: u16,
    /// Why the second loopback address is not served, where it is not.
    pub(crate) note: Option<String>,
}

/// Why the server cannot listen.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ListenError {
    #[error("port {} is in use on {}: stop the program that uses it, or choose another with --listen {}:0", .0.port(), .0.ip(), shown(.0.ip()))]
    InUse(SocketAddr),
    #[error("port {} needs more rights than this user has: choose one above 1023 with --listen {}:8700", .0.port(), shown(.0.ip()))]
    Denied(SocketAddr),
    #[error("{} is not an address of this machine: listen on one of its own, or on 0.0.0.0", .0.ip())]
    NotOurs(SocketAddr),
    #[error("cannot listen on {0}: {1}")]
    Other(SocketAddr, io::Error),
}

/// Opens `wanted`, and the other loopback address where `wanted` is one. Port 0 picks a port that is free in both.
pub(crate) async fn listen(wanted: SocketAddr) -> Result<Listeners, ListenError> {
    let Some(twin) = twin(wanted.ip()) else {
        return alone(open(wanted).await?, None);
    };
    let tries = if wanted.port() == 0 { PORT_TRIES } else { 1 };
    let mut taken = None;
    for _ in 0..tries {
        let first = open(wanted).await?;
        let port = port(&first)?;
        match open(SocketAddr::new(twin, port)).await {
            Ok(second) => return Ok(Listeners { sockets: vec![first, second], port, note: None }),
            // Another program has the port there. A browser may try that address first, so this is no place to go on.
            Err(error @ ListenError::InUse(_)) => taken = Some(error),
            Err(error) => return alone(first, Some(format!("{error}; only {} is served", wanted.ip()))),
        }
    }
    Err(taken.unwrap_or(ListenError::InUse(wanted)))
}

fn alone(socket: TcpListener, note: Option<String>) -> Result<Listeners, ListenError> {
    Ok(Listeners { port: port(&socket)?, sockets: vec![socket], note })
}

/// The same place in the other address family.
fn twin(address: IpAddr) -> Option<IpAddr> {
    if address == IpAddr::V4(Ipv4Addr::LOCALHOST) {
        Some(IpAddr::V6(Ipv6Addr::LOCALHOST))
    } else if address == IpAddr::V6(Ipv6Addr::LOCALHOST) {
        Some(IpAddr::V4(Ipv4Addr::LOCALHOST))
    } else {
        None
    }
}

async fn open(address: SocketAddr) -> Result<TcpListener, ListenError> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => ListenError::InUse(address),
        io::ErrorKind::PermissionDenied => ListenError::Denied(address),
        io::ErrorKind::AddrNotAvailable => ListenError::NotOurs(address),
        _ => ListenError::Other(address, error),
    })
}

fn port(socket: &TcpListener) -> Result<u16, ListenError> {
    let unknown = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
    socket.local_addr().map(|address| address.port()).map_err(|error| ListenError::Other(unknown, error))
}

/// An address as it stands before a port.
fn shown(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => format!("[{v6}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

    fn has_ipv6() -> bool {
        std::net::TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok()
    }

    #[tokio::test]
    async fn both_loopback_addresses_share_a_port() {
        let listeners = listen(ANY_PORT).await.expect("a free port");
        let families = if has_ipv6() { 2 } else { 1 };
        assert_eq!(listeners.sockets.len(), families);
        assert_eq!(listeners.note.is_none(), families == 2, "a missing family is told");
        for socket in &listeners.sockets {
            assert_eq!(socket.local_addr().expect("bound").port(), listeners.port);
        }
    }

    #[tokio::test]
    async fn a_taken_port_is_named() {
        let other = listen(ANY_PORT).await.expect("a free port");
        let error = listen(SocketAddr::new(ANY_PORT.ip(), other.port)).await.expect_err("it is taken");
        assert!(error.to_string().contains(&format!("port {} is in use", other.port)), "{error}");
    }

    #[tokio::test]
    async fn a_port_taken_in_the_other_family_only_is_refused_too() {
        let Ok(other) = std::net::TcpListener::bind((Ipv6Addr::LOCALHOST, 0)) else {
            return; // a machine without IPv6 cannot have this problem
        };
        let port = other.local_addr().expect("bound").port();
        let error = listen(SocketAddr::new(ANY_PORT.ip(), port)).await.expect_err("[::1] is taken");
        assert!(
            matches!(error, ListenError::InUse(address) if address.ip() == Ipv6Addr::LOCALHOST),
            "{error}"
        );
    }

    #[tokio::test]
    async fn an_address_of_another_machine_is_told_apart() {
        let foreign = SocketAddr::new(Ipv4Addr::new(192, 0, 2, 1).into(), 0);
        assert!(matches!(listen(foreign).await, Err(ListenError::NotOurs(_))));
    }
}
