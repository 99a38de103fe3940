//! Connections: HTTP/1.1 with upgrades, on a listener that somebody else has bound.
//!
//! A proxy of the operator's speaks HTTPS and HTTP/2 to the world. A peer that does not finish its request's head is
//! dropped; buffers stay small, since there are as many of them as phones.

use std::{convert::Infallible, future::Future, io, net::SocketAddr, pin::pin, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

/// How long a peer may take to send a request's head, or leave a connection unused.
const HEAD_WITHIN: Duration = Duration::from_secs(30);
/// A request's head is at most this many bytes.
const MAX_HEAD: usize = 32 * 1024;
/// How long requests under way may take to finish once the server stops: the process has ten seconds.
const FINISH_WITHIN: Duration = Duration::from_secs(8);
/// How long to wait when no connection can be accepted, for want of file descriptors usually.
const BREATH: Duration = Duration::from_millis(250);

/// Serves until `stop`, then lets `close_sockets` and the requests under way finish.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    stop: &CancellationToken,
    close_sockets: impl Future<Output = ()>,
) -> io::Result<()> {
    let connections = TaskTracker::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(converse(stream, peer, router.clone(), stop.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(BREATH).await;
                }
            },
        }
    }
    drop(listener);
    connections.close();
    let finished = async { tokio::join!(close_sockets, connections.wait()) };
    if tokio::time::timeout(FINISH_WITHIN, finished).await.is_err() {
        tracing::warn!("some requests did not finish before the server stopped");
    }
    Ok(())
}

async fn converse(stream: TcpStream, peer: SocketAddr, router: Router, stop: CancellationToken) {
    // A swipe's answer must not wait for the one before it to be confirmed.
    stream.set_nodelay(true).ok();
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = router.clone().oneshot(request);
        async move { Ok::<_, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        // A phone that goes in the middle of something: everyday.
        tracing::trace!(%error, "a connection ended early");
    }
}
