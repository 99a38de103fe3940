//! People who were signed in with the older version, by the tokens that it gave them.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use futures::{SinkExt as _, StreamExt as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use crate::program::{Program, SECRET, SOON};

/// What the older version knew somebody by.
pub(crate) struct Known {
    id: i64,
    session: &'static str,
    /// What follows the session in its first refresh token.
    refresh: &'static str,
}

pub(crate) const ANNA: Known = Known {
    id: 5_000_000_101,
    session: "5000000101-a0ddd367dfe6cca43716dd7090a07cf6",
    refresh: ".0.6Lk5bfQHCb8GzZiQA8TictsuPVUb1CIheypMrMuBZAw",
};
pub(crate) const BORIS: Known = Known {
    id: 5_000_000_102,
    session: "5000000102-a47d775be77a0b259b111c3ff9514ae4",
    refresh: ".0.t7_y9xg8cq9_H7u7WdLN-SO6foraN1dEi2PkhQeEAv4",
};
pub(crate) const CLARA: Known = Known {
    id: 5_000_000_103,
    session: "5000000103-55590012eca760693d0383d856c468e3",
    refresh: ".0.vFC0DU1Ljf8RULP9t-V84dF0oEnXLCDNfSTiNjZG7eQ",
};

impl Known {
    /// An access token as the older version made it a moment ago.
    fn access_token(&self) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let claims = json!({ "sub": self.id.to_string(), "sid": self.session, "exp": now + 900, "iat": now })
            .to_string();
        let signed = format!("eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.{}", URL_SAFE_NO_PAD.encode(claims));
        let key = mac(b"sovpalo access tokens", SECRET);
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac(&key, &signed)))
    }
}

fn mac(key: &[u8], message: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// Somebody with the Mini App open.
pub(crate) struct Person {
    pub(crate) id: i64,
    url: String,
    http: reqwest::Client,
    access_token: String,
    refresh_token: String,
}

impl Person {
    pub(crate) fn known(program: &Program, known: &Known) -> Self {
        Self {
            id: known.id,
            url: program.url.clone(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            access_token: known.access_token(),
            refresh_token: format!("{}{}", known.session, known.refresh),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        let request = self.http.get(format!("{}{path}", self.url)).bearer_auth(&self.access_token);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    pub(crate) async fn room(&self, code: &str) -> Value {
        let (status, room) = self.get(&format!("/api/rooms/{code}")).await;
        assert_eq!(status, 200, "{room}");
        room
    }

    /// Takes new tokens for the refresh token. The status of the answer.
    pub(crate) async fn refreshes(&mut self) -> u16 {
        let body = json!({ "refresh_token": self.refresh_token });
        let answer =
            self.http.post(format!("{}/api/auth/refresh", self.url)).json(&body).send().await.unwrap();
        let status = answer.status().as_u16();
        let session: Value = answer.json().await.unwrap();
        if let (Some(access), Some(refresh)) =
            (session["access_token"].as_str(), session["refresh_token"].as_str())
        {
            (self.access_token, self.refresh_token) = (access.to_owned(), refresh.to_owned());
        }
        status
    }
}

/// A person's socket, with one room open.
pub(crate) struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next_id: u64,
}

impl Socket {
    pub(crate) async fn opens(program: &Program, person: &Person, room: &str) -> Self {
        let url =
            format!("{}/api/socket?device=the-phone-of-{}", program.url.replace("http", "ws"), person.id);
        let mut request = url.into_client_request().unwrap();
        let offer = format!("sovpalo.v2, token.{}", person.access_token);
        request.headers_mut().insert("sec-websocket-protocol", offer.parse().unwrap());
        let (stream, _) = connect_async(request).await.expect("the handshake was refused");
        let mut socket = Self { stream, next_id: 0 };
        let opened = socket.asks(json!({ "open": room })).await;
        assert_eq!(opened["type"], "opened", "{opened}");
        socket
    }

    pub(crate) async fn does(&mut self, room: &str, mut command: Value) -> Value {
        command["room"] = room.into();
        let ack = self.asks(command).await;
        assert_eq!(ack["type"], "ack", "{ack}");
        ack
    }

    async fn asks(&mut self, mut frame: Value) -> Value {
        self.next_id += 1;
        let id = self.next_id;
        frame["id"] = id.into();
        self.stream.send(Message::text(frame.to_string())).await.unwrap();
        self.until(|frame| frame["id"] == id).await
    }

    /// The next frame that is so.
    pub(crate) async fn until(&mut self, is_so: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = tokio::time::timeout(SOON, self.stream.next()).await.expect("nothing came");
            match message.expect("the socket ended").unwrap() {
                Message::Text(text) => {
                    let frame: Value = serde_json::from_str(&text).unwrap();
                    if is_so(&frame) {
                        return frame;
                    }
                }
                Message::Close(frame) => panic!("the socket was closed: {frame:?}"),
                _ => {}
            }
        }
    }
}
