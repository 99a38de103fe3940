use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use futures::FutureExt;
use sovpalo_tmdb::testing::{Fault, PNG, StandIn};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{
    fetcher::{MOST_UNDER_WAY, PER_HOST, held, is_public},
    *,
};

#[test]
fn only_addresses_on_the_public_internet_are_fetched_from() {
    for inside in [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "198.18.0.1",
        "192.0.0.8",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd12::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "2001:db8::1",
        "ff02::1",
    ] {
        assert!(!is_public(inside.parse().unwrap()), "{inside} was taken for a public address");
    }
    for outside in ["1.1.1.1", "149.154.167.99", "2606:4700::1111", "2a00:1450:4001::1"] {
        assert!(is_public(outside.parse().unwrap()), "{outside} was taken for a private address");
    }
}

#[tokio::test]
async fn a_poster_on_a_private_address_is_never_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let posters = Posters::new(dir.path(), None, false);
    for address in [
        "https://127.0.0.1/p.jpg",
        "https://localhost/p.jpg",
        "http://example.com/p.jpg",
        "file:///x",
        "nonsense",
    ] {
        assert_eq!(posters.get(address).await.unwrap_err(), NoPoster::NotThere, "{address} gave a poster");
    }
}

/// Posters that may come from this machine.
fn from_here(dir: &tempfile::TempDir) -> Arc<Posters> {
    Arc::new(Posters::asking(dir.path(), Client::builder(), |_| true, None))
}

/// A host that counts who connects, and answers all of them once it is let.
struct SlowHost {
    port: u16,
    connections: Arc<AtomicUsize>,
    answer: Arc<Semaphore>,
}

impl SlowHost {
    async fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = Self {
            port: listener.local_addr().unwrap().port(),
            connections: Arc::default(),
            answer: Arc::new(Semaphore::new(0)),
        };
        let (connections, answer) = (Arc::clone(&host.connections), Arc::clone(&host.answer));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                connections.fetch_add(1, SeqCst);
                let answer = Arc::clone(&answer);
                tokio::spawn(async move {
                    let _ = stream.read(&mut [0; 1024]).await;
                    let _let = answer.acquire().await.unwrap();
                    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", PNG.len());
                    let _ = stream.write_all(&[head.as_bytes(), PNG].concat()).await;
                });
            }
        });
        host
    }

    fn address(&self, poster: usize) -> String {
        format!("http://127.0.0.1:{}/{poster}.png", self.port)
    }

    async fn until_connected(&self, many: usize) {
        while self.connections.load(SeqCst) < many {
            tokio::task::yield_now().await;
        }
    }
}

fn ask(posters: &Arc<Posters>, address: String) -> tokio::task::JoinHandle<Result<Poster, NoPoster>> {
    let posters = Arc::clone(posters);
    tokio::spawn(async move { posters.get(&address).await })
}

#[tokio::test]
async fn a_poster_that_many_ask_for_is_fetched_once() {
    let dir = tempfile::tempdir().unwrap();
    let (posters, host) = (from_here(&dir), SlowHost::listen().await);
    let mut asked: Vec<_> = (0..24).map(|_| ask(&posters, host.address(1))).collect();
    host.until_connected(1).await;
    // Whoever began it goes: the others still get it.
    asked.remove(0).abort();
    host.answer.add_permits(1);
    for one in asked {
        assert_eq!(one.await.unwrap().unwrap().bytes, PNG);
    }
    assert_eq!(posters.get(&host.address(1)).await.unwrap().bytes, PNG, "from the disk");
    assert_eq!(host.connections.load(SeqCst), 1);
    assert!(held(&posters.fetcher.under_way).is_empty(), "nothing is left of it");
}

#[tokio::test]
async fn a_silent_host_takes_a_few_places_and_never_those_of_others() {
    let dir = tempfile::tempdir().unwrap();
    let posters = from_here(&dir);
    let (silent, other) = (SlowHost::listen().await, SlowHost::listen().await);
    let asked: Vec<_> = (0..100).map(|n| ask(&posters, silent.address(n))).collect();
    silent.until_connected(PER_HOST).await;
    other.answer.add_permits(1);
    // By another name of the same machine.
    let elsewhere = other.address(1).replace("127.0.0.1", "localhost");
    assert_eq!(posters.get(&elsewhere).await.unwrap().bytes, PNG);
    assert_eq!(silent.connections.load(SeqCst), PER_HOST);
    asked.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn no_more_posters_than_that_are_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let (posters, silent) = (from_here(&dir), SlowHost::listen().await);
    let asked: Vec<_> = (0..MOST_UNDER_WAY).map(|n| ask(&posters, silent.address(n))).collect();
    while held(&posters.fetcher.under_way).len() < MOST_UNDER_WAY {
        tokio::task::yield_now().await;
    }
    assert_eq!(posters.get(&silent.address(1000)).await.unwrap_err(), NoPoster::Busy);
    asked.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn a_host_that_does_not_answer_is_left_alone_for_a_while() {
    let dir = tempfile::tempdir().unwrap();
    let posters = from_here(&dir);
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = gone.local_addr().unwrap().port();
    drop(gone);
    let address = |n| format!("http://127.0.0.1:{port}/{n}.png");
    assert_eq!(posters.get(&address(1)).await.unwrap_err(), NoPoster::NotThere);
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    assert_eq!(posters.get(&address(2)).await.unwrap_err(), NoPoster::NotThere);
    let connected = listener.accept().now_or_never();
    assert!(connected.is_none(), "it was asked again at once");
}

#[tokio::test]
async fn an_image_of_tmdb_is_fetched_from_the_mirror_once_and_a_fault_is_no_image() {
    let dir = tempfile::tempdir().unwrap();
    let stand_in = StandIn::start().await;
    let posters = Arc::new(Posters::new(dir.path(), stand_in.settings().images, true));
    let address = |name| sovpalo_tmdb::image_address(None, "w342", name).unwrap();
    let asked: Vec<_> = (0..12).map(|_| ask(&posters, address("matrixmatrixmatrix.jpg"))).collect();
    for one in asked {
        assert_eq!(one.await.unwrap().unwrap().bytes, PNG);
    }
    assert_eq!(stand_in.asked(), ["/t/p/w342/matrixmatrixmatrix.jpg"]);
    assert_eq!(posters.get(&address("unknown.jpg")).await.unwrap_err(), NoPoster::NotThere);
    stand_in.fault(Fault::Garbage);
    assert_eq!(posters.get(&address("lighthouselighthouse.jpg")).await.unwrap_err(), NoPoster::NotThere);
    assert_eq!(posters.get_kept(&address("matrixmatrixmatrix.jpg")).await.unwrap().bytes, PNG);
    assert_eq!(
        posters.get("https://127.0.0.1/t/p/w342/a.jpg").await.unwrap_err(),
        NoPoster::NotThere,
        "only the mirror may be private"
    );
}
