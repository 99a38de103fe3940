//! Reads the moment that a link names: `90`, `90s`, `1h2m3s`, `1:02:03`.

use std::borrow::Cow;

use url::form_urlencoded;

use crate::room::FilmTime;

/// A parameter of a query, or of what stands after the `#`.
pub(super) fn named(parameters: &str, name: &str) -> Option<String> {
    let mut all = form_urlencoded::parse(parameters.as_bytes());
    all.find(|(key, _)| key == name).map(|(_, value)| Cow::into_owned(value))
}

/// What stands before the comma of `90,120` counts; what cannot be read is the beginning.
pub(super) fn of(text: Option<&str>) -> FilmTime {
    let text = text.unwrap_or_default();
    let text = text.strip_prefix("npt:").unwrap_or(text);
    let text = text.split(',').next().unwrap_or_default().to_ascii_lowercase();
    let seconds = by_clock(&text).or_else(|| by_units(&text));
    seconds.and_then(|seconds| FilmTime::from_seconds(seconds).ok()).unwrap_or_default()
}

/// `1:02:03`, `2:03.5`
fn by_clock(text: &str) -> Option<f64> {
    let parts: Vec<&str> = text.split(':').collect();
    let (hours, minutes, seconds) = match parts[..] {
        [minutes, seconds] => ("0", minutes, seconds),
        [hours, minutes, seconds] => (hours, minutes, seconds),
        _ => return None,
    };
    let digits_of_seconds = seconds.split('.').next().map_or(0, str::len);
    if hours.len() > 3 || minutes.len() > 3 || digits_of_seconds > 2 {
        return None;
    }
    Some(number(hours)? * 3_600.0 + number(minutes)? * 60.0 + decimal(seconds)?)
}

/// `1h2m3s`, in which nothing has to be; seconds may stand without their `s`.
fn by_units(text: &str) -> Option<f64> {
    let (hours, rest) = text.split_once('h').unwrap_or(("0", text));
    let (minutes, rest) = rest.split_once('m').unwrap_or(("0", rest));
    let seconds = rest.strip_suffix('s').unwrap_or(rest);
    let seconds = if rest.is_empty() { 0.0 } else { decimal(seconds)? };
    Some(number(hours)? * 3_600.0 + number(minutes)? * 60.0 + seconds)
}

fn number(digits: &str) -> Option<f64> {
    let is_one = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if is_one { digits.parse().ok() } else { None }
}

fn decimal(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    number(whole)?;
    number(fraction)?;
    text.parse().ok()
}
