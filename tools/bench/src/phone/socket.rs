//! A phone's end of a room's socket.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use futures::{SinkExt, StreamExt};
use reqwest::StatusCode;
use serde_json::Value;
use sovpalo_domain::ids::RoomCode;
use tokio::{
    net::{TcpSocket, TcpStream},
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Error, Message, client::IntoClientRequest, protocol::WebSocketConfig},
};

use super::session::{Trouble, trouble};
use crate::checker::history::Place;

/// A frame that is not taken for so long is not taken any more.
const PATIENCE: Duration = Duration::from_millis(2_500);
/// There are many phones: buffers grow when they must.
const BUFFER: usize = 4 * 1024;

/// An open socket.
pub(crate) struct Socket(WebSocketStream<TcpStream>);

/// Something that came, or the end.
pub(crate) enum Came {
    /// A text frame.
    Frame(Value),
    /// The end; the close code, if there was one.
    End(Option<u16>),
}

/// Where to, and as whom.
pub(crate) struct Door<'a> {
    /// The server.
    pub(crate) node: SocketAddr,
    /// The address to come from; there are only so many ports at each.
    pub(crate) from: Option<IpAddr>,
    /// The room.
    pub(crate) room: RoomCode,
    /// What the phone has of it.
    pub(crate) known: Option<Place>,
    /// What the phone calls itself, if it does.
    pub(crate) device: Option<&'a str>,
    /// The access token.
    pub(crate) token: &'a str,
    /// Connecting and shaking hands take no longer; else the phone tries elsewhere.
    pub(crate) patience: Duration,
}

impl Socket {
    /// Knocks. Until the server has said something this tells nothing but that it let the phone in.
    pub(crate) async fn open(door: Door<'_>) -> Result<Self, Trouble> {
        timeout(door.patience, shake(door)).await.unwrap_or(Err(Trouble::Passing))
    }

    /// The next frame that is no ping; waits for as long as it takes.
    pub(crate) async fn next(&mut self) -> Came {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                    Ok(frame) => return Came::Frame(frame),
                    Err(_) => return Came::End(None),
                },
                Some(Ok(Message::Close(frame))) => return Came::End(frame.map(|frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Came::End(None),
            }
        }
    }

    /// Sends a frame; `false`: the connection is broken.
    pub(crate) async fn send(&mut self, frame: &Value) -> bool {
        let sent = timeout(PATIENCE, self.0.send(Message::text(frame.to_string()))).await;
        matches!(sent, Ok(Ok(())))
    }

    /// Cuts the connection as a train does that enters a tunnel, or as a system does that kills the app.
    pub(crate) fn cut(self, hard: bool) {
        if hard {
            // Nothing that is under way arrives, on either side. If it cannot be, the soft cut does.
            let _ = self.0.get_ref().set_zero_linger();
        }
    }
}

async fn shake(door: Door<'_>) -> Result<Socket, Trouble> {
    let Door { node, from, room, known, device, token, patience: _ } = door;
    let has = known.map(|Place { epoch, seq }| format!("epoch={}&seq={seq}", epoch.get()));
    let is = device.map(|device| format!("device={device}"));
    let query: Vec<String> = has.into_iter().chain(is).collect();
    let url = format!("ws://{node}/api/rooms/{room}/socket?{}", query.join("&"));
    let mut request = url.into_client_request().map_err(|_| Trouble::Passing)?;
    let offer = format!("sovpalo.v1, token.{token}").parse().map_err(|_| Trouble::Session)?;
    request.headers_mut().insert("sec-websocket-protocol", offer);
    let stream = connect(node, from).await.map_err(|_| Trouble::Passing)?;
    let config = WebSocketConfig::default().read_buffer_size(BUFFER).write_buffer_size(0);
    match client_async_with_config(request, stream, Some(config)).await {
        Ok((stream, _)) => Ok(Socket(stream)),
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
