//! Bodies: JSON, forms, multipart, and the query string under all of them.

use axum::{
    extract::{FromRequest, Multipart, Request},
    http::header::CONTENT_TYPE,
};
use serde_json::{Value, json};

use super::{params::Params, refusal::Refusal};
use crate::world::StoredFile;

/// Telegram takes files up to 50 MB; photos are refused above 10 MB elsewhere.
const LARGEST: usize = 50 * 1024 * 1024;

pub(super) async fn read(request: Request) -> Result<Params, Refusal> {
    let mut params = Params::default();
    if let Some(query) = request.uri().query() {
        form(query.as_bytes(), &mut params);
    }
    let kind = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase();
    if kind.starts_with("multipart/form-data") {
        multipart(request, &mut params).await?;
        return Ok(params);
    }
    let bytes = axum::body::to_bytes(request.into_body(), LARGEST)
        .await
        .map_err(|_| Refusal::new(413, "Request Entity Too Large"))?;
    if kind.starts_with("application/json") {
        if !bytes.is_empty() {
            let value: Value =
                serde_json::from_slice(&bytes).map_err(|_| Refusal::bad("can't parse JSON object"))?;
            match value {
                Value::Object(fields) => params.values.extend(fields),
                Value::Null => {}
                _ => return Err(Refusal::bad("object expected as JSON")),
            }
        }
    } else if kind.starts_with("application/x-www-form-urlencoded") {
        form(&bytes, &mut params);
    } else if !bytes.is_empty() {
        return Err(Refusal::bad("unsupported content type"));
    }
    Ok(params)
}

fn form(bytes: &[u8], params: &mut Params) {
    for (key, value) in url::form_urlencoded::parse(bytes) {
        params.values.insert(key.into_owned(), json!(value));
    }
}

async fn multipart(request: Request, params: &mut Params) -> Result<(), Refusal> {
    let broken = |_| Refusal::bad("can't parse multipart body");
    let mut parts = Multipart::from_request(request, &())
        .await
        .map_err(|_| Refusal::bad("can't parse multipart body"))?;
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let Some(name) = part.name().map(str::to_owned) else { continue };
        let is_file = part.file_name().is_some();
        let mime = part.content_type().unwrap_or("application/octet-stream").to_owned();
        let bytes = part.bytes().await.map_err(broken)?;
        if is_file {
            params.files.insert(name, StoredFile { mime, bytes });
        } else {
            let text = String::from_utf8(bytes.to_vec())
                .map_err(|_| Refusal::bad("strings must be encoded in UTF-8"))?;
            params.values.insert(name, json!(text));
        }
    }
    Ok(())
}
