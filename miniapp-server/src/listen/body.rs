//! The bodies of requests and answers, as far as a connection has to know of them: what it is waiting for, how long that may
//! take, and that none is left lying in the way of the next request.
//!
//! A body that nobody read to its end stands before the next request. A small rest is read and thrown away; for anything else the
//! answer says that the connection closes, so that no client (or proxy) sends its next request into it.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use axum::body::{Body, Bytes};
use http::{HeaderValue, Response, header};
use http_body_util::BodyExt;
use hyper::body::{Body as _, Frame, Incoming, SizeHint};
use tokio::time::{Sleep, sleep, timeout};

use super::{
    bounds::{ANY_BODY_WITHIN, DRAIN_WITHIN, MAX_DRAIN},
    connection::Connection,
};

/// Where what is left of a body comes back to.
#[derive(Clone, Default)]
struct Rest(Arc<Mutex<Left>>);

#[derive(Default)]
enum Left {
    /// It is being read, or lies about unread.
    #[default]
    Somewhere,
    /// It was read to its end.
    Nothing,
    Body(Incoming),
}

impl Rest {
    fn put(&self, left: Left) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = left;
    }

    fn take(&self) -> Left {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A request's body, on its way to whoever reads it.
struct Asked {
    body: Option<Incoming>,
    rest: Rest,
    connection: Arc<Connection>,
    deadline: Option<Pin<Box<Sleep>>>,
}

/// What has to be done about a request's body once there is an answer.
pub(super) struct Unread {
    rest: Option<Rest>,
    /// The client waits to be told before it sends a body.
    expects: bool,
}

/// A body to hand to a handler, and what is left of it.
pub(super) fn asked(body: Incoming, expects: bool, connection: &Arc<Connection>) -> (Body, Unread) {
    if body.is_end_stream() {
        return (Body::empty(), Unread { rest: None, expects });
    }
    let rest = Rest::default();
    let asked =
        Asked { body: Some(body), rest: rest.clone(), connection: Arc::clone(connection), deadline: None };
    (Body::new(asked), Unread { rest: Some(rest), expects })
}

impl Unread {
    /// Nobody is going to read this body.
    pub(super) fn whole(body: Incoming, expects: bool) -> Self {
        let rest = Rest::default();
        rest.put(if body.is_end_stream() { Left::Nothing } else { Left::Body(body) });
        Self { rest: Some(rest), expects }
    }

    /// Takes the rest of the body out of the way, or has the answer say that the connection closes.
    pub(super) async fn clear<B>(self, answer: &mut Response<B>, connection: &Connection) {
        let cleared = match self.rest.map(|rest| rest.take()) {
            None | Some(Left::Nothing) => true,
            Some(Left::Body(rest)) => !self.expects && drain(rest, connection).await,
            Some(Left::Somewhere) => false,
        };
        if !cleared {
            connection.leaves_body();
            answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }
}

/// Whether a body came to its end soon.
async fn drain(mut body: Incoming, connection: &Connection) -> bool {
    if body.size_hint().lower() > MAX_DRAIN as u64 {
        return false;
    }
    connection.waits_for_body();
    let mut left = MAX_DRAIN;
    let drained = timeout(DRAIN_WITHIN, async {
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else { return false };
            let bytes = frame.data_ref().map_or(0, Bytes::len);
            if bytes > left {
                return false;
            }
            left -= bytes;
        }
        true
    });
    drained.await.unwrap_or(false)
}

impl hyper::body::Body for Asked {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        match Pin::new(body).poll_frame(cx) {
            Poll::Ready(frame) => {
                self.connection.goes_on();
                if frame.is_none() {
                    self.body = None;
                    self.rest.put(Left::Nothing);
                }
                Poll::Ready(frame.map(|frame| frame.map_err(axum::Error::new)))
            }
            Poll::Pending => {
                self.connection.waits_for_body();
                let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(ANY_BODY_WITHIN)));
                std::task::ready!(Future::poll(deadline.as_mut(), cx));
                let late =
                    std::io::Error::new(std::io::ErrorKind::TimedOut, "the body did not arrive in time");
                Poll::Ready(Some(Err(axum::Error::new(late))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(hyper::body::Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), hyper::body::Body::size_hint)
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        if let Some(body) = self.body.take() {
            self.rest.put(if body.is_end_stream() { Left::Nothing } else { Left::Body(body) });
        }
    }
}

/// An answer's body: once it has been made, the connection waits for its peer again.
pub(super) struct Answered {
    body: Body,
    connection: Arc<Connection>,
}

impl Answered {
    pub(super) fn new(body: Body, connection: &Arc<Connection>) -> Self {
        Self { body, connection: Arc::clone(connection) }
    }
}

impl hyper::body::Body for Answered {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answered {
    fn drop(&mut self) {
        self.connection.answered();
    }
}
