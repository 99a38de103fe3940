//! Renders domain state for one viewer in one language (domain → wire).
//!
//! It renders only what the domain's views let through: nobody's verdicts but the viewer's own.

pub(crate) mod history;
mod round;

use std::sync::Arc;

use sovpalo_catalogue::{Catalogue, Deck};
use sovpalo_domain::{
    ids::{RoomCode, TitleId, UserId},
    language::Language,
    room::{
        Access, Control, EventView, Match, MemberView, Profile, Ranked, RemovedView, Role, Room,
        view::{QUEUE, UPCOMING},
    },
    talk::{Message, MessageKind, SystemNote, SystemWhat},
    title::{Title, TitleKind, TitleText},
    visible::person_name,
};
use sovpalo_live::rooms::{LiveRoom, Voice};
use sovpalo_storage::{Person, RoomInList, RoomToFind, TalkSummary};

use self::round::{goal, phase, rule, verdict};
use crate::{
    deck,
    elsewhere::Known,
    posters::{self, Posters},
    screen, wire,
};

/// A list of decks shows so many titles of each.
const DECK_PREVIEW: usize = 6;

/// Renders for one language, with the titles of one catalogue.
#[derive(Clone, Copy)]
pub(crate) struct Presenter<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) posters: &'a Posters,
    pub(crate) language: Language,
}

/// Whose phones are connected to a room, and who is in its voice chat.
pub(crate) struct Here {
    online: Arc<[UserId]>,
    voices: Arc<[Voice]>,
}

impl Here {
    /// As this node knows it.
    pub(crate) fn of(live: &LiveRoom) -> Self {
        Self { online: live.online(), voices: live.voices() }
    }
}

impl Presenter<'_> {
    /// The room for a member; `None` for anybody else.
    pub(crate) fn room(
        self,
        room: &Room,
        viewer: UserId,
        here: &Here,
        invite_url: Option<String>,
    ) -> Option<wire::Room> {
        let view = room.view_for(viewer)?;
        let titles = |ids: &[TitleId]| ids.iter().map(|id| self.title(room, id)).collect();
        Some(wire::Room {
            code: view.code.to_string(),
            name: view.settings.name.as_str().into(),
            phase: phase(view.phase),
            round: view.round.get(),
            epoch: view.epoch.get(),
            seq: view.seq.get(),
            host: view.host.get(),
            rule: rule(view.settings.rule),
            goal: goal(view.settings.goal),
            picks_per_member: view.settings.picks_per_member,
            deck: view.settings.deck.as_ref().map(deck::shown),
            leave_out_seen: view.leave_out_seen,
            veto: view.veto,
            access: access(&view.access),
            members: view.members.iter().map(|member| self.member(member, here)).collect(),
            removed: view.removed.map(|removed| removed.iter().map(|person| self.removed(person)).collect()),
            ends_at: view.ends_at.map(wire::moment),
            my_picks: titles(&view.my_picks),
            deck_size: view.deck_size,
            queue: titles(&view.queue),
            my_swipes: view.my_swipes,
            my_super_likes_left: view.my_signals_left.super_likes,
            my_vetoes_left: view.my_signals_left.vetoes,
            matches: view.matches.iter().map(|found| self.found(room, found)).collect(),
            results: view.results.map(|results| self.results(room, &results)),
            finalists: view.finalists,
            screen: view.screen.as_ref().map(screen::screen),
            invite_url,
            messages: None,
        })
    }

    /// An event as a member sees it; `room` is the room after it, or later.
    pub(crate) fn event(self, room: &Room, viewer: UserId, here: &Here, seen: &EventView) -> wire::Event {
        match seen {
            EventView::Began => wire::Event::Began,
            EventView::Joined(view) => {
                wire::Event::Joined { member: view.id.get(), profile: self.member(view, here) }
            }
            EventView::Left { member, removed } => {
                wire::Event::Left { member: member.get(), removed: *removed }
            }
            EventView::Picked { member, picks, mine } => wire::Event::Picked {
                member: member.get(),
                picks: *picks,
                my_picks: mine.as_ref().map(|mine| mine.iter().map(|id| self.title(room, id)).collect()),
            },
            EventView::Ready { member, ready } => wire::Event::Ready { member: member.get(), ready: *ready },
            EventView::Configured { settings, leave_out_seen, veto, access } => wire::Event::Configured {
                name: settings.name.as_str().into(),
                rule: rule(settings.rule),
                goal: goal(settings.goal),
                picks_per_member: settings.picks_per_member,
                deck: settings.deck.as_ref().map(deck::shown),
                leave_out_seen: *leave_out_seen,
                veto: *veto,
                access: self::access(access),
            },
            EventView::Started { round, deck_size, ends_at } => wire::Event::Started {
                round: round.get(),
                deck_size: *deck_size,
                queue: self.queue(room, viewer),
                ends_at: ends_at.map(wire::moment),
            },
            EventView::Extended(ends_at) => wire::Event::Extended { ends_at: wire::moment(*ends_at) },
            EventView::Progress { member, swiped } => {
                wire::Event::Progress { member: member.get(), swiped: *swiped }
            }
            EventView::Swiped { title, verdict, swiped, left } => wire::Event::Swiped {
                title: title.to_string(),
                verdict: self::verdict(*verdict),
                swiped: *swiped,
                my_super_likes_left: left.super_likes,
                my_vetoes_left: left.vetoes,
            },
            EventView::Undone { member, swiped, mine } => wire::Event::Undone {
                member: member.get(),
                swiped: *swiped,
                title: mine.as_ref().map(|(title, _)| title.to_string()),
                my_super_likes_left: mine.as_ref().map(|(_, left)| left.super_likes),
                my_vetoes_left: mine.as_ref().map(|(_, left)| left.vetoes),
            },
            EventView::MatchFound(found) => wire::Event::MatchFound(self.found(room, found)),
            EventView::Away(member) => wire::Event::Away { member: member.get() },
            EventView::Back(member) => wire::Event::Back { member: member.get() },
            EventView::RoleChanged { member, role } => {
                wire::Event::RoleChanged { member: member.get(), role: self::role(*role) }
            }
            EventView::HostChanged(member) => wire::Event::HostChanged { member: member.get() },
            EventView::Finished { results, finalists } => {
                wire::Event::Finished { results: self.results(room, results), finalists: *finalists }
            }
            EventView::Restarted(round) => wire::Event::Restarted { round: round.get() },
            EventView::Nudged { by, member } => wire::Event::Nudged { by: by.get(), member: member.get() },
            EventView::ScreenChanged(shown) => wire::Event::ScreenChanged {
                screen: shown.as_deref().map(|shown| Box::new(screen::screen(shown))),
            },
        }
    }

    /// A message as a member sees it.
    pub(crate) fn message(self, room: &Room, viewer: UserId, message: &Message) -> wire::Message {
        let system = message.system.as_ref().map(|note| self.note(room, note));
        wire::Message { system, ..said(viewer, message) }
    }

    fn note(self, room: &Room, note: &SystemNote) -> wire::SystemNote {
        wire::SystemNote {
            what: match note.what {
                SystemWhat::Joined => wire::SystemWhat::Joined,
                SystemWhat::Left => wire::SystemWhat::Left,
                SystemWhat::Removed => wire::SystemWhat::Removed,
                SystemWhat::Started => wire::SystemWhat::Started,
                SystemWhat::Matched => wire::SystemWhat::Matched,
                SystemWhat::Finished => wire::SystemWhat::Finished,
                SystemWhat::Restarted => wire::SystemWhat::Restarted,
                SystemWhat::HostChanged => wire::SystemWhat::HostChanged,
            },
            member: note.member.map(UserId::get),
            title: note.title.as_ref().map(|id| self.title(room, id)),
        }
    }

    fn removed(self, view: &RemovedView) -> wire::RemovedMember {
        wire::RemovedMember { id: view.id.get(), name: name(&view.profile, self.language) }
    }

    fn member(self, view: &MemberView, here: &Here) -> wire::Member {
        wire::Member {
            id: view.id.get(),
            name: name(&view.profile, self.language),
            photo_url: view.profile.photo_url.clone(),
            role: role(view.role),
            ready: view.ready,
            picks: view.picks,
            swiped: view.swiped,
            online: here.online.contains(&view.id),
            away: view.away,
            nudged_by: view.nudged_by.map(UserId::get),
            voice: here.voices.iter().any(|voice| voice.member == view.id),
        }
    }

    /// A member's next cards.
    pub(crate) fn queue(self, room: &Room, viewer: UserId) -> Vec<wire::Title> {
        room.queue(viewer, QUEUE).iter().map(|id| self.title(room, id)).collect()
    }

    /// What a member may swipe while their phone is offline.
    pub(crate) fn upcoming(self, room: &Room, viewer: UserId) -> Vec<wire::Title> {
        room.upcoming(viewer, UPCOMING).iter().map(|id| self.title(room, id)).collect()
    }

    /// A title of a room: typed there, or the catalogue's, or one that has left the catalogue since.
    fn title(self, room: &Room, id: &TitleId) -> wire::Title {
        self.title_as_typed(id, room.text_of(id).map(TitleText::as_str))
    }

    /// A title that a room knows by this text, if it was typed there.
    fn title_as_typed(self, id: &TitleId, text: Option<&str>) -> wire::Title {
        let known = match text {
            Some(_) => None,
            None => self.catalogue.get(id),
        };
        match known {
            Some(title) => {
                let shown = self.catalogue_title(&title);
                // It is about to be shown on a card.
                if shown.placeholder.is_none()
                    && let Some(address) = self.catalogue.poster_of(&title)
                {
                    self.posters.make_placeholder(&address);
                }
                // The room's id, which may be an alias of the title's.
                wire::Title { id: id.to_string(), ..shown }
            }
            None => wire::Title {
                id: id.to_string(),
                kind: wire::Kind::Text,
                name: text.map_or_else(|| id.to_string(), Into::into),
                original_name: None,
                year: None,
                runtime_min: None,
                genres: Vec::new(),
                countries: Vec::new(),
                rating: None,
                overview: None,
                poster: None,
                placeholder: None,
            },
        }
    }

    /// A title of the catalogue.
    pub(crate) fn catalogue_title(self, title: &Title) -> wire::Title {
        let name = title.name(self.language);
        let poster = self.catalogue.poster_of(title);
        wire::Title {
            id: title.id.to_string(),
            kind: match title.kind {
                TitleKind::Film => wire::Kind::Film,
                TitleKind::Series => wire::Kind::Series,
                TitleKind::Text => wire::Kind::Text,
            },
            name: name.into(),
            original_name: title.original_name.clone().filter(|original| original != name),
            year: title.year,
            runtime_min: title.runtime_min,
            genres: title.genres.clone(),
            countries: title.countries.clone(),
            rating: title.rating,
            overview: title.overview(self.language).map(Into::into),
            placeholder: poster.as_ref().and_then(|address| self.posters.placeholder(address)),
            poster: poster.map(|address| posters::shown_at(&title.id, &address)),
        }
    }

    /// All that is known of a title; `id` is what it was asked for by, and `region` the reader's country.
    pub(crate) fn details(self, id: &TitleId, known: &Known, region: Option<&str>) -> wire::TitleDetails {
        let Known { title, details, .. } = known;
        let offers = region.map(|region| details.watch(region)).unwrap_or_default();
        let watch: Vec<wire::Offer> = offers.into_iter().map(|given| offer(&given)).collect();
        let mut shown = wire::Title { id: id.to_string(), ..self.catalogue_title(title) };
        if shown.countries.is_empty() {
            shown.countries.clone_from(&details.countries);
        }
        let sources = [("TMDB", known.is_of_tmdb), ("JustWatch", !watch.is_empty())];
        wire::TitleDetails {
            title: shown,
            directors: details.directors.clone(),
            cast: details.cast.clone(),
            trailer: details.trailer(self.language),
            watch,
            attribution: sources.into_iter().filter(|(_, is)| *is).map(|(name, _)| name.into()).collect(),
            incomplete: known.incomplete,
        }
    }

    /// A room in the list of one of its members.
    pub(crate) fn summary(self, listed: &RoomInList) -> wire::RoomSummary {
        let RoomInList { row, members, last_match, screen } = listed;
        let member = |(id, profile): &(UserId, Profile)| wire::ListedMember {
            id: id.get(),
            name: name(profile, self.language),
            photo_url: profile.photo_url.clone(),
        };
        wire::RoomSummary {
            code: row.code.to_string(),
            name: row.name.clone(),
            phase: phase(row.phase),
            round: row.round.get(),
            host: row.host.get(),
            members: members.iter().map(member).collect(),
            people: row.members,
            matches: row.matches,
            last_match: last_match
                .as_ref()
                .map(|last| self.title_as_typed(&last.title, last.text.as_deref())),
            updated_at: wire::moment(row.updated_at),
            screen: screen
                .as_ref()
                .map(|screen| wire::OnScreen { title: screen.title.clone(), playing: screen.playing }),
            access: None,
            messages: None,
        }
    }

    /// A room that anybody can find.
    pub(crate) fn room_to_find(self, found: &RoomToFind) -> wire::RoomSummary {
        wire::RoomSummary { access: Some(access(&found.access)), ..self.summary(&found.listed) }
    }

    /// A curated deck in a list.
    pub(crate) fn deck(self, deck: &Deck) -> wire::Deck {
        self.deck_with(deck, DECK_PREVIEW)
    }

    /// A curated deck with all its titles.
    pub(crate) fn whole_deck(self, deck: &Deck) -> wire::Deck {
        self.deck_with(deck, usize::MAX)
    }

    fn deck_with(self, deck: &Deck, titles: usize) -> wire::Deck {
        let titles = deck.titles.iter().take(titles).filter_map(|id| self.catalogue.get(id));
        wire::Deck {
            id: deck.id.to_string(),
            name: deck.name(self.language).into(),
            description: deck.description(self.language).into(),
            size: deck.titles.len(),
            titles: titles.map(|title| self.catalogue_title(&title)).collect(),
        }
    }

    fn found(self, room: &Room, found: &Match) -> wire::Match {
        wire::Match {
            number: found.number,
            round: found.round.get(),
            title: self.title(room, &found.title),
            at: wire::moment(found.at),
            super_likes: room.super_likers(found).map(UserId::get).collect(),
        }
    }

    fn results(self, room: &Room, results: &[Ranked]) -> Vec<wire::Ranked> {
        let ranked =
            |ranked: &Ranked| wire::Ranked { title: self.title(room, &ranked.title), likes: ranked.likes };
        results.iter().map(ranked).collect()
    }
}

fn offer(offer: &sovpalo_tmdb::Offer<'_>) -> wire::Offer {
    wire::Offer {
        provider: offer.provider.to_owned(),
        url: offer.url.to_owned(),
        kind: match offer.kind {
            sovpalo_tmdb::OfferKind::Stream => wire::OfferKind::Stream,
            sovpalo_tmdb::OfferKind::Free => wire::OfferKind::Free,
            sovpalo_tmdb::OfferKind::Rent => wire::OfferKind::Rent,
            sovpalo_tmdb::OfferKind::Buy => wire::OfferKind::Buy,
        },
    }
}

/// A message as a member sees it, but for what it notes of the room.
pub(crate) fn said(viewer: UserId, message: &Message) -> wire::Message {
    let is_mine = message.author == Some(viewer);
    let reactions = message.reactions.iter();
    wire::Message {
        number: message.number,
        change: message.change,
        author: message.author.map(UserId::get),
        kind: match message.kind {
            MessageKind::Text => wire::MessageKind::Text,
            MessageKind::System => wire::MessageKind::System,
            MessageKind::Emoji => wire::MessageKind::Emoji,
        },
        text: message.text.clone(),
        system: None,
        reply_to: message.reply_to,
        reactions: reactions
            .map(|(emoji, who)| (emoji.as_str().into(), who.iter().map(|member| member.get()).collect()))
            .collect(),
        at: wire::moment(message.at),
        edited_at: message.edited_at.map(wire::moment),
        deleted: message.deleted,
        key: message.key.as_ref().filter(|_| is_mine).map(|key| key.as_str().into()),
    }
}

/// What a stranger may know of a room.
pub(crate) fn preview(room: &Room, invite_url: Option<String>, language: Language) -> wire::Preview {
    wire::Preview {
        code: room.code().to_string(),
        name: room.settings().name.as_str().into(),
        phase: phase(room.phase()),
        host_name: room
            .present_members()
            .find(|member| member.id == room.host())
            .map(|host| name(&host.profile, language)),
        members: room.present_members().count(),
        access: access(room.access()),
        invite_url,
    }
}

/// Who gets into a room. Of its password only that there is one.
fn access(access: &Access) -> wire::Access {
    wire::Access {
        listed: access.listed,
        password: access.password.is_some(),
        capacity: access.capacity,
        control: match access.control {
            Control::Host => wire::Control::Host,
            Control::Moderators => wire::Control::Moderators,
            Control::Everyone => wire::Control::Everyone,
        },
    }
}

fn role(role: Role) -> wire::Role {
    match role {
        Role::Host => wire::Role::Host,
        Role::Moderator => wire::Role::Moderator,
        Role::Participant => wire::Role::Participant,
    }
}

/// Where a room's messages stand for somebody. Only of members it is said how far they have read.
pub(crate) fn messages(room: &Room, summary: &TalkSummary) -> wire::Messages {
    let members = summary.marks.iter().filter(|(member, _)| room.has_member(*member));
    wire::Messages {
        last: summary.last,
        change: summary.change,
        read: summary.read,
        unread: summary.unread,
        marks: members.map(|(member, number)| (member.to_string(), *number)).collect(),
    }
}

/// The same in a list of rooms.
pub(crate) fn in_brief(summary: &TalkSummary) -> wire::MessagesInBrief {
    wire::MessagesInBrief { last: summary.last, read: summary.read, unread: summary.unread }
}

/// The link that opens a room in Telegram.
pub(crate) fn invite_url(bot: Option<&str>, mini_app: &str, code: RoomCode) -> Option<String> {
    Some(format!("https://t.me/{}/{mini_app}?startapp={code}", bot?))
}

/// How somebody is shown in rooms, as the bot shows them too. The name is empty if nothing of it can be seen: each reader is told
/// [`name`].
pub(crate) fn profile(person: &Person) -> Profile {
    let name = person_name(&person.first_name, person.last_name.as_deref(), person.username.as_deref());
    Profile { name: name.unwrap_or_default(), photo_url: person.photo_url.clone() }
}

/// A member's name, or a stand-in in the reader's language. Rooms that were made by older versions hold names as they came.
fn name(profile: &Profile, language: Language) -> String {
    person_name(&profile.name, None, None).unwrap_or_else(|| language.somebody().to_owned())
}
