//! Parses and validates client commands (wire → domain).
//!
//! Everything that can be wrong with a command before a room judges it is found here: impossible ids, unknown titles and
//! decks, names without a visible character.

use std::borrow::Cow;

use sovpalo_catalogue::{Catalogue, Meant};
use sovpalo_domain::{
    ids::{Round, Timestamp, TitleId, UserId},
    language::Language,
    room::{
        Access, AccessChange, Command, Control, Goal, Invalid, PasswordHash, PeopleCommand, Role, Room,
        RoomName, Rule, Settings, SettingsChange, SwipingCommand, Verdict,
    },
    talk::{Emoji, MessageKey, MessageText, TalkCommand},
    title::{BadLine, Title, TitleRef, TitleText, clean_line},
};
use sovpalo_live::rooms::usual_name;

use crate::{deck, screen, wire};

/// More titles than this are refused unread.
pub(crate) const MOST_TITLES: usize = 200;
/// A room's password has at most so many characters; a longer one is `invalid`.
pub(crate) const PASSWORD: usize = 64;
/// A report has at most so many characters; a longer one is `invalid`.
pub(crate) const REASON: usize = 500;

/// What was parsed, or every field that is invalid.
pub(crate) type Parsed<T> = Result<T, Vec<Invalid>>;

/// What commands are parsed against.
pub(crate) struct Parser<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) room: &'a Room,
    /// Of the password that the command sets.
    pub(crate) hash: Option<PasswordHash>,
}

impl Parser<'_> {
    /// A command, checked against the catalogue and the room's own typed titles.
    pub(crate) fn command(&self, command: wire::Command) -> Parsed<Command> {
        let command = match command {
            wire::Command::Ready { ready, round } => meant_for(round, SwipingCommand::Ready(ready)),
            wire::Command::Pick { title } => Command::Swiping(SwipingCommand::Pick(self.title(&title)?)),
            wire::Command::Unpick { title } => Command::Swiping(SwipingCommand::Unpick(self.picked(&title)?)),
            wire::Command::Configure(change) => configure(self.catalogue, self.hash.clone(), change)?,
            // What is looked up for it is not known here: see [`App::start`](crate::App::start).
            wire::Command::Start => Command::Swiping(SwipingCommand::Start),
            wire::Command::Swipe { title, verdict, round } => meant_for(
                round,
                SwipingCommand::Swipe { title: title_id(&title)?, verdict: verdict_of(verdict) },
            ),
            wire::Command::Undo { title, round } => {
                meant_for(round, SwipingCommand::Undo { title: title_id(&title)? })
            }
            wire::Command::Finish => Command::Swiping(SwipingCommand::Finish),
            wire::Command::Restart { round, final_round } => {
                Command::Swiping(SwipingCommand::Restart { round: Round::new(round), final_round })
            }
            wire::Command::Extend { until } => {
                Command::Swiping(SwipingCommand::Extend { until: time("until", &until)? })
            }
            wire::Command::Nudge { member, round } => {
                meant_for(round, SwipingCommand::Nudge { member: user_id(member)? })
            }
            wire::Command::Remove { member } => {
                Command::People(PeopleCommand::Remove { member: user_id(member)? })
            }
            wire::Command::LetIn { member } => {
                Command::People(PeopleCommand::LetIn { member: user_id(member)? })
            }
            wire::Command::Role { member, role } => {
                let role = match role {
                    wire::Role::Host => Role::Host,
                    wire::Role::Moderator => Role::Moderator,
                    wire::Role::Participant => Role::Participant,
                };
                Command::People(PeopleCommand::Role { member: user_id(member)?, role })
            }
            wire::Command::HandOver { member } => {
                Command::People(PeopleCommand::HandOver { member: user_id(member)? })
            }
            wire::Command::Leave => Command::People(PeopleCommand::Leave),
            wire::Command::Show { .. }
            | wire::Command::Play { .. }
            | wire::Command::Pause { .. }
            | wire::Command::Seek { .. }
            | wire::Command::Rate { .. }
            | wire::Command::Enqueue { .. }
            | wire::Command::Dequeue { .. }
            | wire::Command::Next { .. } => Command::Watching(screen::command(&command)?),
            // These are for the timeline and not for the log: see [`talk`].
            wire::Command::Say { .. }
            | wire::Command::Edit { .. }
            | wire::Command::Unsay { .. }
            | wire::Command::React { .. }
            | wire::Command::Read { .. } => return Err(no("type", "messages are not taken here")),
        };
        Ok(command)
    }

    /// All picks at once.
    pub(crate) fn selection(&self, titles: &[wire::TitleRef]) -> Parsed<Command> {
        if titles.len() > MOST_TITLES {
            return Err(no("titles", format!("at most {MOST_TITLES} at once")));
        }
        let mut errors = Vec::new();
        let mut ids = Vec::with_capacity(titles.len());
        for (place, title) in titles.iter().enumerate() {
            match self.title(title) {
                Ok(title) => ids.push(title),
                Err(invalid) => errors.extend(
                    invalid.iter().map(|i| Invalid::new("titles", format!("[{place}]: {}", i.reason))),
                ),
            }
        }
        if errors.is_empty() { Ok(Command::Swiping(SwipingCommand::Select(ids))) } else { Err(errors) }
    }

    fn title(&self, title: &wire::TitleRef) -> Parsed<TitleRef> {
        let id = match title {
            wire::TitleRef::Text { text } => return self.typed(text),
            wire::TitleRef::Id { id } => title_id(id)?,
        };
        if let Some(text) = self.room.text_of(&id) {
            return Ok(TitleRef::Text(text.clone()));
        }
        match self.catalogue.get(&id) {
            Some(title) => Ok(self.listed(&title)),
            None => Err(no("title", "is not in the catalogue")),
        }
    }

    /// A title to take away may have left the catalogue since.
    fn picked(&self, title: &wire::TitleRef) -> Parsed<TitleRef> {
        let id = match title {
            wire::TitleRef::Text { text } => return self.typed(text),
            wire::TitleRef::Id { id } => title_id(id)?,
        };
        Ok(self.catalogue.get(&id).map_or(TitleRef::Catalogue(id), |title| self.listed(&title)))
    }

    /// What was typed becomes the catalogue's title of that name, if there is only one.
    fn typed(&self, text: &str) -> Parsed<TitleRef> {
        let text = TitleText::new(text).map_err(|bad| no("title", bad.to_string()))?;
        let Meant { exactly, nearly } = self.catalogue.meant(text.as_str());
        Ok(match (exactly.as_slice(), nearly.is_empty()) {
            ([], true) => TitleRef::Text(text),
            ([], false) => TitleRef::Known { text, title: None, alike: nearly },
            ([only], _) => TitleRef::Known { text, title: Some(only.clone()), alike: exactly },
            _ => TitleRef::Known { text, title: None, alike: exactly },
        })
    }

    /// A title of the catalogue; somebody may have typed its name before the catalogue had it, or without saying which of two it is.
    fn listed(&self, title: &Title) -> TitleRef {
        let as_typed = title.names().find_map(|name| {
            let dated = title.year.map_or_else(|| name.to_owned(), |year| format!("{name} ({year})"));
            let text = TitleText::new(&dated).ok()?;
            self.room.card_of(&text).is_some().then_some(text)
        });
        match as_typed {
            Some(text) => TitleRef::Known { text, title: Some(title.id.clone()), alike: Vec::new() },
            None => TitleRef::Catalogue(title.id.clone()),
        }
    }
}

/// Reads a change of settings and access, which needs no room. `hash` is of the password that it sets.
pub(crate) fn configure(
    catalogue: &Catalogue,
    hash: Option<PasswordHash>,
    mut change: wire::Change,
) -> Parsed<Command> {
    let access = change.access.take().map(|access| access_change(&access, hash));
    let settings = settings_change(catalogue, change)?;
    Ok(match access.filter(|access| !access.is_empty()) {
        None => Command::Swiping(SwipingCommand::Configure(settings)),
        Some(access) if settings.is_empty() => Command::People(PeopleCommand::Configure(access)),
        Some(access) => Command::Configure { settings, access },
    })
}

/// A command that is for the room's timeline, checked; `None`: it is for the room's log.
pub(crate) fn talk(command: &wire::Command) -> Option<Parsed<TalkCommand>> {
    match command {
        wire::Command::Say { key, text, kind, reply_to } => Some(say(key, text, *kind, *reply_to)),
        wire::Command::Edit { number, text } => {
            let text = MessageText::new(text).map_err(|invalid| vec![invalid]);
            Some(text.map(|text| TalkCommand::Edit { number: *number, text }))
        }
        wire::Command::Unsay { number } => Some(Ok(TalkCommand::Unsay { number: *number })),
        wire::Command::React { number, emoji } => {
            let emoji = emoji.as_deref().map(Emoji::new).transpose().map_err(|invalid| vec![invalid]);
            Some(emoji.map(|emoji| TalkCommand::React { number: *number, emoji }))
        }
        wire::Command::Read { number } => Some(Ok(TalkCommand::Read { number: *number })),
        _ => None,
    }
}

fn say(key: &str, text: &str, kind: Option<wire::SaidKind>, reply_to: Option<u64>) -> Parsed<TalkCommand> {
    let key = MessageKey::new(key);
    let text = match kind {
        None | Some(wire::SaidKind::Text) => MessageText::new(text),
        Some(wire::SaidKind::Emoji) => MessageText::emoji(text),
    };
    match (key, text) {
        (Ok(key), Ok(text)) => Ok(TalkCommand::Say { key, text, reply_to }),
        (key, text) => Err([key.err(), text.err()].into_iter().flatten().collect()),
    }
}

fn meant_for(round: Option<u32>, command: SwipingCommand) -> Command {
    Command::Swiping(match round {
        Some(round) => SwipingCommand::InRound(Round::new(round), Box::new(command)),
        None => command,
    })
}

fn no(field: &'static str, reason: impl Into<Cow<'static, str>>) -> Vec<Invalid> {
    vec![Invalid::new(field, reason)]
}

/// A time as in RFC 3339.
fn time(field: &'static str, typed: &str) -> Parsed<Timestamp> {
    chrono::DateTime::parse_from_rfc3339(typed)
        .map(|time| Timestamp::from_millis(time.timestamp_millis()))
        .map_err(|_| no(field, "is no time as in RFC 3339"))
}

fn user_id(id: i64) -> Parsed<UserId> {
    UserId::new(id).map_err(|_| no("member", "is no user id"))
}

/// Whether something can be a room's password.
pub(crate) fn password(password: &wire::Password) -> Parsed<()> {
    if (1..=PASSWORD).contains(&password.typed().chars().count()) {
        Ok(())
    } else {
        Err(no("access", format!("password has 1 to {PASSWORD} characters")))
    }
}

/// What somebody says against a room: one line that can be seen.
pub(crate) fn reason(typed: &str) -> Parsed<String> {
    clean_line(typed, REASON).map_err(|bad| match bad {
        BadLine::Empty => no("reason", "needs at least one visible character"),
        BadLine::TooLong => no("reason", format!("has at most {REASON} characters")),
    })
}

/// Who gets into a new room.
pub(crate) fn new_access(wanted: Option<&wire::AccessChange>, hash: Option<PasswordHash>) -> Access {
    wanted.map_or_else(Access::default, |wanted| Access::default().with(&access_change(wanted, hash)))
}

/// `hash` is of the password that it sets, if it sets one.
fn access_change(change: &wire::AccessChange, hash: Option<PasswordHash>) -> AccessChange {
    AccessChange {
        listed: change.listed,
        password: change.password.as_ref().map(|password| password.as_ref().and(hash)),
        capacity: change.capacity,
        control: change.control.map(|control| match control {
            wire::Control::Host => Control::Host,
            wire::Control::Moderators => Control::Moderators,
            wire::Control::Everyone => Control::Everyone,
        }),
    }
}

fn title_id(id: &str) -> Parsed<TitleId> {
    TitleId::new(id).map_err(|_| no("title", "is no title id"))
}

/// The settings of a new room, in the language of who makes it where nothing is said.
pub(crate) fn new_room(catalogue: &Catalogue, language: Language, wanted: wire::NewRoom) -> Parsed<Settings> {
    let defaults = Settings::named(usual_name(language));
    let wire::NewRoom { name, rule, goal, picks_per_member, deck, access: _ } = wanted;
    let deck = deck.map(Some);
    let change = wire::Change { name, rule, goal, picks_per_member, deck, ..wire::Change::default() };
    Ok(defaults.with(&settings_change(catalogue, change)?))
}

fn settings_change(catalogue: &Catalogue, change: wire::Change) -> Parsed<SettingsChange> {
    let mut errors = Vec::new();
    let name = match change.name.map(|name| RoomName::new(&name)).transpose() {
        Ok(name) => name,
        Err(invalid) => {
            errors.push(invalid);
            None
        }
    };
    let deck = match change.deck.map(|deck| deck.map(|deck| deck::choice(catalogue, deck)).transpose()) {
        Some(Err(invalid)) => {
            errors.extend(invalid);
            None
        }
        Some(Ok(deck)) => Some(deck),
        None => None,
    };
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(SettingsChange {
        name,
        rule: change.rule.map(|rule| match rule {
            wire::Rule::Unanimous => Rule::Unanimous,
            wire::Rule::Majority => Rule::Majority,
            wire::Rule::AtLeast { likes } => Rule::AtLeast(likes),
        }),
        goal: change.goal.map(|goal| match goal {
            wire::Goal::WholeDeck => Goal::WholeDeck,
            wire::Goal::FirstMatch => Goal::FirstMatch,
            wire::Goal::Matches { count } => Goal::Matches(count),
            wire::Goal::Timed { minutes } => Goal::Timed(minutes),
        }),
        picks_per_member: change.picks_per_member,
        deck,
        leave_out_seen: change.leave_out_seen,
        veto: change.veto,
    })
}

fn verdict_of(verdict: wire::Verdict) -> Verdict {
    match verdict {
        wire::Verdict::Like => Verdict::Like,
        wire::Verdict::Skip => Verdict::Skip,
        wire::Verdict::SuperLike => Verdict::SuperLike,
        wire::Verdict::Veto => Verdict::Veto,
    }
}
