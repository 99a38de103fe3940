//! A phone's socket, as the contract has it: one for all rooms that the phone looks at.
//!
//! Frames come out as they came in. What they mean is read [elsewhere](super::room), or by the trial.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use futures::{SinkExt, StreamExt};
use reqwest::StatusCode;
use serde_json::Value;
use tokio::{
    net::{TcpSocket, TcpStream},
    time::{sleep, timeout},
};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Error, Message, client::IntoClientRequest, protocol::WebSocketConfig},
};

use super::session::{Trouble, trouble};

/// A frame that is not taken for so long is not taken any more.
const PATIENCE: Duration = Duration::from_millis(2_500);
/// A connection of which the other side is not told that it is over is closed after this all the same: a trial has many.
const SILENT_FOR: Duration = Duration::from_secs(10);
/// There are many phones: buffers grow when they must.
const BUFFER: usize = 4 * 1024;

/// An open socket.
pub(crate) struct Socket {
    stream: WebSocketStream<TcpStream>,
    greeted: bool,
}

/// Something that came, or the end.
pub(crate) enum Came {
    /// A text frame.
    Frame(Value),
    /// The end.
    End(End),
}

/// Why nothing more comes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The connection broke, without a word.
    Broken,
    /// The server closed the socket, with this code.
    Closed(u16),
    /// The room is not open any more, or could not be opened, for this reason.
    Room(String),
    /// The server did what the contract does not allow.
    Wrong(String),
}

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// As a system does that kills the app: what was sent arrives, and then the end.
    Closed,
    /// Nothing that is under way arrives, on either side.
    Reset,
    /// As a phone does that goes from one network into another: what was sent arrives, and that it is gone the server is not told.
    Silent,
}

/// Where to, and as whom.
pub(crate) struct Door<'a> {
    /// The server.
    pub(crate) node: SocketAddr,
    /// The address to come from; there are only so many ports at each.
    pub(crate) from: Option<IpAddr>,
    /// What the phone calls itself: 16 characters at least.
    pub(crate) device: &'a str,
    /// The access token.
    pub(crate) token: &'a str,
    /// Connecting and shaking hands take no longer; else the phone tries elsewhere.
    pub(crate) patience: Duration,
}

impl Socket {
    /// Connects and shakes hands. The server has let the phone in then, and said nothing yet.
    pub(crate) async fn connect(door: Door<'_>) -> Result<Self, Trouble> {
        timeout(door.patience, shake(door)).await.unwrap_or(Err(Trouble::Passing))
    }

    /// The next frame; waits for as long as it takes. The greeting is the first one, and not passed on.
    pub(crate) async fn next(&mut self) -> Came {
        loop {
            let frame: Value = match self.stream.next().await {
                Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                    Ok(frame) => frame,
                    Err(_) => return Came::End(End::Wrong(format!("a frame is no JSON: {text}"))),
                },
                Some(Ok(Message::Close(Some(frame)))) => return Came::End(End::Closed(frame.code.into())),
                Some(Ok(Message::Close(None)) | Err(_)) | None => return Came::End(End::Broken),
                Some(Ok(_)) => continue,
            };
            if self.greeted {
                return Came::Frame(frame);
            }
            if frame["type"] != "hello" {
                return Came::End(End::Wrong(format!("the first frame is no hello: {frame}")));
            }
            self.greeted = true;
        }
    }

    /// Sends a frame; `false`: the connection is broken.
    pub(crate) async fn send(&mut self, frame: &Value) -> bool {
        let sent = timeout(PATIENCE, self.stream.send(Message::text(frame.to_string()))).await;
        matches!(sent, Ok(Ok(())))
    }

    /// Ends the connection.
    pub(crate) fn cut(self, cut: Cut) {
        match cut {
            Cut::Closed => {}
            Cut::Reset => {
                // If it cannot be, it is closed.
                let _ = self.stream.get_ref().set_zero_linger();
            }
            Cut::Silent => drop(tokio::spawn(async move {
                sleep(SILENT_FOR).await;
                drop(self);
            })),
        }
    }
}

async fn shake(door: Door<'_>) -> Result<Socket, Trouble> {
    let Door { node, from, device, token, patience: _ } = door;
    let url = format!("ws://{node}/api/socket?device={device}");
    let mut request = url.into_client_request().map_err(|_| Trouble::Passing)?;
    let offer = format!("sovpalo.v2, token.{token}").parse().map_err(|_| Trouble::Session)?;
    request.headers_mut().insert("sec-websocket-protocol", offer);
    let stream = connect(node, from).await.map_err(|_| Trouble::Passing)?;
    let config = WebSocketConfig::default().read_buffer_size(BUFFER).write_buffer_size(0);
    match client_async_with_config(request, stream, Some(config)).await {
        Ok((stream, _)) => Ok(Socket { stream, greeted: false }),
        Err(Error::Http(response)) => {
            let status = StatusCode::from_u16(response.status().as_u16()).unwrap_or_default();
            let body: Value =
                serde_json::from_slice(response.body().as_deref().unwrap_or_default()).unwrap_or_default();
            Err(trouble(status, body["code"].as_str().unwrap_or_default().to_owned()))
        }
        Err(_) => Err(Trouble::Passing),
    }
}

async fn connect(node: SocketAddr, from: Option<IpAddr>) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    if let Some(from) = from {
        socket.bind(SocketAddr::new(from, 0))?;
    }
    socket.set_nodelay(true)?;
    socket.connect(node).await
}
