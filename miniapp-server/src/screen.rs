//! What is watched, between the wire and the domain: commands that are read, and the screen as it is said.

use sovpalo_domain::{
    ids::UserId,
    room::{FilmTime, Invalid, ItemId, Media, MediaKind, Rate, Screen, ScreenAction, WatchingCommand},
};

use crate::wire;

/// A command about the screen, checked.
pub(crate) fn command(command: &wire::Command) -> Result<WatchingCommand, Vec<Invalid>> {
    let (action, rev) = action(command).map_err(|invalid| vec![invalid])?;
    Ok(WatchingCommand { rev, ..action.into() })
}

fn action(command: &wire::Command) -> Result<(ScreenAction, Option<u64>), Invalid> {
    use wire::Command as Said;
    Ok(match command {
        Said::Show { media: wanted, rev } => {
            (ScreenAction::Show(wanted.as_ref().map(media_wanted).transpose()?), *rev)
        }
        Said::Play { position_s, rev } => (ScreenAction::Play(FilmTime::from_seconds(*position_s)?), *rev),
        Said::Pause { position_s, rev } => (ScreenAction::Pause(FilmTime::from_seconds(*position_s)?), *rev),
        Said::Seek { position_s, rev } => (ScreenAction::Seek(FilmTime::from_seconds(*position_s)?), *rev),
        Said::Rate { rate, rev } => (ScreenAction::Rate(Rate::new(*rate)?), *rev),
        Said::Enqueue { media, item } => {
            (ScreenAction::Enqueue { item: ItemId::new("item", item)?, media: media_wanted(media)? }, None)
        }
        Said::Dequeue { item } => (ScreenAction::Dequeue(ItemId::new("item", item)?), None),
        Said::Next { after } => {
            let after = after.as_deref().map(|after| ItemId::new("after", after)).transpose()?;
            (ScreenAction::Next { after }, None)
        }
        _ => return Err(Invalid::new("type", "is not about the screen")),
    })
}

fn media_wanted(wanted: &wire::WantedMedia) -> Result<Media, Invalid> {
    let kind = match wanted.kind {
        wire::MediaKind::Youtube => MediaKind::Youtube,
        wire::MediaKind::Twitch => MediaKind::Twitch,
        wire::MediaKind::File => MediaKind::File,
        wire::MediaKind::Hls => MediaKind::Hls,
        wire::MediaKind::Frame => MediaKind::Frame,
    };
    Media::new(kind, &wanted.url, wanted.title.as_deref())
}

/// Whether a signal says something that can be.
pub(crate) fn makes_sense(signal: &wire::Signal) -> bool {
    match signal {
        wire::Signal::Typing | wire::Signal::Voice { .. } | wire::Signal::Rtc { .. } => true,
        wire::Signal::Playback { position_s, duration_s, .. } => {
            duration_s.iter().chain([position_s]).all(|seconds| FilmTime::from_seconds(*seconds).is_ok())
        }
    }
}

/// The screen in the shape of the wire, the same for every member.
pub(crate) fn screen(screen: &Screen) -> wire::Screen {
    let item = |item: &ItemId| item.as_str().to_owned();
    let playlist = screen.playlist.iter();
    wire::Screen {
        rev: screen.rev,
        media: media(&screen.media),
        item: screen.item.as_ref().map(item),
        playing: screen.playing,
        position_s: screen.position.seconds(),
        rate: screen.rate.factor(),
        at: screen.at.millis(),
        by: screen.by.get(),
        lent_to: screen.borrower.map(UserId::get),
        playlist: playlist
            .map(|next| wire::PlaylistItem {
                item: item(&next.item),
                media: media(&next.media),
                by: next.by.get(),
            })
            .collect(),
    }
}

fn media(media: &Media) -> wire::Media {
    wire::Media {
        kind: match media.kind() {
            MediaKind::Youtube => wire::MediaKind::Youtube,
            MediaKind::Twitch => wire::MediaKind::Twitch,
            MediaKind::File => wire::MediaKind::File,
            MediaKind::Hls => wire::MediaKind::Hls,
            MediaKind::Frame => wire::MediaKind::Frame,
        },
        url: media.url().to_owned(),
        title: media.title().map(Into::into),
        duration_s: None,
    }
}
