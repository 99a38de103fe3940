//! The only way to a server, which a test can shut: whoever is inside is cut off, and nobody else gets in.

use std::{net::SocketAddr, sync::Arc};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Somewhere to connect to instead of the server. Shuts with this.
pub(crate) struct Gate {
    pub(crate) address: SocketAddr,
    open: Arc<watch::Sender<bool>>,
}

impl Gate {
    /// A gate to `host:port`, open.
    pub(crate) async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let open = Arc::new(watch::Sender::new(true));
        let opened = open.subscribe();
        tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else { return };
                tokio::spawn(pass(stream, server.clone(), opened.clone()));
            }
        });
        Self { address, open }
    }

    pub(crate) fn shut(&self) {
        self.open.send_replace(false);
    }

    pub(crate) fn open(&self) {
        self.open.send_replace(true);
    }
}

async fn pass(mut outside: TcpStream, server: String, mut open: watch::Receiver<bool>) {
    if !*open.borrow_and_update() {
        return;
    }
    let Ok(mut inside) = TcpStream::connect(server).await else { return };
    tokio::select! {
        _ = copy_bidirectional(&mut outside, &mut inside) => {}
        _ = open.wait_for(|open| !open) => {}
    }
}
