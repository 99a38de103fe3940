//! Judging how TMDB is reached.

use sovpalo_tmdb::{InvalidAddress, Settings, Token};
use url::Url;

/// Judges the settings together; one that is empty is not there. Each mistake goes to `wrong`; none of them quotes anything.
pub(super) fn judge(
    (token, api, images): (Option<&str>, Option<&str>, Option<&str>),
    wrong: &mut impl FnMut(String),
) -> Option<Settings> {
    let mut mirror = |name: &str, address: Option<&str>, read: fn(&str) -> Result<Url, InvalidAddress>| {
        read(address?).inspect_err(|why| wrong(format!("{name} {why}"))).ok()
    };
    let api = mirror("TMDB_API_URL", api, Settings::api_address);
    let images = mirror("TMDB_IMAGE_URL", images, Settings::image_mirror);
    let Some(token) = Token::new(token?) else {
        wrong(
            "TMDB_TOKEN is not a token: one line of letters, digits and signs, as TMDB's page shows it"
                .into(),
        );
        return None;
    };
    let usual = Settings::new(token);
    Some(Settings { api: api.unwrap_or(usual.api.clone()), images, ..usual })
}

/// A country by its ISO 3166 alpha-2 code, whatever its case.
pub(super) fn region(code: Option<&str>, wrong: &mut impl FnMut(String)) -> Option<String> {
    let code = code?.to_ascii_uppercase();
    let fine = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if !fine {
        wrong("REGION is a country's two letters, like FR".into());
    }
    fine.then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(token: &str, api: &str, images: &str) -> (Option<Settings>, Vec<String>) {
        let mut mistakes = Vec::new();
        let set = |value| Some(value).filter(|value: &&str| !value.is_empty());
        let settings = judge((set(token), set(api), set(images)), &mut |mistake| mistakes.push(mistake));
        (settings, mistakes)
    }

    #[test]
    fn without_a_token_nobody_is_asked_and_with_one_tmdb_itself() {
        assert_eq!(judged("", "", ""), (None, vec![]));
        let (settings, mistakes) = judged("token", "", "");
        assert_eq!((settings.unwrap().api.as_str(), mistakes), (Settings::API, vec![]));
    }

    #[test]
    fn every_mistake_is_named_and_nothing_is_quoted() {
        let (settings, mistakes) = judged("two words", "http://me:hidden@mirror", "not an address");
        assert_eq!(settings, None);
        assert_eq!(mistakes.len(), 3, "{mistakes:?}");
        for (mistake, name) in mistakes.iter().zip(["TMDB_API_URL", "TMDB_IMAGE_URL", "TMDB_TOKEN"]) {
            assert!(mistake.starts_with(name), "{mistake}");
            assert!(!mistake.contains("hidden") && !mistake.contains("two words"), "{mistake}");
        }
    }

    #[test]
    fn a_region_is_two_letters() {
        let mut mistakes = Vec::new();
        assert_eq!(region(Some("fr"), &mut |mistake| mistakes.push(mistake)).as_deref(), Some("FR"));
        assert_eq!(region(None, &mut |mistake| mistakes.push(mistake)), None);
        assert_eq!(region(Some("France"), &mut |mistake| mistakes.push(mistake)), None);
        assert_eq!(mistakes.len(), 1);
    }
}
