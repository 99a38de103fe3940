//! Writes the shapes of the contract as TypeScript into the file that is named as the argument.
//!
//! `cargo run -p sovpalo-server --example export-types --features schema -- miniapp-ui/src/generated/wire.ts`

use std::{env, fs, io, path::PathBuf};

use sovpalo_server::{FieldProblem, Problem, wire};
use ts_rs::{Config, TS};

fn main() -> io::Result<()> {
    let Some(file) = env::args_os().nth(1).map(PathBuf::from) else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "name the file to write as the argument"));
    };
    // Every integer of the contract fits a double: Telegram promises 52 bits for ids.
    let config = Config::new().with_large_int("number");
    let mut source =
        String::from("// Generated from the server's own shapes by `cargo xtask types`. Do not edit.\n");
    macro_rules! declare {
        ($($shape:ty),+ $(,)?) => {
            $(
                source.push('\n');
                if let Some(docs) = <$shape as TS>::docs() {
                    source.push_str(&docs);
                }
                source.push_str("export ");
                source.push_str(&<$shape as TS>::decl(&config));
                source.push('\n');
            )+
        };
    }
    declare!(
        wire::Kind,
        wire::Title,
        wire::TitleRef,
        wire::TitlePage,
        wire::ReadAs,
        wire::TitleLines,
        wire::ListedTitle,
        wire::TitleList,
        wire::Phase,
        wire::Rule,
        wire::Goal,
        wire::Verdict,
        wire::User,
        wire::Role,
        wire::Control,
        wire::Password,
        wire::Access,
        wire::AccessChange,
        wire::JoinBody,
        wire::ReportBody,
        wire::Member,
        wire::Match,
        wire::Ranked,
        wire::DeckName,
        wire::Deck,
        wire::Room,
        wire::Preview,
        wire::ListedMember,
        wire::RoomSummary,
        wire::SaidKind,
        wire::MessageKind,
        wire::SystemWhat,
        wire::SystemNote,
        wire::Message,
        wire::MessagePage,
        wire::Messages,
        wire::MessagesInBrief,
        wire::NewRoom,
        wire::Selections,
        wire::Session,
        wire::SignedIn,
        wire::EarnedAchievement,
        wire::PersonalStats,
        wire::Change,
        wire::MediaKind,
        wire::Media,
        wire::WantedMedia,
        wire::PlaylistItem,
        wire::Screen,
        wire::OnScreen,
        wire::PlaybackState,
        wire::Command,
        wire::Event,
        wire::Happened,
        wire::Opened,
        wire::RoomEvent,
        wire::SocketAck,
        wire::SocketRefused,
        wire::PresenceFrame,
        wire::Stand,
        wire::IceServer,
        wire::IceServers,
        wire::SocketServerFrame,
        wire::OpenFrame,
        wire::CloseFrame,
        wire::RoomCommandFrame,
        wire::ClockFrame,
        wire::Signal,
        wire::SignalFrame,
        wire::SocketClientFrame,
        wire::Presence,
        wire::Updates,
        FieldProblem,
        Problem,
    );
    for (name, value) in [
        ("CLIENT_PATIENCE_MS", wire::CLIENT_PATIENCE_MS),
        ("CLIENT_ATTEMPTS", u64::from(wire::CLIENT_ATTEMPTS)),
    ] {
        for part in ["\nexport const ", name, " = ", &value.to_string(), ";\n"] {
            source.push_str(part);
        }
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    // Untouched when nothing changed, so that whoever watches the file does not wake up.
    if fs::read_to_string(&file).ok().as_deref() != Some(source.as_str()) {
        fs::write(&file, source)?;
    }
    Ok(())
}
