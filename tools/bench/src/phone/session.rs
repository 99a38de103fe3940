//! Who a phone is to the servers: signed in, and again whenever that is asked for; and its questions by HTTP.

use std::{
    net::SocketAddr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use sovpalo_domain::ids::UserId;

use super::launch;

/// A phone asks elsewhere when nobody answers for this long.
const PATIENCE: Duration = Duration::from_secs(6);

/// What is not done by then is not done any more.
const DONE_WITHIN: Duration = Duration::from_secs(5);

/// A no, or none at all.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Nobody answered, or a server that cannot now: ask again.
    Passing,
    /// The session has ended: sign in again.
    Session,
    /// This will not be, for this reason.
    Refused(String),
}

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    refresh_token: String,
}

#[derive(Deserialize)]
struct Problem {
    code: String,
}

/// One phone's session.
pub(crate) struct Session {
    user: UserId,
    http: reqwest::Client,
    tokens: Option<Tokens>,
}

/// What all phones of a trial speak HTTP with.
pub(crate) fn http() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder().timeout(PATIENCE).pool_max_idle_per_host(64).no_proxy().build()
}

impl Session {
    /// Not signed in yet.
    pub(crate) fn of(user: UserId, http: reqwest::Client) -> Self {
        Self { user, http, tokens: None }
    }

    /// The access token, after signing in if there is none.
    pub(crate) async fn token(&mut self, node: SocketAddr) -> Result<String, Trouble> {
        if self.tokens.is_none() {
            let body = json!({ "init_data": launch::init_data(self.user) });
            self.tokens = Some(self.obtain(node, "telegram", &body).await?);
        }
        Ok(self.tokens.as_ref().map(|tokens| tokens.access_token.clone()).unwrap_or_default())
    }

    /// The access token was refused: the refresh token, or another launch, brings the next.
    pub(crate) async fn renew(&mut self, node: SocketAddr) -> Result<(), Trouble> {
        let Some(tokens) = &self.tokens else { return Ok(()) };
        let body = json!({ "refresh_token": tokens.refresh_token });
        match self.obtain(node, "refresh", &body).await {
            Ok(tokens) => self.tokens = Some(tokens),
            Err(Trouble::Passing) => return Err(Trouble::Passing),
            Err(Trouble::Session | Trouble::Refused(_)) => self.tokens = None,
        }
        Ok(())
    }

    async fn obtain(&self, node: SocketAddr, how: &str, body: &Value) -> Result<Tokens, Trouble> {
        let request = self.http.post(format!("http://{node}/api/auth/{how}")).json(body);
        read(request.send().await).await
    }

    /// Asks something of a server, as whoever this is. Signs in first if need be.
    pub(crate) async fn ask<T: for<'de> Deserialize<'de>>(
        &mut self,
        node: SocketAddr,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<T, Trouble> {
        self.token(node).await?;
        let Some(asking) = self.asking(node, &method, path, body) else { return Err(Trouble::Session) };
        let answer = asking.await;
        if matches!(answer, Err(Trouble::Session)) {
            self.renew(node).await?;
            return Err(Trouble::Passing);
        }
        answer
    }

    /// The same as a future of its own, with the token that there is. `None`: there is none.
    pub(crate) fn asking<T: for<'de> Deserialize<'de>>(
        &self,
        node: SocketAddr,
        method: &Method,
        path: &str,
        body: &Value,
    ) -> Option<impl Future<Output = Result<T, Trouble>> + Send + use<T>> {
        let token = &self.tokens.as_ref()?.access_token;
        let url = format!("http://{node}/api/{path}");
        let mut request = self.http.request(method.clone(), url).bearer_auth(token);
        if *method != Method::GET {
            // What is given up here is not done behind our back.
            let until = SystemTime::now() + DONE_WITHIN;
            let until = until.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
            request = request.query(&[("until", until.to_string())]).json(body);
        }
        Some(async move { read(request.send().await).await })
    }
}

/// A question is insisted on so often.
const TRIES: usize = 20;

impl Session {
    /// Asks until there is an answer; a no is an error.
    pub(crate) async fn insist<T: for<'de> Deserialize<'de>>(
        &mut self,
        node: SocketAddr,
        method: Method,
        path: &str,
        body: &Value,
    ) -> anyhow::Result<T> {
        for _ in 0..TRIES {
            match self.ask(node, method.clone(), path, body).await {
                Ok(answer) => return Ok(answer),
                Err(Trouble::Passing | Trouble::Session) => {}
                Err(Trouble::Refused(code)) => anyhow::bail!("{path} was refused: {code}"),
            }
        }
        anyhow::bail!("{path} was not answered")
    }
}

async fn read<T: for<'de> Deserialize<'de>>(
    response: reqwest::Result<reqwest::Response>,
) -> Result<T, Trouble> {
    let response = response.map_err(|_| Trouble::Passing)?;
    let status = response.status();
    let body = response.bytes().await.map_err(|_| Trouble::Passing)?;
    if status.is_success() {
        let body = if body.is_empty() { &b"null"[..] } else { &body };
        return serde_json::from_slice(body)
            .map_err(|error| Trouble::Refused(format!("unreadable: {error}")));
    }
    let code = serde_json::from_slice::<Problem>(&body).map(|problem| problem.code).unwrap_or_default();
    Err(trouble(status, code))
}

/// What a refusal asks of a phone.
pub(super) fn trouble(status: StatusCode, code: String) -> Trouble {
    match status {
        StatusCode::UNAUTHORIZED => Trouble::Session,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => Trouble::Passing,
        status if status.is_server_error() => Trouble::Passing,
        _ => Trouble::Refused(code),
    }
}
