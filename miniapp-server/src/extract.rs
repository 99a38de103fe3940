//! What handlers take from a request. Every extractor refuses with a problem of ours, never with axum's own text.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::Duration,
};

use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use http::{HeaderMap, header, request::Parts};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use sovpalo_domain::{
    ids::{RoomCode, Timestamp, UserId},
    room::{Invalid, Refusal},
};
use sovpalo_live::hot::{Device, SocketId};

pub(crate) use crate::caller::Caller;
use crate::{
    App,
    limits::Allowance,
    listen::Requester,
    problem::Refused,
    sessions::{Origin, SessionError},
};

/// A body is at most this many bytes.
const MAX_BODY: usize = 64 * 1024;
/// A file that is imported is at most this many bytes.
const MAX_FILE: usize = 2 * 1024 * 1024;
/// How long it may take to arrive, from a phone on a slow network.
const FILE_WITHIN: Duration = Duration::from_secs(25);
/// How long a body may take to arrive.
const BODY_WITHIN: Duration = Duration::from_secs(15);
/// What a client may call itself has at most so many bytes.
const LONGEST_NAME: usize = 64;
/// A user agent is kept up to this length.
const MAX_USER_AGENT: usize = 200;

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let Bearer(token) = Bearer::from_request_parts(parts, app).await?;
        let peer = Peer::from_request_parts(parts, app).await?;
        let caller = admit(app, token.as_deref(), peer.ip).await?;
        belongs_to(parts, caller.user)?;
        Ok(caller)
    }
}

/// The authenticated user of a request. The call does not count against the API's rate limit: these endpoints have limits of their own.
pub(crate) struct Uncounted(pub(crate) Caller);

impl FromRequestParts<Arc<App>> for Uncounted {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let Bearer(token) = Bearer::from_request_parts(parts, app).await?;
        let checked = match token.as_deref() {
            Some(token) => app.sessions.check(token).await,
            None => Err(SessionError::Invalid),
        };
        match checked {
            Ok(live) => {
                let caller = Caller::of(live);
                belongs_to(parts, caller.user)?;
                Ok(Self(caller))
            }
            Err(error) => {
                // Guessing is counted.
                let peer = Peer::from_request_parts(parts, app).await?;
                app.limits.address(Allowance::Api, peer.ip).await?;
                Err(error.into())
            }
        }
    }
}

impl Caller {
    /// Counts a call that was not counted, if it asked for a room that its caller has no business in.
    pub(crate) async fn count_if_stranger<T>(
        &self,
        app: &App,
        outcome: Result<T, Refused>,
    ) -> Result<T, Refused> {
        if matches!(outcome, Err(Refused::RoomNotFound | Refused::Room(Refusal::NotAMember))) {
            app.limits.user(Allowance::Api, self.user).await?;
        }
        outcome
    }
}

/// Lets the owner of an access token in, and counts the call.
pub(crate) async fn admit(app: &App, token: Option<&str>, ip: IpAddr) -> Result<Caller, Refused> {
    let checked = async {
        let token = token.ok_or(SessionError::Invalid)?;
        app.sessions.check(token).await
    };
    // At once, so that the two questions are one way to the hot layer.
    let (counted, checked) = tokio::join!(app.limits.address(Allowance::Api, ip), checked);
    counted?;
    let caller = Caller::of(checked?);
    app.limits.user(Allowance::Api, caller.user).await?;
    Ok(caller)
}

/// From now on the request's connection counts for this person, and no more for its address.
pub(crate) fn belongs_to(parts: &Parts, user: UserId) -> Result<(), Refused> {
    parts.extensions.get::<Requester>().map_or(Ok(()), |requester| requester.is(user))
}

/// The access token of a request, if it has one. Nobody has looked at it.
pub(crate) struct Bearer(pub(crate) Option<String>);

impl FromRequestParts<Arc<App>> for Bearer {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Refused> {
        Ok(Self(bearer(&parts.headers).map(str::to_owned)))
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Where the request came from.
pub(crate) struct Peer {
    pub(crate) ip: IpAddr,
    pub(crate) origin: Origin,
}

impl FromRequestParts<Arc<App>> for Peer {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Refused> {
        let requester = parts.extensions.get::<Requester>();
        let ip = requester.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |requester| requester.ip);
        let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or("");
        let user_agent = agent.chars().take(MAX_USER_AGENT).collect();
        Ok(Self { ip, origin: Origin { ip: ip.to_string(), user_agent } })
    }
}

/// A room's code from the path. What cannot be one names no room.
pub(crate) struct Code(pub(crate) RoomCode);

impl FromRequestParts<Arc<App>> for Code {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let Path(code) =
            Path::<String>::from_request_parts(parts, app).await.map_err(|_| Refused::RoomNotFound)?;
        code.parse().map(Self).map_err(|_| Refused::RoomNotFound)
    }
}

/// A name from the path.
pub(crate) struct Name(pub(crate) String);

impl FromRequestParts<Arc<App>> for Name {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let Path(name) = Path::from_request_parts(parts, app).await.map_err(|_| Refused::NotFound)?;
        Ok(Self(name))
    }
}

/// Two names from the path.
pub(crate) struct Names(pub(crate) String, pub(crate) String);

impl FromRequestParts<Arc<App>> for Names {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let Path((one, other)) = Path::from_request_parts(parts, app).await.map_err(|_| Refused::NotFound)?;
        Ok(Self(one, other))
    }
}

/// The query.
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Arc<App>> for Params<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let Query(params) = Query::from_request_parts(parts, app)
            .await
            .map_err(|rejection| Refused::invalid("query", rejection.body_text()))?;
        Ok(Self(params))
    }
}

/// By when something has to be done, or not at all.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Deadline {
    /// Unix milliseconds by the servers' clock (that of the `date` header): later than that it is not done any more, and answered with
    /// `unavailable`. A client that goes on to something else when it has waited for longer is not overtaken by what it gave up.
    until: Option<i64>,
}

impl Deadline {
    pub(crate) fn time(&self) -> Option<Timestamp> {
        self.until.map(Timestamp::from_millis)
    }
}

/// Which of a phone's connections a request belongs to.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Connected {
    /// A name that the client gave itself, at random and for good: at most 64 bytes. What it asks for is not done once a newer
    /// connection of the same device has opened.
    device: Option<String>,
    /// Of a client without sockets: `new` when it begins to ask for updates, and what it was told then in every later request. What was
    /// sent on an older connection is done no more (`fenced`), however late it arrives.
    connection: Option<String>,
}

/// A connection by HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connection {
    /// It begins.
    New,
    /// It goes on.
    Named(SocketId),
}

impl Connected {
    pub(crate) fn device(&self) -> Result<Option<Device>, Refused> {
        device(self.device.as_deref())
    }

    /// The device and its connection, if it says so.
    pub(crate) fn connection(&self) -> Result<Option<(Device, Connection)>, Refused> {
        let device = self.device()?;
        let Some(connection) = self.connection.as_deref() else { return Ok(None) };
        let device = device.ok_or_else(|| Refused::invalid("device", "is missing"))?;
        let connection = match connection {
            "new" => Connection::New,
            name => Connection::Named(socket(name)?),
        };
        Ok(Some((device, connection)))
    }
}

/// What a client calls itself.
pub(crate) fn device(name: Option<&str>) -> Result<Option<Device>, Refused> {
    match name {
        Some(name) if name.is_empty() || name.len() > LONGEST_NAME => {
            Err(Refused::invalid("device", "is 1 to 64 bytes long"))
        }
        name => Ok(name.map(Device::named)),
    }
}

fn socket(name: &str) -> Result<SocketId, Refused> {
    let is_hex = name.len() == 32 && name.bytes().all(|b| b.is_ascii_hexdigit());
    let id = is_hex.then(|| u128::from_str_radix(name, 16).ok()).flatten();
    id.map(SocketId).ok_or_else(|| Refused::invalid("connection", "is `new`, or what was answered to that"))
}

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Body<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<Self, Refused> {
        let bytes = read(request).await?;
        parse(&bytes).map(Self).map_err(Refused::from)
    }
}

/// A JSON body that may be left out, which means its defaults.
pub(crate) struct OptionalBody<T>(pub(crate) T);

impl<T: DeserializeOwned + Default> FromRequest<Arc<App>> for OptionalBody<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<Self, Refused> {
        let bytes = read(request).await?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        parse(&bytes).map(Self).map_err(Refused::from)
    }
}

async fn read(request: Request) -> Result<bytes::Bytes, Refused> {
    bounded(request, MAX_BODY, BODY_WITHIN, Refused::TooLarge).await
}

/// A file that somebody imports, whatever it says it is.
pub(crate) async fn imported_file(request: Request) -> Result<bytes::Bytes, Refused> {
    bounded(request, MAX_FILE, FILE_WITHIN, Refused::FileTooLarge).await
}

async fn bounded(
    request: Request,
    most: usize,
    within: Duration,
    too_large: Refused,
) -> Result<bytes::Bytes, Refused> {
    let body = Limited::new(request.into_body(), most).collect();
    match tokio::time::timeout(within, body).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large),
        Ok(Err(_)) => Err(Refused::invalid("body", "could not be read")),
        Err(_) => Err(Refused::TooSlow),
    }
}

/// Reads JSON, and says where it stops being what it should be.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Invalid> {
    // Following the path costs as much as reading does, and is of use only to say what is wrong.
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Ok(value);
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let at = error.path().to_string();
        let why = error.into_inner();
        Invalid::new("body", if at == "." { why.to_string() } else { format!("{at}: {why}") })
    })?;
    json.end().map_err(|error| Invalid::new("body", error.to_string()))?;
    Ok(value)
}
