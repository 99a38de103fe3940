//! Connections: HTTP/1.1 with upgrades, on a listener that somebody else has bound.
//!
//! A proxy of the operator's speaks HTTPS and HTTP/2 to the world. Whoever listens here has bounds for how many connections there are
//! (see [`register`]), how long a peer may take for each thing it does, and how fast it asks (see [`front`]); none of it
//! needs a store. Buffers stay small, since there are as many of them as phones.

pub(crate) mod address;
mod body;
pub mod bounds;
pub(crate) mod connection;
pub(crate) mod front;
pub mod rates;
pub(crate) mod reached;
mod register;
mod requester;
mod stream;

use std::{
    convert::Infallible,
    future::{Future, poll_fn},
    io,
    net::SocketAddr,
    pin::pin,
    sync::Arc,
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::{HeaderValue, Request, Response, header};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::ReadBuf,
    net::{TcpListener, TcpSocket, TcpStream},
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

use self::{
    body::{Answered, Unread},
    bounds::{FINISH_WITHIN, MAX_HEAD},
    connection::Connection,
    register::Held,
    stream::Stream,
};
pub(crate) use self::{front::Front, requester::Requester};
use crate::refusals::{self, Reason};

/// Connections that the system keeps until they are accepted, if it lets us (`net.core.somaxconn`). Beyond it a client has to knock again, which takes it a
/// second or more.
pub const BACKLOG: u32 = 4096;
/// How long to wait when no connection can be accepted, for want of file descriptors usually.
const BREATH: Duration = Duration::from_millis(250);
/// Heads are rarely larger; one that is counts as one before its end is here.
const USUAL_HEAD: usize = 4096;
/// Between two looks whether the rest of a head is here: at first, and later.
const LOOK_AGAIN: Duration = Duration::from_millis(5);
const LOOK_AGAIN_LATER: Duration = Duration::from_millis(320);

/// Listens on an address, with room for the phones of a whole node that come back in one moment.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A restarted process must not wait for the connections of the one before. Elsewhere than on Unix this means something else.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until `stop`, then lets `close_sockets` and the requests under way finish.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    front: Arc<Front>,
    stop: &CancellationToken,
    close_sockets: impl Future<Output = ()>,
) -> io::Result<()> {
    let connections = TaskTracker::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let ip = peer.ip().to_canonical();
                    if let Some(held) = front.register.admit(ip, front.proxies.trusts(ip)) {
                        connections.spawn(converse(stream, peer, held, router.clone(), Arc::clone(&front), stop.clone()));
                    }
                }
                Err(error) => {
                    refusals::not_accepted(&error);
                    sleep(BREATH).await;
                }
            },
        }
    }
    drop(listener);
    connections.close();
    let finished = async { tokio::join!(close_sockets, connections.wait()) };
    if timeout(FINISH_WITHIN, finished).await.is_err() {
        tracing::warn!("some requests did not finish before the server stopped");
    }
    Ok(())
}

/// A connection from its beginning to its end, which comes when the peer is done, was silent, or has to make room.
async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    held: Held,
    router: Router,
    front: Arc<Front>,
    stop: CancellationToken,
) {
    let connection = Arc::clone(held.connection());
    let evicted = connection.evicted().clone();
    let wait = wait_in_line(&stream, &connection, &front);
    let may_speak = tokio::select! {
        found = wait => found,
        () = evicted.cancelled() => false,
        () = stop.cancelled() => false,
    };
    if may_speak {
        // What it needs while it waits in line is not more than this.
        Box::pin(speak(stream, peer, held, router, front, stop)).await;
    }
}

/// Waits until a request's head is here, and until the peer's address has a place for it. Costs a descriptor and no more: whoever only begins
/// to ask takes nobody's place.
async fn wait_in_line(stream: &TcpStream, connection: &Connection, front: &Front) -> bool {
    // In a burst a phone may be slow to speak: until then it is in nobody's way.
    if !timeout(front.register.bounds.first_head, head_arrives(stream)).await.unwrap_or(false) {
        return false;
    }
    connection.waits_in_line();
    let found = front.register.find_place(connection).await;
    if !found {
        refusals::count(Reason::Line);
    }
    found
}

/// Waits for a head, or for as much of one as tells that this is none of the usual ones. False: the peer is gone.
async fn head_arrives(stream: &TcpStream) -> bool {
    let mut pause = LOOK_AGAIN;
    loop {
        // What was looked at is nowhere kept: there may be thousands who wait.
        let looked = poll_fn(|cx| {
            let mut space = [0; USUAL_HEAD];
            let mut seen = ReadBuf::new(&mut space);
            stream.poll_peek(cx, &mut seen).map_ok(|length| {
                let whole = seen.filled().windows(4).any(|bytes| bytes == b"\r\n\r\n");
                (length, whole || length == USUAL_HEAD)
            })
        });
        match looked.await {
            Ok((0, _)) | Err(_) => return false,
            Ok((_, true)) => return true,
            // There is no way to wait for more than is here already.
            Ok((_, false)) => sleep(pause).await,
        }
        pause = (pause * 2).min(LOOK_AGAIN_LATER);
    }
}

async fn speak(
    stream: TcpStream,
    peer: SocketAddr,
    held: Held,
    router: Router,
    front: Arc<Front>,
    stop: CancellationToken,
) {
    // A swipe's answer must not wait for the one before it to be confirmed.
    stream.set_nodelay(true).ok();
    let connection = Arc::clone(held.connection());
    let (evicted, bounds) = (connection.evicted().clone(), front.register.bounds);
    let stream = Stream::new(stream, held, bounds.write);
    let service = {
        let connection = Arc::clone(&connection);
        service_fn(move |request: Request<Incoming>| {
            let (router, front, connection) = (router.clone(), Arc::clone(&front), Arc::clone(&connection));
            async move { Ok::<_, Infallible>(answer(request, peer, router, &front, &connection).await) }
        })
    };
    let conversation = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.head)
        // A head that is larger is refused when it is here, with an answer.
        .max_buf_size(MAX_HEAD + 8 * 1024)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut conversation = pin!(conversation);
    let in_vain = async {
        sleep(bounds.first_head).await;
        if connection.began() {
            std::future::pending::<()>().await;
        }
    };
    let ended = tokio::select! {
        ended = conversation.as_mut() => ended,
        () = evicted.cancelled() => return,
        () = in_vain => return,
        () = stop.cancelled() => {
            conversation.as_mut().graceful_shutdown();
            conversation.await
        }
    };
    if let Err(error) = ended {
        // A phone that goes in the middle of something: everyday.
        tracing::trace!(%error, "a connection ended early");
    }
}

/// A request from its head to its answer.
async fn answer(
    request: Request<Incoming>,
    peer: SocketAddr,
    router: Router,
    front: &Front,
    connection: &Arc<Connection>,
) -> Response<Answered> {
    connection.begins_request();
    let expects = request.headers().contains_key(header::EXPECT);
    let admitted = front.admit(&request, connection).await;
    let (mut answer, unread) = match admitted {
        Err(refused) => (refused.answer(front.https), Unread::whole(request.into_body(), expects)),
        Ok(requester) => {
            let later = front.counts_later(request.uri().path());
            let (head, incoming) = request.into_parts();
            let (body, unread) = body::asked(incoming, expects, connection);
            let mut request = Request::from_parts(head, body);
            request.extensions_mut().insert(ConnectInfo(peer));
            request.extensions_mut().insert(requester.clone());
            let answer = router.oneshot(request).await.unwrap_or_else(|never| match never {});
            (front.look_again(&requester, later, answer), unread)
        }
    };
    unread.clear(&mut answer, connection).await;
    // A stranger's connection is not kept for a next request while others wait for their first.
    if front.register.is_awaited(connection) {
        answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    answer.map(|body: Body| Answered::new(body, connection))
}
