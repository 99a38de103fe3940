//! Each person's phone: an origin of its own and a network of its own.
//!
//! A phone listens on its own port and passes bytes to the Mini App's server, so that phones in one
//! browser share nothing, and so that one phone's network can be cut while the others' works.
//! Bytes pass unchanged: nothing here knows HTTP.

use std::{
    collections::BTreeMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp},
    sync::watch,
};
use tokio_util::sync::CancellationToken;

use crate::world::ids::UserId;

/// How a phone's network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Network {
    /// Works.
    Up,
    /// Connections are reset, new ones too: airplane mode.
    Drop,
    /// Bytes stop and nothing is closed: a lift, a tunnel.
    Stall,
}

struct Phone {
    port: u16,
    dark: bool,
    network: watch::Sender<Network>,
}

/// All phones.
pub(crate) struct Phones {
    /// Host and port of the Mini App's server.
    upstream: String,
    shutdown: CancellationToken,
    by_user: Mutex<BTreeMap<UserId, Phone>>,
}

impl Phones {
    pub(crate) fn new(upstream: String, shutdown: CancellationToken) -> Self {
        Self { upstream, shutdown, by_user: Mutex::new(BTreeMap::new()) }
    }

    /// The port of a person's phone, which is switched on when first asked for.
    pub(crate) fn port(&self, user: UserId) -> io::Result<u16> {
        self.phone(user, |phone| phone.port)
    }

    /// Cuts or restores a phone's network.
    pub(crate) fn set_network(&self, user: UserId, network: Network) -> io::Result<()> {
        self.phone(user, |phone| {
            phone.network.send_replace(network);
        })
    }

    /// Turns a phone light or dark.
    pub(crate) fn set_dark(&self, user: UserId, dark: bool) -> io::Result<()> {
        self.phone(user, |phone| phone.dark = dark)
    }

    pub(crate) fn network(&self, user: UserId) -> Network {
        let phones = self.by_user.lock().unwrap_or_else(PoisonError::into_inner);
        phones.get(&user).map_or(Network::Up, |phone| *phone.network.borrow())
    }

    pub(crate) fn dark(&self, user: UserId) -> bool {
        let phones = self.by_user.lock().unwrap_or_else(PoisonError::into_inner);
        phones.get(&user).is_some_and(|phone| phone.dark)
    }

    fn phone<T>(&self, user: UserId, act: impl FnOnce(&mut Phone) -> T) -> io::Result<T> {
        let mut phones = self.by_user.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(phone) = phones.get_mut(&user) {
            return Ok(act(phone));
        }
        let mut phone = self.switch_on()?;
        let result = act(&mut phone);
        phones.insert(user, phone);
        Ok(result)
    }

    fn switch_on(&self) -> io::Result<Phone> {
        let listener = std::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(listener)?;
        let port = listener.local_addr()?.port();
        let (network, state) = watch::channel(Network::Up);
        let upstream = self.upstream.clone();
        let shutdown = self.shutdown.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = serve(listener, upstream, state, shutdown.clone()) => {}
                () = shutdown.cancelled() => {}
            }
        });
        Ok(Phone { port, dark: false, network })
    }
}

async fn serve(
    listener: TcpListener,
    upstream: String,
    network: watch::Receiver<Network>,
    shutdown: CancellationToken,
) {
    loop {
        match listener.accept().await {
            Ok((client, _)) => {
                let connection = carry(client, upstream.clone(), network.clone());
                let shutdown = shutdown.clone();
                tokio::spawn(async move {
                    tokio::select! {
                        () = connection => {}
                        () = shutdown.cancelled() => {}
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a phone could not accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// One connection of a phone, from its first byte to its last.
async fn carry(mut client: TcpStream, upstream: String, mut network: watch::Receiver<Network>) {
    let mut cut = network.clone();
    let passing = async {
        if network.wait_for(|network| *network == Network::Up).await.is_err() {
            return;
        }
        let mut server = match TcpStream::connect(&upstream).await {
            Ok(server) => server,
            Err(error) => {
                tracing::debug!(%error, "the Mini App's server is not there yet");
                not_there(&mut client, &upstream).await;
                return;
            }
        };
        // Small frames must not wait for each other.
        let _ = client.set_nodelay(true);
        let _ = server.set_nodelay(true);
        let (from_client, to_client) = client.split();
        let (from_server, to_server) = server.split();
        tokio::join!(
            pass(from_client, to_server, network.clone()),
            pass(from_server, to_client, network.clone()),
        );
    };
    let dropped = tokio::select! {
        () = passing => false,
        dropped = cut.wait_for(|network| *network == Network::Drop) => dropped.is_ok(),
    };
    if dropped {
        // Closing with nothing lingering sends a reset, as a lost network looks to the browser.
        let _ = client.set_zero_linger();
    }
}

async fn pass(
    mut from: tcp::ReadHalf<'_>,
    mut to: tcp::WriteHalf<'_>,
    mut network: watch::Receiver<Network>,
) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let up = network.wait_for(|network| *network == Network::Up).await.is_ok();
        if !up {
            return;
        }
        let Ok(read @ 1..) = from.read(&mut buffer).await else { break };
        // Cut while waiting for these bytes: they stay here until it works again.
        if network.wait_for(|network| *network == Network::Up).await.is_err() {
            return;
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
    let _ = to.shutdown().await;
}

/// Instead of a browser's error page: say whose server is missing.
async fn not_there(client: &mut TcpStream, upstream: &str) {
    let body = format!(
        "<!doctype html><meta charset=utf-8><body style='font:17px/1.5 system-ui;padding:2rem;\
         color:#888;text-align:center'>The Mini App's server at {upstream} does not answer."
    );
    let response = format!(
        "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html; charset=utf-8\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut request = [0; 4096];
    let _ = client.read(&mut request).await;
    let _ = client.write_all(response.as_bytes()).await;
}
