//! The addresses of TMDB's posters.
//!
//! A title remembers the address at TMDB itself, whatever mirror it came by; [`image_address`] says where the image is
//! to be fetched. So a mirror can be changed without touching what is stored.
//!
//! <https://developer.themoviedb.org/docs/image-basics>

use url::Url;

/// Where TMDB has its images.
pub const POSTERS: &str = "https://image.tmdb.org/t/p";

/// The widths in which posters are fetched, smallest first. Others that TMDB has are not asked for.
pub const SIZES: [&str; 4] = ["w92", "w185", "w342", "w500"];
/// The width that a card needs.
pub const DEFAULT_SIZE: &str = "w500";

/// The longest name of an image.
const LONGEST_NAME: usize = 64;
const ENDINGS: [&str; 5] = ["jpg", "jpeg", "png", "webp", "avif"];

/// The address of a poster at TMDB, by what its API calls it (`/f89U3.jpg`). `None`: that is no image's name.
pub(crate) fn poster(path: &str) -> Option<String> {
    let name = path.strip_prefix('/').filter(|name| is_name(name))?;
    Some(format!("{POSTERS}/{DEFAULT_SIZE}/{name}"))
}

/// The name of the image at an address at TMDB. `None`: the address is another one.
pub fn image_of(address: &str) -> Option<&str> {
    let (size, name) = address.strip_prefix(POSTERS)?.strip_prefix('/')?.split_once('/')?;
    (SIZES.contains(&size) && is_name(name)).then_some(name)
}

/// The smallest size of the image at an address at TMDB. `None`: the address is another one.
pub fn smallest(address: &str) -> Option<String> {
    image_of(address).map(|name| format!("{POSTERS}/{}/{name}", SIZES[0]))
}

/// Where an image of TMDB is fetched in a size: at TMDB itself, or at a mirror. `None`: there is no such size, or that is no
/// image's name.
pub fn image_address(mirror: Option<&Url>, size: &str, name: &str) -> Option<String> {
    if !SIZES.contains(&size) || !is_name(name) {
        return None;
    }
    let base = mirror.map_or(POSTERS, Url::as_str).trim_end_matches('/');
    Some(format!("{base}/{size}/{name}"))
}

fn is_name(name: &str) -> bool {
    let Some((stem, ending)) = name.split_once('.') else { return false };
    let fine = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    !stem.is_empty() && name.len() <= LONGEST_NAME && stem.bytes().all(fine) && ENDINGS.contains(&ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poster_is_remembered_at_tmdb_and_fetched_from_the_mirror() {
        let address = poster("/f89U3ADr1oiB1s9GkdPOEpXUk5H.jpg").unwrap();
        let name = image_of(&address).unwrap();
        let mirror = crate::Settings::image_mirror("http://mirror.internal:8081").unwrap();
        assert_eq!(
            image_address(Some(&mirror), "w342", name).unwrap(),
            "http://mirror.internal:8081/t/p/w342/f89U3ADr1oiB1s9GkdPOEpXUk5H.jpg"
        );
        assert_eq!(image_address(None, DEFAULT_SIZE, name).unwrap(), address);
    }

    #[test]
    fn nothing_but_the_name_of_an_image_gets_into_an_address() {
        for wrong in [
            "",
            "/",
            "/../w92/a.jpg",
            "/a.svg",
            "/a",
            "a.jpg",
            "/a.jpg?x",
            "/.jpg",
            "//evil/a.jpg",
            "/a.b.jpg",
        ] {
            assert_eq!(poster(wrong), None, "{wrong}");
        }
        assert_eq!(poster(&format!("/{}.jpg", "a".repeat(100))), None);
        assert_eq!(image_address(None, "original", "a.jpg"), None);
        assert_eq!(image_of("https://image.tmdb.org/t/p/w500/../../x.jpg"), None);
        assert_eq!(image_of("https://image.tmdb.org.evil/t/p/w500/x.jpg"), None);
    }
}
