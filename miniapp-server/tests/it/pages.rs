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
    assert_eq!(directive(policy, "frame-src"), "'self'", "foreign pages are framed by /player alone");
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
async fn the_players_are_in_a_document_with_a_policy_of_its_own_and_our_scripts_alone() {
    let app = TestApp::start().await;
    let page = app.get("/player").await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html"));
    let policy = page.header("content-security-policy");
    let nonce = directive(policy, "script-src").strip_prefix("'nonce-").unwrap().strip_suffix('\'').unwrap();
    assert!(nonce.len() >= 22, "too short to be a secret: {nonce}");
    assert!(page.text.contains(&format!("nonce=\"{nonce}\"")), "the page does not carry its own nonce");
    for unfilled in ["__CSP_NONCE__", "__BOT_LINK__", "__APP_LINK__"] {
        assert!(!page.text.contains(unfilled), "{unfilled} was left in the page");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    for (name, allowed) in [
        ("default-src", "'none'"),
        ("base-uri", "'none'"),
        ("form-action", "'none'"),
        ("media-src", "https: blob:"),
        ("connect-src", "https:"),
        ("worker-src", "'self' blob:"),
        ("frame-src", "https:"),
    ] {
        assert_eq!(directive(policy, name), allowed, "{name}");
    }
    // Every page around is looked at, so the app alone would not be enough in Telegram's web clients.
    let ancestors = directive(policy, "frame-ancestors");
    assert!(ancestors.starts_with("'self' https://web.telegram.org"), "{ancestors}");
    assert!(ancestors.ends_with("http://127.0.0.1:8081"), "the operator's own is missing: {ancestors}");
    assert_eq!(page.header("referrer-policy"), "strict-origin-when-cross-origin", "YouTube wants one");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("set-cookie"), "");

    app.get("/player.html").await.refuses(404, "not_found");
    app.get("/player/").await.refuses(404, "not_found");
    let again = app.get("/player").await;
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
async fn no_answer_is_without_the_default_headers() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let description = app.get("/api/openapi.json").await;
    let paths = description.body["paths"].as_object().unwrap().keys().cloned();
    let elsewhere =
        ["/", "/room/x", "/nowhere", "/api", "/api/nowhere", "/assets/none.js", "/%00"].map(str::to_owned);
    let mut seen = 0;
    for path in paths.chain(elsewhere) {
        let path = path.replace("{code}", "00000000").replace("{id}", "c1");
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "MADE-UP"] {
            // What would sign the phone out is asked for without it.
            let ends_it = path.ends_with("logout") || (method == "DELETE" && path == "/api/me");
            let method: http::Method = method.parse().unwrap();
            let request = if ends_it {
                app.http.request(method.clone(), format!("{}{path}", app.url))
            } else {
                phone.request(method.clone(), &path)
            };
            let answer = Answer::read(request).await;
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
                ("cross-origin-resource-policy", "same-origin"),
                ("strict-transport-security", "max-age=31536000"),
            ] {
                assert_eq!(answer.header(name), value, "{method} {path}");
            }
            assert!(answer.header("permissions-policy").contains("camera=()"), "{method} {path}");
            assert!(!answer.header("content-security-policy").is_empty(), "{method} {path}");
            let kept = answer.header("cache-control");
            let is_public = path == "/api/openapi.json" && answer.status == 200;
            assert_eq!(kept, if is_public { "public, no-cache" } else { "no-store" }, "{method} {path}");
            seen += 1;
        }
    }
    assert!(seen > 200, "only {seen} answers were looked at");
}

#[tokio::test]
async fn what_others_add_to_the_server_has_the_headers_too() {
    let webhook = axum::Router::new()
        .route("/telegram/webhook", axum::routing::post(async || http::StatusCode::UNAUTHORIZED))
        .route("/kept", axum::routing::get(async || [("cache-control", "public, max-age=1")]));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let reached = sovpalo_server::Reached {
        bounds: sovpalo_server::Bounds::default(),
        trusted_proxies: sovpalo_server::TrustedProxies::none(),
        limits: true,
        https: false,
    };
    let stop = tokio_util::sync::CancellationToken::new();
    let _serving = stop.clone().drop_guard();
    tokio::spawn(sovpalo_server::serve_webhook(listener, "/telegram/webhook", webhook, reached, stop));
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for (path, kept) in
        [("telegram/webhook", "no-store"), ("nowhere", "no-store"), ("kept", "public, max-age=1")]
    {
        for method in [http::Method::POST, http::Method::GET] {
            let answer = Answer::read(http.request(method.clone(), format!("{url}/{path}"))).await;
            let kept = if answer.status == 200 { kept } else { "no-store" };
            assert_eq!(answer.header("cache-control"), kept, "{method} {path}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{method} {path}");
            assert_eq!(answer.header("strict-transport-security"), "", "this one is reached by http");
        }
    }
}

#[tokio::test]
async fn the_description_is_compressed_once_and_sent_once() {
    let app = TestApp::start().await;
    let asked = |method: http::Method, known: &str| {
        let request = app.http.request(method, format!("{}/api/openapi.json", app.url));
        Answer::read(request.header("accept-encoding", "br, gzip").header("if-none-match", known))
    };
    let plain = app.get("/api/openapi.json").await;
    let answer = asked(http::Method::GET, "\"x\"").await;
    assert_eq!((answer.header("content-encoding"), answer.header("vary")), ("gzip", "accept-encoding"));
    let length: usize = answer.header("content-length").parse().unwrap();
    assert!(length * 4 < plain.text.len(), "{length} bytes");
    let tag = answer.header("etag");
    assert_ne!(tag, plain.header("etag"), "two forms are two entities");
    assert_eq!(asked(http::Method::GET, tag).await.status, 304);
    let head = asked(http::Method::HEAD, "\"x\"").await;
    assert_eq!((head.status, head.header("content-length")), (200, answer.header("content-length")));
    assert!(head.text.is_empty());
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
