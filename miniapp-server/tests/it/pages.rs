//! The app's page, its files, and the headers of everything.

use crate::harness::{Answer, TestApp};

fn directive<'a>(policy: &'a str, name: &str) -> &'a str {
    policy
        .split("; ")
        .find_map(|part| part.strip_prefix(name))
        .unwrap_or_else(|| panic!("no {name} in {policy}"))
        .trim()
}

#[tokio::test]
async fn the_page_runs_nothing_but_our_own_scripts_inside_telegram() {
    let app = TestApp::start().await;
    let page = app.get("/").await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html"));
    let policy = page.header("content-security-policy");
    let nonce = directive(policy, "script-src").strip_prefix("'nonce-").unwrap().strip_suffix('\'').unwrap();
    assert!(nonce.len() >= 22, "too short to be a secret: {nonce}");
    assert!(page.text.contains(&format!("nonce=\"{nonce}\"")), "the page does not carry its own nonce");
    for unfilled in ["__CSP_NONCE__", "__BOT_LINK__", "__APP_LINK__"] {
        assert!(!page.text.contains(unfilled), "{unfilled} was left in the page");
    }
    assert_eq!(directive(policy, "default-src"), "'none'");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(directive(policy, "connect-src").contains(&format!("ws://{}", app.address())));
    let ancestors = directive(policy, "frame-ancestors");
    for origin in ["web", "webk", "weba", "webz"] {
        assert!(ancestors.contains(&format!("https://{origin}.telegram.org")), "{ancestors}");
    }
    assert!(ancestors.ends_with("http://127.0.0.1:8081"), "the operator's own is missing: {ancestors}");
    let pictures = directive(policy, "img-src");
    for host in ["t.me", "*.telegram.org", "*.telesco.pe", "*.telegram-cdn.org", "*.cdn-telegram.org"] {
        assert!(pictures.contains(&format!("https://{host}")), "avatars lie at {host}: {pictures}");
    }
    assert_eq!(page.header("cache-control"), "no-store");

    let again = app.get("/").await;
    assert_ne!(again.header("content-security-policy"), policy, "a nonce is good once");
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_keep_browsers_honest() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    for answer in [
        app.get("/").await,
        app.get("/api/health").await,
        app.get("/nowhere").await,
        phone.get("/api/me").await,
    ] {
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert!(answer.header("permissions-policy").contains("camera=()"));
        assert!(!answer.header("content-security-policy").is_empty());
        assert!(answer.headers.get("x-frame-options").is_none(), "Telegram's web clients frame the app");
        assert_eq!(answer.header("x-request-id").len(), 16);
    }
}

#[tokio::test]
async fn a_host_header_cannot_write_the_policy() {
    let app = TestApp::start().await;
    let request = app.http.get(format!("{}/", app.url)).header("host", "evil.example;script-src *");
    let page = Answer::read(request).await;
    assert!(
        !page.header("content-security-policy").contains("evil"),
        "{}",
        page.header("content-security-policy")
    );
}

#[tokio::test]
async fn only_pages_are_the_page() {
    let app = TestApp::start().await;
    assert!(app.get("/room/7KQ2M0X1").await.header("content-type").starts_with("text/html"));
    for nowhere in [
        "/nowhere",
        "/assets/none.js",
        "/api",
        "/api/",
        "/api/nowhere",
        "/index.html",
        "/..%2fCargo.toml",
        "/%00",
    ] {
        app.get(nowhere).await.refuses(404, "not_found");
    }
    let script = app.http.get(format!("{}/room/x.js", app.url)).header("accept", "application/javascript");
    Answer::read(script).await.refuses(404, "not_found");
    app.post("/", &serde_json::json!({})).await.refuses(404, "not_found");
}

#[tokio::test]
async fn another_method_is_said_to_be_wrong() {
    let app = TestApp::start().await;
    let answer = Answer::read(app.http.put(format!("{}/api/me", app.url))).await;
    answer.refuses(405, "method_not_allowed");
}

#[tokio::test]
async fn health_says_how_the_node_is() {
    let app = TestApp::start().await;
    let health = app.get("/api/health").await;
    assert_eq!(health.status, 200);
    assert_eq!(health.body["status"], "ok");
    assert_eq!((&health.body["database"], &health.body["hot"]), (&"ok".into(), &"ok".into()));
    assert_eq!(health.body["version"], env!("CARGO_PKG_VERSION"));
}

#[tokio::test]
async fn a_bot_that_cannot_reach_telegram_degrades_and_keeps_serving() {
    let (reached, receiver) = tokio::sync::watch::channel(true);
    let app = TestApp::with(|config| config.telegram = Some(receiver)).await;
    assert_eq!(app.get("/api/health").await.body["telegram"], "ok");
    reached.send(false).unwrap();
    let health = app.get("/api/health").await;
    assert_eq!((health.status, &health.body["status"]), (200, &"degraded".into()));
}
