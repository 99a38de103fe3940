//! The card: what a chat sees of its room.
//!
//! A pure function of the room. It shows who is in, how much is picked, how far everybody is, what
//! matched, and what is watched; never where a film is, which changes all the time, and never what anybody thinks of a title. Its button is an ordinary link, since Telegram allows nothing else in
//! groups. However big the room is, the text stays far below Telegram's 4096 characters.

use sovpalo_domain::{
    language::Language,
    room::{Member, PhaseName, Room, Screen},
};

use crate::{
    captions::{Captions, film},
    html::{self, Shown, shown},
    links::Links,
    outgoing::Message,
    texts::{Value, number, say, say_with},
};

/// At most this many people are named.
const NAMES: usize = 12;
/// At most this many matches are named.
const MATCHES: usize = 10;
/// At most this many near misses are named.
const NEAREST: usize = 3;

/// Draws a room's card.
pub(crate) fn draw(room: &Room, captions: Captions<'_>, links: &Links) -> Message {
    let language = captions.language;
    let screen = room.screen();
    let mut parts = vec![heading(room, language)];
    parts.extend(screen.as_ref().map(|screen| on(screen, language)));
    let button = match room.phase() {
        PhaseName::Lobby | PhaseName::Finished if screen.is_some() => {
            parts.push(people_here(room, language));
            parts.push(matches(room, captions));
            parts.push(format!("\n{}", say(language, "bot-card-watch-hint")));
            "bot-button-watch"
        }
        PhaseName::Lobby => {
            let picks = picks(room);
            let hint = if picks == 0 { "bot-card-hint" } else { "bot-card-swipe-hint" };
            parts.push(people(room, language));
            parts.push(say_with(language, "bot-card-picks", [("count", number(picks))]));
            parts.push(matches(room, captions));
            parts.push(format!("\n{}", say(language, hint)));
            "bot-button-join"
        }
        PhaseName::Swiping => {
            parts.push(say_with(language, "bot-card-swiping", [("count", number(room.deck().len()))]));
            parts.extend(lasts(room, language));
            parts.push(progress(room, language));
            parts.push(matches(room, captions));
            "bot-button-swipe"
        }
        PhaseName::Finished => {
            parts.push(people(room, language));
            parts.push(say(language, "bot-card-finished"));
            parts.push(matches(room, captions));
            parts.push(nearest(room, captions));
            "bot-button-results"
        }
    };
    parts.retain(|part| !part.is_empty());
    let message = Message::text(parts.join("\n")).link(say(language, button), links.room(room.code()));
    match beside(room, screen.is_some()) {
        Some(label) => message.link(say(language, label), links.cinema(room.code())),
        None => message,
    }
}

/// What a second button says, which leads into the cinema: where the first one does not.
fn beside(room: &Room, is_on: bool) -> Option<&'static str> {
    match (room.phase(), is_on) {
        (PhaseName::Swiping, true) | (PhaseName::Finished, false) => Some("bot-button-watch"),
        (PhaseName::Lobby, false) if picks(room) == 0 => Some("bot-button-watch-link"),
        _ => None,
    }
}

/// How long a timed round takes in all, in whole minutes: the card is not edited as they pass.
fn lasts(room: &Room, language: Language) -> Option<String> {
    let minutes = room.lasts()?.as_secs().div_ceil(60);
    let minutes = number(usize::try_from(minutes).unwrap_or(usize::MAX));
    Some(say_with(language, "bot-card-lasts", [("count", minutes)]))
}

fn on(screen: &Screen, language: Language) -> String {
    let film = [("film", Value::from(film(&screen.media)))];
    say_with(language, if screen.playing { "bot-card-playing" } else { "bot-card-paused" }, film)
}

fn heading(room: &Room, language: Language) -> String {
    let name = shown(room.settings().name.as_str(), html::TITLE);
    let round = match room.round().get() {
        1 => String::new(),
        later => {
            let round = say_with(
                language,
                "bot-card-round",
                [("round", number(usize::try_from(later).unwrap_or(usize::MAX)))],
            );
            format!(" · {round}")
        }
    };
    format!("🍿 <b>{name}</b>{round}\n")
}

fn people(room: &Room, language: Language) -> String {
    let names = room.present_members().map(|member| name(room, member, language));
    named(names.collect(), language).unwrap_or_else(|| say(language, "bot-card-nobody"))
}

/// Those who are there while something is on: not who has been away for long.
fn people_here(room: &Room, language: Language) -> String {
    let here = room.present_members().filter(|member| !room.is_away(member.id));
    let names = here.map(|member| html::person(&member.profile.name, language));
    named(names.collect(), language).unwrap_or_else(|| say(language, "bot-card-nobody-here"))
}

/// These names, the first of them and how many more there are; `None`: there are none.
fn named(mut names: Vec<Shown>, language: Language) -> Option<String> {
    let count = names.len();
    if count == 0 {
        return None;
    }
    names.truncate(NAMES);
    if count > NAMES {
        names.push(Shown::ours(say_with(
            language,
            "bot-card-more-people",
            [("count", number(count - NAMES))],
        )));
    }
    Some(say_with(language, "bot-card-people", [("names", Value::from(Shown::joined(names, ", ")))]))
}

fn name(room: &Room, member: &Member, language: Language) -> Shown {
    let name = html::person(&member.profile.name, language);
    if room.is_ready(member.id) { name.between("", " ✓") } else { name }
}

fn picks(room: &Room) -> usize {
    let picked: std::collections::BTreeSet<_> =
        room.present_members().flat_map(|member| room.picks_of(member.id)).collect();
    picked.len()
}

/// How far everybody is. Others may know *that* somebody swiped, never *what*.
fn progress(room: &Room, language: Language) -> String {
    let cards = room.deck().len();
    let people: Vec<(&Member, usize)> =
        room.present_members().map(|member| (member, room.swiped(member.id))).collect();
    if people.is_empty() {
        return format!("\n{}", say(language, "bot-card-nobody"));
    }
    if people.len() > NAMES {
        let done = people.iter().filter(|(_, swiped)| *swiped >= cards).count();
        let values = [("done", number(done)), ("people", number(people.len()))];
        return format!("\n{}", say_with(language, "bot-card-progress-all", values));
    }
    let lines = people.iter().map(|(member, swiped)| {
        let name = Value::from(html::person(&member.profile.name, language));
        if *swiped >= cards {
            say_with(language, "bot-card-progress-done", [("name", name)])
        } else {
            let values = [("name", name), ("swiped", number(*swiped)), ("count", number(cards))];
            say_with(language, "bot-card-progress", values)
        }
    });
    lines.fold(String::new(), |all, line| format!("{all}\n{line}"))
}

fn matches(room: &Room, captions: Captions<'_>) -> String {
    let language = captions.language;
    let now: Vec<_> = room.matches().iter().filter(|m| m.round == room.round()).collect();
    let earlier = room.matches().len() - now.len();
    let mut lines = Vec::new();
    if !now.is_empty() {
        lines.push(format!("\n{}", say(language, "bot-card-matches")));
        lines.extend(now.iter().take(MATCHES).map(|m| captions.short(&m.title).to_string()));
        if now.len() > MATCHES {
            let more = [("count", number(now.len() - MATCHES))];
            lines.push(say_with(language, "bot-card-more-matches", more));
        }
    }
    if earlier > 0 {
        let text = say_with(language, "bot-card-earlier-matches", [("count", number(earlier))]);
        lines.push(if now.is_empty() { format!("\n💚 {text}") } else { text });
    }
    lines.join("\n")
}

/// What came closest, when nothing matched.
fn nearest(room: &Room, captions: Captions<'_>) -> String {
    if room.matches().iter().any(|m| m.round == room.round()) {
        return String::new();
    }
    let language = captions.language;
    let liked = room.results().unwrap_or_default().iter().filter(|ranked| ranked.likes > 0);
    let titles: Vec<Shown> = liked.take(NEAREST).map(|ranked| captions.short(&ranked.title)).collect();
    let mut lines = vec![format!("\n{}", say(language, "bot-card-no-match"))];
    if !titles.is_empty() {
        lines.push(say_with(
            language,
            "bot-card-nearest",
            [("titles", Value::from(Shown::joined(titles, ", ")))],
        ));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests;
