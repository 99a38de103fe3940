//! What every request passes before anything is done for it: before it is traced, routed, and before any store is asked.
//!
//! Refused here are methods that nobody uses and heads that are too large, who asks too fast, and who has too much under way behind a trusted
//! proxy. A refusal is small, costs nothing but counting, and says when to come again.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{body::Body, response::IntoResponse};
use dashmap::DashMap;
use http::{Request, Response, StatusCode, header};
use hyper::body::Incoming;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::{
    address::Neighbourhood,
    bounds::{MAX_HEAD, REQUESTS_IN_LINE, REQUESTS_PER_ADDRESS},
    connection::{Connection, Counts},
    rates::{Rates, Whose},
    reached::Reached,
    register::Register,
    requester::Requester,
};
use crate::{
    forwarded::TrustedProxies,
    pages,
    problem::Refused,
    refusals::{self, Reason},
};

/// How long a request behind a trusted proxy waits for its address's place.
const LINE: Duration = Duration::from_secs(10);
/// When to come again if there was none.
const COME_BACK: Duration = Duration::from_secs(2);
/// The methods that are used.
const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/// Who may come in.
pub(crate) struct Front {
    pub(super) register: Arc<Register>,
    pub(super) proxies: TrustedProxies,
    /// `None`: `LIMITS=off`.
    rates: Option<Rates>,
    /// Whether people reach the app by HTTPS.
    pub(super) https: bool,
    /// Where whoever proves themselves is not counted: only those are who did not.
    proven_at: Option<&'static str>,
    /// The requests under way behind a trusted proxy, by the client's address.
    under_way: DashMap<Neighbourhood, Arc<Semaphore>>,
}

impl Front {
    pub(crate) fn new(Reached { bounds, trusted_proxies: proxies, limits, https }: Reached) -> Self {
        Self {
            register: Register::new(bounds),
            proxies,
            rates: limits.then(Rates::new),
            https,
            proven_at: None,
            under_way: DashMap::new(),
        }
    }

    /// At this path nothing is counted that is answered with a success. Telegram's updates come there, from few addresses and with a secret.
    pub(crate) fn counts_refused_only_at(&mut self, path: &'static str) {
        self.proven_at = Some(path);
    }

    /// Lets a request in, and says who it is from.
    pub(super) async fn admit(
        &self,
        request: &Request<Incoming>,
        connection: &Arc<Connection>,
    ) -> Result<Requester, Turned> {
        let proxied = self.proxies.trusts(connection.ip);
        let ip = self.proxies.client(connection.ip, request.headers());
        if !METHODS.split(", ").any(|known| known == request.method().as_str()) {
            return Err(Turned(Reason::Method, COME_BACK));
        }
        if head_size(request) > MAX_HEAD {
            return Err(Turned(Reason::Head, COME_BACK));
        }
        if self.proven_at != Some(request.uri().path()) {
            self.count(ip, connection)?;
        }
        let places = if proxied { self.place(ip).await? } else { Vec::new() };
        Ok(Requester {
            ip,
            connection: Arc::clone(connection),
            register: Arc::clone(&self.register),
            places: Arc::new(Mutex::new(places)),
        })
    }

    /// Counts a request that was let in uncounted, if it was refused.
    pub(super) fn look_again(
        &self,
        requester: &Requester,
        path_counts: bool,
        answer: Response<Body>,
    ) -> Response<Body> {
        if !path_counts || !answer.status().is_client_error() {
            return answer;
        }
        self.count(requester.ip, &requester.connection)
            .map_or_else(|turned| turned.answer(self.https), |()| answer)
    }

    /// Whether a path is one where only refusals are counted.
    pub(super) fn counts_later(&self, path: &str) -> bool {
        self.proven_at == Some(path)
    }

    fn count(&self, ip: IpAddr, connection: &Connection) -> Result<(), Turned> {
        let Some(rates) = &self.rates else { return Ok(()) };
        let whose = match *connection.counts() {
            Counts::Person(user) => Whose::Person(user),
            Counts::Total | Counts::Address(..) => Whose::Address(Neighbourhood::of(ip)),
        };
        rates.spend(whose).map_err(|retry_after| Turned(Reason::Rate, retry_after))
    }

    /// A place among the requests under way of a client's address.
    async fn place(&self, ip: IpAddr) -> Result<Vec<OwnedSemaphorePermit>, Turned> {
        let mut places = Vec::new();
        for place in Neighbourhood::of(ip).all() {
            let most = REQUESTS_PER_ADDRESS * place.shares() as usize;
            let line = self.line(place, most);
            // The table holds it, and so does everybody who has a place or waits for one.
            let waiting = Arc::strong_count(&line).saturating_sub(most + 1);
            if waiting > REQUESTS_IN_LINE * place.shares() as usize {
                return Err(Turned(Reason::UnderWay, COME_BACK));
            }
            match timeout(LINE, line.acquire_owned()).await {
                Ok(Ok(found)) => places.push(found),
                Ok(Err(_)) | Err(_) => {
                    return Err(Turned(Reason::UnderWay, COME_BACK));
                }
            }
        }
        Ok(places)
    }

    fn line(&self, place: Neighbourhood, most: usize) -> Arc<Semaphore> {
        // What nobody holds is forgotten, as soon as there are some.
        if self.under_way.len() > FORGET_FROM {
            self.under_way.retain(|_, line| Arc::strong_count(line) > 1);
        }
        Arc::clone(&self.under_way.entry(place).or_insert_with(|| Arc::new(Semaphore::new(most))))
    }
}

/// So many addresses behind the proxy are remembered before those are forgotten that have nothing under way.
const FORGET_FROM: usize = 4096;

/// Somebody who is turned away: why, and when to come again.
pub(super) struct Turned(Reason, Duration);

impl Turned {
    /// What they are told. Counts it.
    pub(super) fn answer(self, https: bool) -> Response<Body> {
        let Self(reason, retry_after) = self;
        refusals::count(reason);
        let mut answer = match reason {
            Reason::Method => ([(header::ALLOW, METHODS)], Refused::MethodNotAllowed).into_response(),
            Reason::Head => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response(),
            _ => Refused::TooMany { retry_after }.into_response(),
        };
        pages::protect(answer.headers_mut(), https);
        answer
    }
}

/// The size of a head as it came, or a little less: blanks around values are gone.
fn head_size<B>(request: &Request<B>) -> usize {
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    let line = request.method().as_str().len() + target + " HTTP/1.1\r\n".len() + 1;
    let fields =
        request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len());
    line + fields.sum::<usize>() + "\r\n".len()
}
