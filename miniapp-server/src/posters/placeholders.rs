//! What is shown until a poster is there: the same picture in a few pixels, which every browser draws large and soft. It is a part of the
//! title, so that nothing is asked for it.
//!
//! Each is made on this node from a small size of its poster, while nobody waits, and is forgotten with the process: the poster stays on
//! the disk.

use std::{
    collections::HashMap,
    io::Cursor,
    sync::{Arc, Mutex},
};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use image::{
    ExtendedColorType, ImageEncoder, ImageError, ImageReader, Limits,
    codecs::png::PngEncoder,
    imageops::{FilterType, resize},
};
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{
    fetcher::{Fetcher, NoPoster, held},
    image::Poster,
};

/// The width of a placeholder, in pixels. More would show little more, and it is sent with every title.
const WIDTH: u32 = 6;
/// And its height, for pictures from low to as high as posters get.
const HEIGHTS: std::ops::RangeInclusive<u32> = 4..=12;
/// A poster with more pixels a side gets no placeholder: to make one, it is unpacked whole.
pub(crate) const MOST_PIXELS: u32 = 2_048;
/// What it may take in memory meanwhile, in bytes: four for each pixel, and as much again.
const MOST_MEMORY: u64 = 8 * (MOST_PIXELS as u64).pow(2);
/// So many placeholders are remembered. For another one any of them is forgotten.
pub(crate) const MOST_PLACEHOLDERS: usize = 20_000;
/// So many are being made. Another one is made when it is asked for again.
pub(crate) const MOST_MADE: usize = 64;

pub(super) struct Placeholders {
    /// By the address of the poster. `None`: it is being made, or cannot be.
    made: Mutex<HashMap<String, Option<Box<str>>>>,
    making: Arc<Semaphore>,
    /// One after the other: they are to take no processor from those who wait for something.
    turn: Semaphore,
}

impl Default for Placeholders {
    fn default() -> Self {
        Self { made: Mutex::default(), making: Arc::new(Semaphore::new(MOST_MADE)), turn: Semaphore::new(1) }
    }
}

impl Placeholders {
    /// That of the poster at an address, if it has been made.
    pub(super) fn of(&self, address: &str) -> Option<String> {
        held(&self.made).get(address)?.as_deref().map(Into::into)
    }

    /// Begins to make it, unless that was done before.
    pub(super) fn make(self: &Arc<Self>, fetcher: &Arc<Fetcher>, address: &str) {
        let Ok(place) = Arc::clone(&self.making).try_acquire_owned() else { return };
        if !self.begins(address) {
            return;
        }
        let (placeholders, fetcher, address) = (Arc::clone(self), Arc::clone(fetcher), address.to_owned());
        tokio::spawn(async move {
            let _place = place;
            let small = sovpalo_tmdb::smallest(&address).unwrap_or_else(|| address.clone());
            match placeholders.made_of(&fetcher, &small).await {
                Ok(made) => drop(held(&placeholders.made).insert(address, made)),
                // The next who asks has it tried again.
                Err(NoPoster::NotThere | NoPoster::Busy) => drop(held(&placeholders.made).remove(&address)),
            }
        });
    }

    /// Whether nobody has begun it.
    fn begins(&self, address: &str) -> bool {
        let mut made = held(&self.made);
        if made.contains_key(address) {
            return false;
        }
        if made.len() >= MOST_PLACEHOLDERS
            && let Some(any) = made.keys().next().cloned()
        {
            made.remove(&any);
        }
        made.insert(address.to_owned(), None);
        true
    }

    /// `Ok(None)`: of this poster none can be made.
    async fn made_of(&self, fetcher: &Arc<Fetcher>, address: &str) -> Result<Option<Box<str>>, NoPoster> {
        let poster = fetcher.kept_or_fetched(address).await?;
        let _turn = self.turn.acquire().await.map_err(|_| NoPoster::Busy)?;
        let drawn = spawn_blocking(move || draw(&poster)).await;
        Ok(match drawn {
            Ok(Ok(drawn)) => Some(drawn.into()),
            Ok(Err(error)) => {
                tracing::debug!(%error, "a poster has no placeholder");
                None
            }
            Err(error) => {
                tracing::warn!(%error, "a poster has no placeholder");
                None
            }
        })
    }
}

/// The address of a picture that is the poster in a few pixels.
fn draw(poster: &Poster) -> Result<String, ImageError> {
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(MOST_PIXELS), Some(MOST_PIXELS));
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::new(Cursor::new(&poster.bytes)).with_guessed_format()?;
    reader.limits(limits);
    let picture = reader.decode()?.into_rgb8();
    let (width, height) = picture.dimensions();
    let height = (WIDTH * height).div_ceil(width).clamp(*HEIGHTS.start(), *HEIGHTS.end());
    let small = resize(&picture, WIDTH, height, FilterType::Triangle);
    let mut png = Vec::new();
    PngEncoder::new(&mut png).write_image(&small, WIDTH, height, ExtendedColorType::Rgb8)?;
    Ok(format!("data:image/png;base64,{}", BASE64_STANDARD.encode(png)))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
    use proptest::prelude::*;
    use sovpalo_tmdb::testing::StandIn;

    use super::*;
    use crate::posters::Posters;

    /// Blue above and orange below.
    fn picture(width: u32, height: u32, format: ImageFormat) -> Poster {
        let picture = RgbImage::from_fn(width, height, |_, y| {
            if y < height / 2 { Rgb([20, 40, 200]) } else { Rgb([240, 140, 10]) }
        });
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::from(picture).write_to(&mut bytes, format).unwrap();
        Poster::of(bytes.into_inner().into()).unwrap()
    }

    fn drawn(poster: &Poster) -> RgbImage {
        let address = draw(poster).unwrap();
        let png = address.strip_prefix("data:image/png;base64,").unwrap();
        assert!(address.len() < 500, "{} bytes", address.len());
        image::load_from_memory(&BASE64_STANDARD.decode(png).unwrap()).unwrap().into_rgb8()
    }

    #[test]
    fn it_is_the_poster_in_a_few_pixels_whatever_its_format() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let small = drawn(&picture(92, 138, format));
            assert_eq!(small.dimensions(), (6, 9), "{format:?}");
            let Rgb([red, _, blue]) = *small.get_pixel(2, 1);
            assert!(blue > 150 && red < 60, "{format:?}: the upper half is {:?}", small.get_pixel(2, 1));
            let Rgb([red, _, blue]) = *small.get_pixel(2, 7);
            assert!(red > 200 && blue < 60, "{format:?}: the lower half is {:?}", small.get_pixel(2, 7));
        }
    }

    #[test]
    fn a_picture_of_any_shape_has_one_and_a_huge_one_none() {
        for (width, height, small) in [(1, 1, 6), (2, 900, 12), (900, 2, 4), (500, 750, 9)] {
            assert_eq!(drawn(&picture(width, height, ImageFormat::Png)).height(), small, "{width}×{height}");
        }
        assert!(draw(&picture(MOST_PIXELS + 1, 4, ImageFormat::Png)).is_err());
    }

    proptest! {
        #[test]
        fn a_broken_picture_has_none_and_does_no_harm(
            format in prop::sample::select(vec![ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP]),
            at in any::<prop::sample::Index>(),
            byte in any::<u8>(),
            length in any::<prop::sample::Index>(),
        ) {
            let Poster { kind, bytes } = picture(20, 30, format);
            let mut broken = bytes.to_vec();
            *at.get_mut(&mut broken) = byte;
            broken.truncate(length.index(broken.len() + 1));
            let _ = draw(&Poster { kind, bytes: Bytes::from(broken) });
        }
    }

    async fn with_stand_in(asks_tmdb: bool) -> (tempfile::TempDir, StandIn, Posters) {
        let dir = tempfile::tempdir().unwrap();
        let stand_in = StandIn::start().await;
        let posters = Posters::new(dir.path(), stand_in.settings().images, asks_tmdb);
        (dir, stand_in, posters)
    }

    #[tokio::test]
    async fn it_is_made_once_of_the_smallest_size_while_nobody_waits() {
        let (_dir, stand_in, posters) = with_stand_in(true).await;
        let address = sovpalo_tmdb::image_address(None, "w500", "lighthouselighthouse.jpg").unwrap();
        for _ in 0..3 {
            posters.make_placeholder(&address);
        }
        assert_eq!(posters.placeholder(&address), None, "it is not there at once");
        // All places are free again when it is made.
        let places = u32::try_from(MOST_MADE).unwrap();
        drop(posters.placeholders.making.acquire_many(places).await);
        assert!(posters.placeholder(&address).unwrap().starts_with("data:image/png;base64,"));
        posters.make_placeholder(&address);
        drop(posters.placeholders.making.acquire_many(places).await);
        assert_eq!(stand_in.asked(), ["/t/p/w92/lighthouselighthouse.jpg"]);
    }

    #[tokio::test]
    async fn without_a_token_none_is_made_of_a_poster_of_tmdb() {
        let (_dir, _stand_in, posters) = with_stand_in(false).await;
        let address = sovpalo_tmdb::image_address(None, "w500", "lighthouselighthouse.jpg").unwrap();
        posters.make_placeholder(&address);
        assert!(posters.placeholders.begins(&address), "somebody has begun it");
    }

    #[test]
    fn no_more_are_remembered_than_that() {
        let placeholders = Placeholders::default();
        for number in 0..MOST_PLACEHOLDERS + 10 {
            assert!(placeholders.begins(&number.to_string()));
        }
        assert_eq!(held(&placeholders.made).len(), MOST_PLACEHOLDERS);
    }
}
