//! The Mini App's own files, and the headers that every answer carries.
//!
//! The page is served where people can land: `/` and `/room/…`. What plays films is a page of its own, `/player`. Their scripts and styles have names with a hash of what is in
//! them, and are kept for ever. The UI's build has compressed them. In a debug build they are read from the disk, in a release they are part
//! of the binary.

pub(crate) mod files;
mod headers;
mod policy;

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, Method, Uri, header};
use rust_embed::RustEmbed;

use self::files::Coding;
pub(crate) use self::headers::{protect, with_default_headers};
use self::policy::Page;
use crate::{App, problem::Refused};

#[derive(RustEmbed)]
#[folder = "../miniapp-ui/dist"]
struct Built;

/// The page when there is none.
#[derive(Template)]
#[template(path = "not_built.html")]
struct NotBuilt<'a> {
    nonce: &'a str,
}

/// What the UI's build leaves for the server to fill in.
const NONCE: &str = "__CSP_NONCE__";
const BOT_LINK: &str = "__BOT_LINK__";
const APP_LINK: &str = "__APP_LINK__";

/// Any address that is not the API's.
pub(crate) async fn anything_else(
    State(app): State<Arc<App>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let path = uri.path().trim_start_matches('/');
    let readable = method == Method::GET || method == Method::HEAD;
    if path == "api" || path.starts_with("api/") || !readable {
        return Refused::NotFound.into_response();
    }
    if let Some(asked) = page_at(path)
        && accepts_html(&headers)
    {
        return page(&app, &headers, asked);
    }
    asset(path, &method, &headers).unwrap_or_else(|| Refused::NotFound.into_response())
}

/// Where people can land, and what the app frames.
fn page_at(path: &str) -> Option<Page> {
    match path {
        "" | "room" => Some(Page::App),
        "player" => Some(Page::Player),
        _ => path.starts_with("room/").then_some(Page::App),
    }
}

fn accepts_html(headers: &HeaderMap) -> bool {
    match headers.get(header::ACCEPT).map(HeaderValue::to_str) {
        None => true,
        Some(Ok(accept)) => accept.contains("text/html") || accept.contains("*/*"),
        Some(Err(_)) => false,
    }
}

fn page(app: &App, headers: &HeaderMap, asked: Page) -> Response {
    let nonce = STANDARD.encode(rand::random::<[u8; 18]>());
    let file = match asked {
        Page::App => "index.html",
        Page::Player => "player.html",
    };
    let html = match Built::get(file) {
        Some(index) => String::from_utf8_lossy(&index.data)
            .replace(NONCE, &nonce)
            .replace(BOT_LINK, &bot_link(app))
            .replace(APP_LINK, &app_link(app)),
        None => NotBuilt { nonce: &nonce }.render().unwrap_or_default(),
    };
    let ancestors = &app.config.frame_ancestors;
    let policy = match asked {
        Page::App => policy::page(&nonce, headers.get(header::HOST), ancestors),
        Page::Player => policy::player(&nonce, ancestors),
    };
    let mut response = Html(html).into_response();
    if asked == Page::Player {
        let referrer = HeaderValue::from_static(policy::PLAYER_REFERRER);
        response.headers_mut().insert(header::REFERRER_POLICY, referrer);
    }
    // The nonce is good for this answer only.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// Where somebody is sent who opened the page in a browser.
fn bot_link(app: &App) -> String {
    let bot = app.config.bot_username.borrow();
    bot.as_ref().map(|bot| format!("https://t.me/{bot}")).unwrap_or_default()
}

/// Telegram's own link to the Mini App, by which it launches anew: with launch data of this moment.
fn app_link(app: &App) -> String {
    let bot = app.config.bot_username.borrow();
    let link = bot.as_ref().map(|bot| match app.config.mini_app_name.as_str() {
        "" => format!("https://t.me/{bot}?startapp"),
        name => format!("https://t.me/{bot}/{name}"),
    });
    link.unwrap_or_default()
}

/// A file of the UI. Its compressed forms lie beside it, and are no files of their own.
fn asset(path: &str, method: &Method, headers: &HeaderMap) -> Option<Response> {
    let is_form = [Coding::Brotli, Coding::Gzip].iter().any(|coding| path.ends_with(coding.suffix()));
    if is_form || matches!(path, "index.html" | "player.html") {
        return None;
    }
    let plain = Built::get(path)?;
    let kept = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=3600"
    };
    let kind = HeaderValue::from_str(plain.metadata.mimetype())
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let compressed = |coding: Coding| Built::get(&format!("{path}{}", coding.suffix())).map(Into::into);
    Some(files::answer(method, headers, kind, HeaderValue::from_static(kept), plain.into(), compressed))
}
