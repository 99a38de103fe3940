//! The texts, captions, previews and photos of a call, checked.

use serde_json::Value;
use url::Url;

use super::{params::Params, refusal::Refusal};
use crate::{
    text::{self, Formatted},
    world::{World, messages::Photo},
};

/// Photos may be this large.
const LARGEST_PHOTO: usize = 10 * 1024 * 1024;

const LONGEST_TEXT: usize = 4096;
const LONGEST_CAPTION: usize = 1024;

/// A message's text: there, and not too long (the refusal differs between sending and editing).
pub(super) fn text(
    value: Option<&str>,
    mode: Option<&str>,
    entities: Option<&Vec<Value>>,
    too_long: &str,
) -> Result<Formatted, Refusal> {
    let formatted = formatted(value.unwrap_or_default(), mode, entities)?;
    if formatted.text.trim().is_empty() {
        return Err(Refusal::bad("message text is empty"));
    }
    if formatted.length() > LONGEST_TEXT {
        return Err(Refusal::bad(too_long));
    }
    Ok(formatted)
}

/// A caption, which may be empty.
pub(super) fn caption(
    value: Option<&str>,
    mode: Option<&str>,
    entities: Option<&Vec<Value>>,
) -> Result<Formatted, Refusal> {
    let formatted = formatted(value.unwrap_or_default(), mode, entities)?;
    if formatted.length() > LONGEST_CAPTION {
        return Err(Refusal::bad("message caption is too long"));
    }
    Ok(formatted)
}

fn formatted(value: &str, mode: Option<&str>, entities: Option<&Vec<Value>>) -> Result<Formatted, Refusal> {
    match entities.filter(|_| mode.is_none_or(str::is_empty)) {
        Some(given) => text::with_entities(value, given),
        None => text::parse(value, mode),
    }
    .map_err(Refusal::bad)
}

/// `link_preview_options`, if they are what they should be.
pub(super) fn preview(options: Option<&Value>) -> Result<Option<Value>, Refusal> {
    let Some(options) = options else { return Ok(None) };
    let wrong = |field: &str, kind: &str| {
        Refusal::bad(format!("can't parse link preview options: Field \"{field}\" must be of type {kind}"))
    };
    for flag in ["is_disabled", "prefer_small_media", "prefer_large_media", "show_above_text"] {
        if options.get(flag).is_some_and(|value| !value.is_boolean()) {
            return Err(wrong(flag, "Boolean"));
        }
    }
    match options.get("url") {
        Some(Value::String(_)) | None => Ok(Some(options.clone())),
        Some(_) => Err(wrong("url", "String")),
    }
}

/// The photo of `sendPhoto`: an address, an id that was given before, or an upload.
pub(super) fn photo(world: &mut World, params: &Params) -> Result<Photo, Refusal> {
    let given = params.filled("photo");
    let upload = match given {
        Some(name) if name.starts_with("attach://") => {
            let name = name.trim_start_matches("attach://");
            Some(
                params
                    .file(name)
                    .ok_or_else(|| Refusal::bad("can't parse InputFile: the attached file was not found"))?,
            )
        }
        Some(_) => None,
        None => params.file("photo"),
    };
    if let Some(file) = upload {
        if file.bytes.len() > LARGEST_PHOTO {
            return Err(Refusal::new(413, "Request Entity Too Large"));
        }
        let Some(mime) = image_type(&file.bytes) else {
            return Err(Refusal::bad("IMAGE_PROCESS_FAILED"));
        };
        let mut file = file.clone();
        mime.clone_into(&mut file.mime);
        let id = world.token("AgACAgIAAx");
        world.files.insert(id.clone(), file);
        return Ok(Photo::File(id));
    }
    let given = given.ok_or_else(|| Refusal::bad("there is no photo in the request"))?;
    if world.files.contains_key(given) {
        return Ok(Photo::File(given.to_owned()));
    }
    let address = given
        .strip_prefix("url-")
        .and_then(|encoded| String::from_utf8(hex::decode(encoded).ok()?).ok())
        .unwrap_or_else(|| given.to_owned());
    photo_address(&address).ok_or_else(|| Refusal::bad("wrong file identifier/HTTP URL specified"))
}

/// A photo at an address.
pub(super) fn photo_address(address: &str) -> Option<Photo> {
    let url = Url::parse(address).ok()?;
    let good = matches!(url.scheme(), "http" | "https") && url.has_host();
    good.then(|| Photo::Url(address.to_owned()))
}

fn image_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        _ => None,
    }
}
