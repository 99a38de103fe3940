//! Against a small registry and a git server that speak HTTP on this machine.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::thread;

use super::*;

const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const TAG: &str = "1111111111111111111111111111111111111111";
const COMMIT: &str = "2222222222222222222222222222222222222222";

/// Answers each request by its method, path and whether it carries the token.
fn serving(answer: impl Fn(&str, &str, bool, &str) -> String + Send + 'static) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let own = address.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let first = lines.next().unwrap_or_default();
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let signed_in = head.iter().any(|line| line.eq_ignore_ascii_case("authorization: bearer t0ken"));
            let mut words = first.split(' ');
            let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let _ = stream.write_all(answer(method, path, signed_in, &own).as_bytes());
        }
    });
    address
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}

/// Asks for a token as Docker Hub does, and says this digest.
fn registry(digest: &'static str) -> String {
    serving(move |method, path, signed_in, own| match (method, path) {
        // Some versions of curl write the codes in small letters.
        ("GET", path)
            if path.to_lowercase() == "/token?service=here&scope=repository%3alibrary%2fpostgres%3apull" =>
        {
            answer("200 OK", "", r#"{"token":"t0ken"}"#)
        }
        ("HEAD", "/v2/library/postgres/manifests/17.5") if signed_in => {
            format!("HTTP/1.1 200 OK\r\nConnection: close\r\nDocker-Content-Digest: {digest}\r\n\r\n")
        }
        ("HEAD", "/v2/library/postgres/manifests/17.5") => format!(
            "HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\
             WWW-Authenticate: Bearer realm=\"{own}/token\",service=\"here\",scope=\"repository:library/postgres:pull\"\r\n\r\n"
        ),
        _ => answer("404 Not Found", "", ""),
    })
}

/// git's HTTP protocol in its plainest form.
fn git() -> String {
    serving(|_, path, _, _| match path.split('?').next() {
        Some("/actions/checkout/info/refs") => answer(
            "200 OK",
            "Content-Type: text/plain\r\n",
            &format!("{TAG}\trefs/tags/v4.2.2\n{COMMIT}\trefs/tags/v4.2.2^{{}}\n{TAG}\trefs/tags/v4.2.20\n"),
        ),
        Some("/actions/checkout/HEAD") => answer("200 OK", "", "ref: refs/heads/main\n"),
        _ => answer("404 Not Found", "", ""),
    })
}

fn repository() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir_all(home.path().join(".github/workflows")).unwrap();
    fs::write(home.path().join(".github/workflows/ci.yml"), "steps:\n  - uses: actions/checkout@v4.2.2\n")
        .unwrap();
    fs::write(home.path().join("Dockerfile"), "FROM postgres:17.5 AS base\n# FROM nothing\n").unwrap();
    fs::write(home.path().join("docker-compose.yml"), "    image: postgres:17.5\n    build: .\n").unwrap();
    home
}

fn texts(home: &Path) -> Vec<String> {
    files(home).unwrap().iter().map(|file| fs::read_to_string(file).unwrap()).collect()
}

#[test]
fn images_get_the_registrys_digest_and_actions_the_commit_behind_their_tag() {
    let home = repository();
    let options = Options { registry: registry(DIGEST), git: git() };
    assert_eq!(pin_within(home.path(), &options).unwrap(), 3);
    let pinned = [
        format!("steps:\n  - uses: actions/checkout@{COMMIT} # v4.2.2\n"),
        format!("FROM postgres:17.5@{DIGEST} AS base\n# FROM nothing\n"),
        format!("    image: postgres:17.5@{DIGEST}\n    build: .\n"),
    ];
    assert_eq!(texts(home.path()), pinned);
    assert_eq!(pin_within(home.path(), &options).unwrap(), 0, "what is pinned is looked up anew and stays");
    assert_eq!(texts(home.path()), pinned);
}

#[test]
fn nothing_is_written_where_a_registry_cannot_be_reached_or_talks_nonsense() {
    let nobody = "http://127.0.0.1:9".to_owned();
    for (registry, git) in [
        (registry(DIGEST), nobody.clone()),
        (nobody, git()),
        (registry("sha256:abc"), git()),
        (registry("latest"), git()),
        (serving(|_, _, _, _| answer("200 OK", "", "")), git()),
        (serving(|_, _, _, _| answer("503 Service Unavailable", "", "")), git()),
    ] {
        let home = repository();
        let before = texts(home.path());
        let why = pin_within(home.path(), &Options { registry, git }).unwrap_err();
        assert!(format!("{why:#}").contains("nothing was changed"), "{why:#}");
        assert_eq!(texts(home.path()), before, "{why:#}");
    }
}

#[test]
fn a_tag_that_only_begins_like_another_is_not_taken_for_it() {
    let said = format!("{TAG}\trefs/tags/v4.2.20\n");
    assert_eq!(commit_of(&said, "refs/tags/v4.2.2"), None);
    assert_eq!(commit_of("not hex\trefs/tags/v1\n", "refs/tags/v1"), None);
}
