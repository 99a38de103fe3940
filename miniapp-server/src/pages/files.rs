//! Files that stay as they are while the program runs, and how they are sent: compressed before anybody asks, each form with a strong
//! `ETag` of its own (RFC 9110, 8.8.3 and 12.5.3).
//!
//! Nothing is compressed while somebody waits: a stranger may ask as often as they like.

use std::{borrow::Cow, io::Write, sync::OnceLock};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use rust_embed::EmbeddedFile;
use sha2::{Digest, Sha256};

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    /// As HTTP names it.
    fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// What the UI's build adds to the file's name.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }
}

/// A file in one form.
#[derive(Clone)]
pub(crate) struct Form {
    bytes: Bytes,
    tag: HeaderValue,
}

impl Form {
    fn new(bytes: Bytes, digest: [u8; 32]) -> Self {
        let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&digest[..16]));
        Self { bytes, tag: HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\"")) }
    }

    fn of(bytes: Bytes) -> Self {
        let digest = Sha256::digest(&bytes).into();
        Self::new(bytes, digest)
    }
}

impl From<EmbeddedFile> for Form {
    fn from(file: EmbeddedFile) -> Self {
        let digest = file.metadata.sha256_hash();
        let bytes = match file.data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => bytes.into(),
        };
        Self::new(bytes, digest)
    }
}

/// A text that is made when the program starts, and sent often.
pub(crate) struct Made {
    plain: Form,
    gzip: OnceLock<Option<Form>>,
}

impl Made {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self { plain: Form::of(bytes.into()), gzip: OnceLock::new() }
    }

    pub(crate) fn answer(&self, method: &Method, headers: &HeaderMap, kind: HeaderValue) -> Response {
        let kept = HeaderValue::from_static("public, no-cache");
        answer(method, headers, kind, kept, self.plain.clone(), |coding| match coding {
            Coding::Brotli => None,
            Coding::Gzip => self.gzip.get_or_init(|| gzip(&self.plain.bytes)).clone(),
        })
    }
}

fn gzip(plain: &[u8]) -> Option<Form> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).ok()?;
    Some(Form::of(encoder.finish().ok()?.into()))
}

/// Answers with a file, in the form that the client likes best of those that there are.
pub(crate) fn answer(
    method: &Method,
    headers: &HeaderMap,
    kind: HeaderValue,
    kept: HeaderValue,
    plain: Form,
    compressed: impl Fn(Coding) -> Option<Form>,
) -> Response {
    let chosen = acceptable(headers).into_iter().find_map(|coding| Some((coding, compressed(coding)?)));
    let (coding, form) = match chosen {
        Some((coding, form)) => (Some(coding), form),
        None => (None, plain),
    };
    let length = form.bytes.len();
    let unchanged = is_known(headers, &form.tag);
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else if method == Method::HEAD {
        Body::empty().into_response()
    } else {
        form.bytes.into_response()
    };
    let said = response.headers_mut();
    said.insert(header::ETAG, form.tag);
    said.insert(header::CACHE_CONTROL, kept);
    said.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if unchanged {
        said.remove(header::CONTENT_TYPE);
        return response;
    }
    said.insert(header::CONTENT_TYPE, kind);
    said.insert(header::CONTENT_LENGTH, length.into());
    if let Some(coding) = coding {
        said.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    }
    response
}

/// The codings that a client takes and likes no less than the plain form, the one that it likes best first; the smaller one of two that it likes
/// the same.
fn acceptable(headers: &HeaderMap) -> Vec<Coding> {
    let (mut brotli, mut gzip, mut plain, mut others) = (None, None, None, None);
    let lists = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|list| list.to_str().ok());
    for one in lists.flat_map(|list| list.split(',')) {
        let mut parts = one.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let mut quality = 1000;
        for parameter in parts {
            if let Some((name, value)) = parameter.split_once('=')
                && name.trim().eq_ignore_ascii_case("q")
            {
                quality = thousandths(value.trim());
            }
        }
        match name.as_str() {
            "br" => brotli = Some(quality),
            "gzip" | "x-gzip" => gzip = Some(quality),
            "identity" => plain = Some(quality),
            "*" => others = Some(quality),
            _ => {}
        }
    }
    // Unless it is refused, the plain form is always taken, and liked less than anything that is named.
    let plain = plain.unwrap_or(0);
    let mut liked: Vec<_> = [(Coding::Brotli, brotli.or(others)), (Coding::Gzip, gzip.or(others))]
        .into_iter()
        .filter_map(|(coding, quality)| Some((coding, quality.filter(|q| *q > 0 && *q >= plain)?)))
        .collect();
    liked.sort_by_key(|(_, quality)| std::cmp::Reverse(*quality));
    liked.into_iter().map(|(coding, _)| coding).collect()
}

/// A quality value. What is none is a refusal.
fn thousandths(text: &str) -> u16 {
    match text.parse::<f32>() {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
        Ok(quality) if (0.0..=1.0).contains(&quality) => (quality * 1000.0).round() as u16,
        _ => 0,
    }
}

/// Whether the client has this form already.
fn is_known(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let lists = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|list| list.to_str().ok());
    lists
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known).as_bytes() == tag.as_bytes())
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    fn asking(headers: &[(http::HeaderName, &str)]) -> HeaderMap {
        headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap())).collect()
    }

    fn answered(method: &Method, headers: &[(http::HeaderName, &str)]) -> Response {
        let form = |text: &'static str| Form::of(Bytes::from_static(text.as_bytes()));
        let (kind, kept) = (HeaderValue::from_static("text/css"), HeaderValue::from_static("immutable"));
        answer(method, &asking(headers), kind, kept, form("plain"), |coding| match coding {
            Coding::Brotli => Some(form("br")),
            Coding::Gzip => Some(form("gz")),
        })
    }

    fn said(response: &Response, name: http::HeaderName) -> &str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[tokio::test]
    async fn a_file_is_sent_in_the_form_that_is_liked_best() {
        for (accepted, coding, body) in [
            ("", "", "plain"),
            ("identity", "", "plain"),
            ("deflate, zstd", "", "plain"),
            ("br", "br", "br"),
            ("gzip", "gzip", "gz"),
            ("gzip, deflate, br, zstd", "br", "br"),
            ("GZIP , BR", "br", "br"),
            ("br;q=0.5, gzip", "gzip", "gz"),
            ("br;q=0.5, gzip;q=0.5", "br", "br"),
            ("br;q=0, gzip;q=0", "", "plain"),
            ("br; Q=0.000 , gzip", "gzip", "gz"),
            ("*", "br", "br"),
            ("*;q=0", "", "plain"),
            ("br;q=0, *", "gzip", "gz"),
            ("identity, gzip;q=0.5", "", "plain"),
            ("identity;q=0.5, gzip", "gzip", "gz"),
            ("br;q=2", "", "plain"),
            ("br;q=NaN, gzip;q=-1", "", "plain"),
            ("br;q=", "", "plain"),
            (",,;,br;;", "br", "br"),
            ("brotli, gzipped", "", "plain"),
        ] {
            let response = answered(&Method::GET, &[(header::ACCEPT_ENCODING, accepted)]);
            assert_eq!(said(&response, header::CONTENT_ENCODING), coding, "{accepted}");
            assert_eq!(said(&response, header::VARY), "accept-encoding", "{accepted}");
            assert_eq!(said(&response, header::CONTENT_TYPE), "text/css");
            assert_eq!(said(&response, header::CONTENT_LENGTH), body.len().to_string());
            let bytes = response.into_body().collect().await.unwrap().to_bytes();
            assert_eq!(bytes, body, "{accepted}");
        }
    }

    #[tokio::test]
    async fn who_has_a_form_already_is_not_sent_it_again() {
        let tag = |accepted| {
            let response = answered(&Method::GET, &[(header::ACCEPT_ENCODING, accepted)]);
            said(&response, header::ETAG).to_owned()
        };
        let (plain, br) = (tag("identity"), tag("br"));
        assert_ne!(plain, br, "two forms are two entities");
        assert!(br.starts_with('"') && br.ends_with('"'), "a strong tag: {br}");
        for known in [br.clone(), format!("W/{br}"), format!("\"x\", {br}"), "*".into()] {
            let asked = [(header::ACCEPT_ENCODING, "br"), (header::IF_NONE_MATCH, known.as_str())];
            let response = answered(&Method::GET, &asked);
            assert_eq!(response.status(), 304, "{known}");
            assert_eq!(
                (said(&response, header::ETAG), said(&response, header::CACHE_CONTROL)),
                (&*br, "immutable")
            );
            assert_eq!(said(&response, header::VARY), "accept-encoding");
            assert!(response.into_body().collect().await.unwrap().to_bytes().is_empty());
        }
        for known in [plain, "\"\"".into(), br.trim_matches('"').to_owned(), String::new()] {
            let asked = [(header::ACCEPT_ENCODING, "br"), (header::IF_NONE_MATCH, known.as_str())];
            assert_eq!(answered(&Method::GET, &asked).status(), 200, "{known}");
        }
    }

    #[tokio::test]
    async fn a_head_says_what_a_get_would_without_the_body() {
        let response = answered(&Method::HEAD, &[(header::ACCEPT_ENCODING, "gzip")]);
        assert_eq!(said(&response, header::CONTENT_LENGTH), "2");
        assert_eq!(said(&response, header::CONTENT_ENCODING), "gzip");
        assert!(response.into_body().collect().await.unwrap().to_bytes().is_empty());
    }
}
