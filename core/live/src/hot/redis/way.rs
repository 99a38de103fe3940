//! A test's way to its Redis, on which answers can be lost.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Somewhere to connect to instead of Redis. Ends with this.
pub(crate) struct Way {
    port: u16,
    answers: watch::Sender<bool>,
}

impl Way {
    /// To the Redis at this port.
    pub(crate) async fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let answers = watch::Sender::new(true);
        let answered = answers.subscribe();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, server, answered.clone()));
            }
        });
        Self { port, answers }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// From now on what is said arrives, and no answer does.
    pub(crate) fn lose_answers(&self) {
        self.answers.send_replace(false);
    }

    /// Whoever waits for an answer is cut off, and may connect anew.
    pub(crate) fn mend(&self) {
        self.answers.send_replace(true);
    }
}

async fn pass(client: TcpStream, server: u16, mut answers: watch::Receiver<bool>) {
    // Nobody gets in while answers are lost.
    if answers.wait_for(|answers| *answers).await.is_err() {
        return;
    }
    let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await else { return };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let answering = async {
        let mut said = [0; 16 * 1024];
        while let Ok(length @ 1..) = from_server.read(&mut said).await {
            if !*answers.borrow() {
                // Lost; and with the connection, once it is mended.
                let _ = answers.wait_for(|answers| *answers).await;
                return;
            }
            if to_client.write_all(&said[..length]).await.is_err() {
                return;
            }
        }
    };
    // Dropping both ends cuts them off.
    tokio::select! {
        _ = copy(&mut from_client, &mut to_server) => {}
        () = answering => {}
    }
}
