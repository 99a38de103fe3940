//! What an operator says about TMDB.

use std::fmt;

use url::Url;

/// A read access token of TMDB's API. It is sent as a bearer token and never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A token as TMDB gives it. `None`: it cannot be one, since it would not fit into a header.
    pub fn new(token: &str) -> Option<Self> {
        let fits = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(token.to_owned()))
    }

    /// The text, for the one header that needs it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// How TMDB is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// What proves who asks.
    pub token: Token,
    /// Where the API is, up to and with its version: `https://api.themoviedb.org/3`.
    pub api: Url,
    /// Where its images are, up to and with `/t/p`, if not at TMDB itself.
    pub images: Option<Url>,
}

/// An address that cannot be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not an http or https address without a password, a question mark or a fragment")]
pub struct InvalidAddress;

impl Settings {
    /// TMDB itself.
    pub const API: &'static str = "https://api.themoviedb.org/3";

    /// A token for TMDB itself.
    pub fn new(token: Token) -> Self {
        let api = base(Self::API, "/3").unwrap_or_else(|_| unreachable!("a literal"));
        Self { token, api, images: None }
    }

    /// A mirror of the API, as an operator writes it. One without a path has it where TMDB has it, at `/3`.
    pub fn api_address(address: &str) -> Result<Url, InvalidAddress> {
        base(address, "/3")
    }

    /// A mirror of the images, as an operator writes it. One without a path has them where TMDB has them, at `/t/p`.
    pub fn image_mirror(address: &str) -> Result<Url, InvalidAddress> {
        base(address, "/t/p")
    }
}

/// An address to which paths are added, without a slash at its end; where it has no path, `usual` is it.
fn base(address: &str, usual: &str) -> Result<Url, InvalidAddress> {
    let mut url = Url::parse(address).map_err(|_| InvalidAddress)?;
    let fine = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !fine {
        return Err(InvalidAddress);
    }
    let path = match url.path().trim_end_matches('/') {
        "" => usual.to_owned(),
        path => path.to_owned(),
    };
    url.set_path(&path);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirror_without_a_path_has_the_api_where_tmdb_has_it() {
        for (address, api) in [
            ("http://10.0.0.7:8080", "http://10.0.0.7:8080/3"),
            ("https://mirror.example/", "https://mirror.example/3"),
            ("https://mirror.example/tmdb/3/", "https://mirror.example/tmdb/3"),
            (Settings::API, Settings::API),
        ] {
            assert_eq!(base(address, "/3").unwrap().as_str(), api, "{address}");
        }
    }

    #[test]
    fn what_is_no_plain_address_is_refused() {
        for wrong in
            ["", "api", "ftp://a/3", "https://me:secret@a/3", "https://a/3?api_key=1", "https://a/3#x"]
        {
            assert_eq!(base(wrong, "/3"), Err(InvalidAddress), "{wrong}");
        }
    }

    #[test]
    fn a_token_is_never_shown() {
        let token = Token::new("eyJhbGciOi.secret").unwrap();
        assert!(!format!("{token:?}").contains("secret"));
        assert_eq!(Token::new("two words"), None);
        assert_eq!(Token::new("line\nbreak"), None);
    }
}
