//! What is a poster, and what is not: by its first bytes and by how large it says that it is. It is passed on as it came.

use bytes::Bytes;
use sha2::{Digest, Sha256};

/// No side of a poster has more pixels. A larger image is none: phones would run out of memory showing it.
pub(crate) const MOST_PIXELS_A_SIDE: usize = 4096;

/// An image that browsers show, told by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ImageKind {
    Jpeg,
    Png,
    WebP,
    Avif,
}

impl ImageKind {
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', b'f', ..] => Some(Self::Avif),
            _ => None,
        }
    }

    pub(crate) fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Avif => "image/avif",
        }
    }
}

/// An image.
#[derive(Debug, Clone)]
pub(crate) struct Poster {
    pub(crate) kind: ImageKind,
    pub(crate) bytes: Bytes,
}

impl Poster {
    /// These bytes, if they are a poster.
    pub(super) fn of(bytes: Bytes) -> Option<Self> {
        let kind = ImageKind::of(&bytes)?;
        let size = imagesize::blob_size(&bytes).ok()?;
        let fine = |side: usize| (1..=MOST_PIXELS_A_SIDE).contains(&side);
        (fine(size.width) && fine(size.height)).then_some(Self { kind, bytes })
    }

    /// Names these bytes and no others, as a strong `ETag`.
    pub(crate) fn etag(&self) -> String {
        format!("\"{}\"", hex::encode(&Sha256::digest(&self.bytes)[..12]))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sovpalo_tmdb::testing::PNG;

    use super::*;

    #[test]
    fn an_image_is_told_by_its_first_bytes() {
        assert_eq!(ImageKind::of(b"\xFF\xD8\xFF\xE0 and so on"), Some(ImageKind::Jpeg));
        assert_eq!(ImageKind::of(b"\x89PNG\r\n\x1A\n and so on"), Some(ImageKind::Png));
        assert_eq!(ImageKind::of(b"RIFF\0\0\0\0WEBPVP8 "), Some(ImageKind::WebP));
        for other in [&b"<svg onload=alert(1)>"[..], b"<!doctype html>", b"", b"GIF89a"] {
            assert_eq!(ImageKind::of(other), None, "{other:?} was taken for an image");
        }
    }

    /// The same image, said to have these sides.
    fn png_of(width: u32, height: u32) -> Bytes {
        let mut png = PNG.to_vec();
        png[16..20].copy_from_slice(&width.to_be_bytes());
        png[20..24].copy_from_slice(&height.to_be_bytes());
        png.into()
    }

    #[test]
    fn an_image_that_is_too_large_to_show_or_says_nothing_of_its_size_is_no_poster() {
        assert!(Poster::of(png_of(500, 750)).is_some());
        for (width, height) in [(0, 750), (500, 0), (60_000, 60_000), (4097, 1), (u32::MAX, u32::MAX)] {
            assert!(Poster::of(png_of(width, height)).is_none(), "{width}×{height}");
        }
        assert!(Poster::of(Bytes::from_static(b"\x89PNG\r\n\x1A\n")).is_none());
        assert!(Poster::of(Bytes::from_static(b"\xFF\xD8\xFF\xE0 and so on")).is_none());
    }

    #[test]
    fn other_bytes_have_another_tag() {
        let tag = |width| Poster::of(png_of(width, 1)).unwrap().etag();
        assert_eq!(tag(1), tag(1));
        assert_ne!(tag(1), tag(2));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(
            start in prop::sample::select(vec![&PNG[..12], b"\xFF\xD8\xFF\xE0", b"RIFF\0\0\0\0WEBPVP8X", b"\0\0\0\x20ftypavif"]),
            rest in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let _ = Poster::of([start, &rest].concat().into());
        }
    }
}
