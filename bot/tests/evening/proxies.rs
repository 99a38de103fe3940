//! A Telegram that is reached through a proxy only.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::stage::{ANNA, GROUP, Play, Stage};
use sovpalo_bot::BotHealth;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    time::timeout,
};

const NAME: &str = "anna";
const PASSWORD: &str = "p@ss:word";
/// The address of a Bot API that nobody but the proxy can find.
const HIDDEN_API: &str = "http://telegram.invalid";

/// A proxy that leads to the simulator whatever is asked for, and remembers that.
struct Proxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone, Copy)]
enum Kind {
    Socks,
    Http,
}

impl Proxy {
    async fn start(kind: Kind, telegram: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, asked) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
        let seen = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((phone, _)) = listener.accept().await {
                let seen = Arc::clone(&seen);
                tokio::spawn(async move {
                    let served = match kind {
                        Kind::Socks => socks(phone, telegram, &seen).await,
                        Kind::Http => http(phone, telegram, &seen).await,
                    };
                    // A connection that ends early fails the test's own assertions.
                    drop(served);
                });
            }
        });
        Self { address, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// RFC 1928 with RFC 1929: a name and a password, then a connection to a host by its name.
async fn socks(mut phone: TcpStream, telegram: SocketAddr, seen: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut two = [0; 2];
    phone.read_exact(&mut two).await?;
    let mut methods = vec![0; usize::from(two[1])];
    phone.read_exact(&mut methods).await?;
    assert!(two[0] == 5 && methods.contains(&2), "it does not offer a name and a password");
    phone.write_all(&[5, 2]).await?;
    phone.read_exact(&mut two).await?;
    let name = read_text(&mut phone, two[1]).await?;
    let length = phone.read_u8().await?;
    let password = read_text(&mut phone, length).await?;
    assert_eq!((name.as_str(), password.as_str()), (NAME, PASSWORD));
    phone.write_all(&[1, 0]).await?;
    let mut request = [0; 4];
    phone.read_exact(&mut request).await?;
    assert_eq!(request, [5, 1, 0, 3], "names are to be looked up by the proxy");
    let length = phone.read_u8().await?;
    let host = read_text(&mut phone, length).await?;
    let port = phone.read_u16().await?;
    seen.lock().unwrap().push(format!("{host}:{port}"));
    phone.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
    let mut there = TcpStream::connect(telegram).await?;
    copy_bidirectional(&mut phone, &mut there).await.map(drop)
}

async fn read_text(phone: &mut TcpStream, length: u8) -> std::io::Result<String> {
    let mut text = vec![0; usize::from(length)];
    phone.read_exact(&mut text).await?;
    Ok(String::from_utf8(text).unwrap())
}

/// What a plain address is asked for through an HTTP proxy: a request with the whole address in its first line.
async fn http(mut phone: TcpStream, telegram: SocketAddr, seen: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(phone.read_u8().await?);
    }
    let text = String::from_utf8(head.clone()).unwrap();
    let address = text.split(' ').nth(1).unwrap().to_owned();
    assert!(text.to_lowercase().contains("proxy-authorization: basic "), "it names nobody: {text}");
    seen.lock().unwrap().push(address);
    let mut there = TcpStream::connect(telegram).await?;
    there.write_all(&head).await?;
    copy_bidirectional(&mut phone, &mut there).await.map(drop)
}

async fn an_evening_through(kind: Kind, scheme: &str) -> Vec<String> {
    let mut stage = Stage::without_bot(Play::default()).await;
    let proxy = Proxy::start(kind, stage.telegram_address()).await;
    let address = format!("{scheme}://{NAME}:p%40ss%3Aword@{}", proxy.address);
    let through = sovpalo_bot::Proxy::new(&address).unwrap();
    stage.play.client =
        Some(sovpalo_bot::client(crate::stage::TOKEN, HIDDEN_API.parse().unwrap(), Some(&through)).unwrap());
    stage.start_bot().await;
    stage.new_room(ANNA, GROUP, "/new").await;
    proxy.asked()
}

#[tokio::test]
async fn telegram_is_reached_through_a_socks_proxy_that_looks_names_up() {
    let asked = an_evening_through(Kind::Socks, "socks5h").await;
    assert!(!asked.is_empty() && asked.iter().all(|host| host == "telegram.invalid:80"), "{asked:?}");
}

#[tokio::test]
async fn telegram_is_reached_through_an_http_proxy() {
    let asked = an_evening_through(Kind::Http, "http").await;
    assert!(
        !asked.is_empty() && asked.iter().all(|url| url.starts_with("http://telegram.invalid/")),
        "{asked:?}"
    );
}

#[tokio::test]
async fn a_proxy_that_is_away_is_told_without_its_password() {
    let nowhere = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mut stage = Stage::without_bot(Play::default()).await;
    let through = sovpalo_bot::Proxy::new(&format!("socks5h://{NAME}:hunter2@{nowhere}")).unwrap();
    stage.play.client =
        Some(sovpalo_bot::client(crate::stage::TOKEN, HIDDEN_API.parse().unwrap(), Some(&through)).unwrap());
    stage.launch_bot();
    let mut health = stage.health.clone();
    let offline = health.wait_for(|health| matches!(health, BotHealth::Offline { .. }));
    let said = timeout(Duration::from_secs(30), offline).await.expect("it says so").unwrap().to_string();
    assert!(!said.contains("hunter2") && !said.contains(NAME), "{said}");
    stage.stop_bot().await;
}
