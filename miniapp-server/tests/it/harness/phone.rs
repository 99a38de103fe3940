//! Somebody's phone: signed in, and asking.

use http::{HeaderMap, Method};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use sovpalo_storage::SessionId;

use super::{PhoneSocket, RoomSocket, TestApp};

/// What the server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// `Null` if the body is no JSON.
    pub(crate) body: Value,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) async fn read(request: RequestBuilder) -> Self {
        let response = request.send().await.expect("the server did not answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.expect("the answer broke off");
        let body = serde_json::from_str(&text).unwrap_or_default();
        Self { status, headers, body, text }
    }

    /// What a handshake was refused with.
    pub(crate) fn of(response: &http::Response<Option<Vec<u8>>>) -> Self {
        let text = String::from_utf8_lossy(response.body().as_deref().unwrap_or_default()).into_owned();
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: serde_json::from_str(&text).unwrap_or_default(),
            text,
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Fails unless the answer is this refusal, as the contract writes refusals.
    #[track_caller]
    pub(crate) fn refuses(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.body["status"], status);
        assert_eq!(self.body["type"], "about:blank");
        assert!(self.body["title"].is_string() && self.body["detail"].is_string(), "{}", self.text);
        if code == "invalid" {
            let errors = self.body["errors"].as_array().expect("an invalid request without errors");
            assert!(
                errors.iter().all(|e| e["field"].is_string() && e["reason"].is_string()),
                "{}",
                self.text
            );
            assert!(!errors.is_empty());
        }
    }

    /// The body of a success.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "refused: {} {}", self.status, self.text);
        self.body
    }
}

/// A phone with a session.
#[derive(Clone)]
pub(crate) struct Phone {
    pub(crate) access: String,
    pub(crate) refresh: String,
    /// The room that the launch led to.
    pub(crate) room: Value,
    /// What it calls itself, on whichever node.
    pub(crate) device: String,
    url: String,
    http: reqwest::Client,
}

impl Phone {
    pub(crate) fn of(app: &TestApp, session: &Answer) -> Self {
        let text = |key: &str| session.body[key].as_str().expect("a session without tokens").to_owned();
        Self {
            access: text("access_token"),
            refresh: text("refresh_token"),
            room: session.body["room"].clone(),
            device: a_device(),
            url: app.url.clone(),
            http: app.http.clone(),
        }
    }

    /// The same phone, speaking to another node.
    pub(crate) fn on(&self, app: &TestApp) -> Self {
        Self { url: app.url.clone(), ..self.clone() }
    }

    /// Which session it has.
    pub(crate) fn session(&self) -> SessionId {
        let name = self.refresh.split('.').next().unwrap();
        name.parse().expect("a refresh token begins with its session's id")
    }

    /// The same phone with another access token.
    pub(crate) fn with_token(&self, access: &str) -> Self {
        Self { access: access.to_owned(), ..self.clone() }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.access)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::read(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        Answer::read(self.request(Method::POST, path).json(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        Answer::read(self.request(Method::PATCH, path).json(&body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        Answer::read(self.request(Method::DELETE, path)).await
    }

    /// Makes a room with everything at its default.
    pub(crate) async fn create(&self) -> String {
        self.create_with(json!({})).await
    }

    /// Makes a room; its code comes back.
    pub(crate) async fn create_with(&self, settings: Value) -> String {
        let room = self.post("/api/rooms", settings).await.ok();
        room["code"].as_str().expect("a room without a code").to_owned()
    }

    pub(crate) async fn join(&self, code: &str) -> Answer {
        self.post(&format!("/api/rooms/{code}/join"), Value::Null).await
    }

    pub(crate) async fn room(&self, code: &str) -> Value {
        self.get(&format!("/api/rooms/{code}")).await.ok()
    }

    /// Picks exactly these catalogue titles.
    pub(crate) async fn select(&self, code: &str, titles: &[&str]) -> Value {
        let titles: Vec<Value> = titles.iter().map(|id| json!({ "id": id })).collect();
        self.post(&format!("/api/rooms/{code}/selections"), json!({ "titles": titles })).await.ok()
    }

    pub(crate) async fn command(&self, code: &str, command: Value) -> Answer {
        self.post(&format!("/api/rooms/{code}/commands"), command).await
    }

    /// A command that must be done.
    pub(crate) async fn does(&self, code: &str, command: Value) -> Value {
        self.command(code, command).await.ok()
    }

    pub(crate) async fn likes(&self, code: &str, title: &str) -> Value {
        self.does(code, json!({ "type": "swipe", "title": title, "verdict": "like" })).await
    }

    pub(crate) async fn skips(&self, code: &str, title: &str) -> Value {
        self.does(code, json!({ "type": "swipe", "title": title, "verdict": "skip" })).await
    }

    /// Opens a room on a socket of its own, as yet another device.
    pub(crate) async fn socket(&self, code: &str) -> RoomSocket {
        self.socket_as(code, &a_device()).await
    }

    /// The same, as this device.
    pub(crate) async fn socket_as(&self, code: &str, device: &str) -> RoomSocket {
        RoomSocket::open(self.connects_as(device).await, code).await
    }

    /// What the server says to a handshake that it refuses.
    pub(crate) async fn refused_socket(&self) -> Answer {
        PhoneSocket::refused(&self.url, &format!("?device={}", a_device()), &self.access).await
    }

    /// Asks for a room that must not be opened; the code comes back.
    pub(crate) async fn refused_room(&self, code: &str) -> String {
        self.connects_as(&a_device()).await.refuses(json!({ "open": code })).await
    }

    /// Opens this phone's one socket; its `hello` has been read.
    pub(crate) async fn connects(&self) -> PhoneSocket {
        self.connects_as(&self.device).await
    }

    /// The same, over a connection that holds next to nothing for whoever does not read.
    pub(crate) async fn connects_with_little_room(&self) -> PhoneSocket {
        PhoneSocket::connect_with_little_room(&self.url, &self.device, &self.access).await
    }

    /// The same, as another of its owner's devices.
    pub(crate) async fn connects_as(&self, device: &str) -> PhoneSocket {
        PhoneSocket::connect(&self.url, device, &self.access).await
    }
}

/// A name that no other device has.
fn a_device() -> String {
    format!("a-phone-{:016x}", rand::random::<u64>())
}
