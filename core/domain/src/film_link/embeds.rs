//! Pages that refuse to be framed, and the page of the same film that their site made for it.

use url::Url;

/// The page that a site made for framing; `None`: none is known.
pub(super) fn embedded(found: &Url) -> Option<String> {
    let host = found.host_str()?;
    let parts: Vec<&str> = found.path_segments()?.collect();
    match host.strip_prefix("www.").unwrap_or(host) {
        "vimeo.com" => vimeo(&parts),
        "rutube.ru" => match without_end(&parts) {
            ["video" | "shorts", id] if id.len() == 32 && id.bytes().all(is_hex) => {
                Some(format!("https://rutube.ru/play/embed/{id}"))
            }
            _ => None,
        },
        "vk.com" | "m.vk.com" | "vk.ru" | "m.vk.ru" | "vkvideo.ru" | "m.vkvideo.ru" => {
            let (owner, id) = parts.iter().rev().find_map(|part| vk(part))?;
            Some(format!("https://vk.com/video_ext.php?oid={owner}&id={id}"))
        }
        "ok.ru" | "m.ok.ru" => match parts[..] {
            ["video" | "live", id, ..] => {
                let id = beginning(id, |b| b.is_ascii_digit())?;
                Some(format!("https://ok.ru/videoembed/{id}"))
            }
            _ => None,
        },
        "dailymotion.com" => match parts[..] {
            ["video", id, ..] => dailymotion(id),
            _ => None,
        },
        "dai.ly" if host == "dai.ly" => dailymotion(parts.first()?),
        "drive.google.com" if host == "drive.google.com" => match parts[..] {
            ["file", "d", id, ..] => {
                let id = beginning(id, |b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))?;
                Some(format!("https://drive.google.com/file/d/{id}/preview"))
            }
            _ => None,
        },
        _ => None,
    }
}

fn vimeo(parts: &[&str]) -> Option<String> {
    let parts = without_end(parts);
    let film = if let ["channels", _, film @ ..] | ["groups", _, "videos", film @ ..] = parts {
        film
    } else {
        parts
    };
    let is_id = |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
    match film {
        [id] if is_id(id) => Some(format!("https://player.vimeo.com/video/{id}")),
        [id, secret] if is_id(id) && !secret.is_empty() && secret.bytes().all(is_hex) => {
            Some(format!("https://player.vimeo.com/video/{id}?h={secret}"))
        }
        _ => None,
    }
}

/// `video-22822305_456241864`
fn vk(part: &str) -> Option<(&str, &str)> {
    let ids = part.strip_prefix("video").or_else(|| part.strip_prefix("clip"))?;
    let (owner, id) = ids.split_once('_')?;
    let digits = owner.strip_prefix('-').unwrap_or(owner);
    let is_owner = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let id = beginning(id, |b| b.is_ascii_digit())?;
    is_owner.then_some((owner, id))
}

fn dailymotion(id: &str) -> Option<String> {
    let id = beginning(id, |b| b.is_ascii_alphanumeric())?;
    Some(format!("https://geo.dailymotion.com/player.html?video={id}"))
}

/// Without the nothing after the last slash.
fn without_end<'a, 'b>(parts: &'b [&'a str]) -> &'b [&'a str] {
    parts.strip_suffix(&[""]).unwrap_or(parts)
}

/// What a text begins with of these bytes, if it does.
fn beginning(text: &str, is_of_it: impl Fn(u8) -> bool) -> Option<&str> {
    let length = text.bytes().take_while(|b| b.is_ascii() && is_of_it(*b)).count();
    (length > 0).then(|| &text[..length])
}

fn is_hex(b: u8) -> bool {
    b.is_ascii_digit() || matches!(b, b'a'..=b'f')
}
