//! How picks, swipes and rounds are asked for again after a loss.
//!
//! Two things are this activity's own: a swipe counts in the round that it was meant for, and in no other; and a card that was typed on
//! one end may join another card now, which the other end has.

use std::collections::{BTreeMap, BTreeSet};

use super::{People, Swiping, SwipingCommand, SwipingEvent, Verdict};
use crate::{
    ids::{TitleId, UserId},
    room::{
        DeckChoice, Event, SettingsChange,
        redo::part::{Action, Actor, Redo},
        settings::MAX_CURATED,
    },
    title::{TitleRef, TitleText},
};

impl Redo for Swiping {
    type Event = SwipingEvent;
    type Command = SwipingCommand;
    type Memory = Cards;

    fn own(event: &Event) -> Option<&SwipingEvent> {
        if let Event::Swiping(event) = event { Some(event) } else { None }
    }

    fn takes_back<'e>(
        event: &SwipingEvent,
        mut earlier: impl DoubleEndedIterator<Item = (usize, &'e SwipingEvent)>,
    ) -> Option<usize> {
        let SwipingEvent::Undone { member: who, title: which } = event else { return None };
        let is_it = |event: &SwipingEvent| matches!(event, SwipingEvent::Swiped { member, title, .. } if member == who && title == which);
        earlier.rfind(|(_, event)| is_it(event)).map(|(place, _)| place)
    }

    fn ask_again(
        was: &Self,
        now: &Self,
        Action { at, event, leads, before, next, room }: Action<'_, SwipingEvent>,
        cards: &mut Cards,
    ) -> Option<(Actor, SwipingCommand)> {
        let by = |member: &_, command| Some((Actor::Member(*member), command));
        let by_host = |command| Some((Actor::Host, command));
        // Who has left the round behind has left this behind too.
        let in_round = |command| SwipingCommand::InRound(was.round, Box::new(command));
        match event {
            SwipingEvent::Picked { member, title, text } => {
                let wanted = text.clone().map_or_else(|| cards.named(was, title, &[]), TitleRef::Text);
                cards.pick(now, std::slice::from_ref(title), std::slice::from_ref(&wanted));
                by(member, SwipingCommand::Pick(wanted))
            }
            SwipingEvent::Unpicked { member, title } => {
                by(member, SwipingCommand::Unpick(TitleRef::Catalogue(cards.now(title))))
            }
            SwipingEvent::Selected { member, titles, texts } => {
                let wanted: Vec<_> = titles.iter().map(|title| cards.named(was, title, texts)).collect();
                cards.pick(now, titles, &wanted);
                by(member, SwipingCommand::Select(wanted))
            }
            SwipingEvent::Ready { member, ready } => by(member, in_round(SwipingCommand::Ready(*ready))),
            SwipingEvent::Swiped { member, title, verdict } => {
                let title = cards.now(title);
                let verdict = now.still_possible(*member, &title, *verdict);
                by(member, in_round(SwipingCommand::Swipe { title, verdict }))
            }
            SwipingEvent::Undone { member, title } => {
                by(member, in_round(SwipingCommand::Undo { title: cards.now(title) }))
            }
            SwipingEvent::Configured(settings) => {
                by_host(SwipingCommand::Configure(SettingsChange::between(&was.settings, settings)))
            }
            SwipingEvent::Started { deck } => {
                let unknown = matches!(next, Some(SwipingEvent::SeenLeftOut { left_out: false }));
                // A final round deals few titles, and none of the others is one that is never dealt.
                let start = was.start_without_never(&room.people, deck, unknown);
                let is_final = matches!(before, Some(SwipingEvent::Restarted { .. }));
                by_host(if is_final { start } else { was.without_never_dealt(&room.people, deck, start) })
            }
            // It followed from a start.
            SwipingEvent::SeenLeftOut { .. } if was.play().is_some() => None,
            SwipingEvent::SeenLeftOut { left_out } => by_host(SwipingCommand::Configure(SettingsChange {
                leave_out_seen: Some(*left_out),
                ..SettingsChange::default()
            })),
            SwipingEvent::VetoAllowed { allowed } => by_host(SwipingCommand::Configure(SettingsChange {
                veto: Some(*allowed),
                ..SettingsChange::default()
            })),
            SwipingEvent::Restarted { round } => {
                let dealt = match next {
                    Some(SwipingEvent::Started { deck }) => Some(deck),
                    _ => None,
                };
                let mut never = was.finalists();
                never.retain(|title| dealt.is_some_and(|deck| !deck.contains(title)));
                let restart = SwipingCommand::Restart { round: *round, final_round: dealt.is_some() };
                by_host(without(never, restart))
            }
            SwipingEvent::Extended { ends_at } => {
                by_host(in_round(SwipingCommand::Extend { until: *ends_at }))
            }
            // The end may have been put off on the other end of the log.
            SwipingEvent::Finished if leads && was.is_time_up(at) => by_host(SwipingCommand::TimeUp),
            SwipingEvent::Nudged { by: who, member } => {
                by(who, in_round(SwipingCommand::Nudge { member: *member }))
            }
            SwipingEvent::Finished if leads => by_host(in_round(SwipingCommand::Finish)),
            // They followed, and follow again: a swipe completes a match, and the last one ends the round.
            SwipingEvent::Finished | SwipingEvent::Matched { .. } => None,
        }
    }
}

impl Swiping {
    /// The same start, but for what the room never deals.
    fn without_never_dealt(
        &self,
        people: &People,
        deck: &[TitleId],
        start: SwipingCommand,
    ) -> SwipingCommand {
        let never = self.never_dealt(people, deck, &start);
        without(never, start)
    }

    /// What this start might deal and did not deal, if it deals another deck than this one: then something of it is never dealt.
    fn never_dealt(&self, people: &People, deck: &[TitleId], start: &SwipingCommand) -> Vec<TitleId> {
        let (chosen, seen) = match start {
            SwipingCommand::StartWith { chosen, seen } => (chosen.as_ref(), seen.as_deref()),
            _ => (None, None),
        };
        let Ok(titles) = self.titles_to_draw_from(chosen) else { return Vec::new() };
        if self.draw(people, titles, seen.unwrap_or_default()) == deck {
            return Vec::new();
        }
        let dealt: BTreeSet<&TitleId> = deck.iter().collect();
        let picks = people.present().flat_map(|member| self.picks_of(member.id));
        let left: BTreeSet<&TitleId> = picks.chain(titles).filter(|title| !dealt.contains(title)).collect();
        left.into_iter().cloned().collect()
    }

    /// The command that started a round with this deck, but for what the room never deals. What was looked up for it is known by the deck
    /// alone: what a filter brought is in it, and it lacks what somebody had seen; `unknown`: nobody could say what had been seen.
    fn start_without_never(&self, people: &People, deck: &[TitleId], unknown: bool) -> SwipingCommand {
        let Some(choice) = &self.settings.deck else { return SwipingCommand::Start };
        if choice.filter().is_some() {
            // What somebody picked comes with them, if they are still here.
            let picked: BTreeSet<&TitleId> =
                people.present().flat_map(|member| self.picks_of(member.id)).collect();
            let titles = deck.iter().filter(|title| !picked.contains(title)).take(MAX_CURATED);
            let chosen = DeckChoice { titles: titles.cloned().collect(), ..choice.clone() };
            return SwipingCommand::StartWith { chosen: Some(chosen), seen: (!unknown).then(Vec::new) };
        }
        if unknown {
            return SwipingCommand::StartWith { chosen: None, seen: None };
        }
        if !self.leave_out_seen {
            return SwipingCommand::Start;
        }
        let dealt: BTreeSet<&TitleId> = deck.iter().collect();
        let seen = choice.titles.iter().filter(|title| !dealt.contains(title)).cloned().collect();
        SwipingCommand::StartWith { chosen: None, seen: Some(seen) }
    }

    /// A swipe that was acknowledged counts: where the signal that it was can be given no more, it is the opinion that it stands for.
    fn still_possible(&self, member: UserId, title: &TitleId, verdict: Verdict) -> Verdict {
        let Some(play) = self.play() else { return verdict };
        let Some(card) = play.place(title) else { return verdict };
        let spent = play.has_spent(member, verdict, card);
        match verdict {
            Verdict::SuperLike if spent => Verdict::Like,
            Verdict::Veto if spent || !self.veto || play.has_matched(card) => Verdict::Skip,
            _ => verdict,
        }
    }
}

/// The same command, but for these titles.
fn without(titles: Vec<TitleId>, command: SwipingCommand) -> SwipingCommand {
    if titles.is_empty() { command } else { SwipingCommand::Without(titles, Box::new(command)) }
}

/// What became of the cards of a lost end.
#[derive(Debug, Default)]
pub(in crate::room) struct Cards {
    became: BTreeMap<TitleId, TitleId>,
}

impl Cards {
    /// The title as somebody would name it who does not know what is in the room as it is now: by its text, if it was typed.
    fn named(&self, was: &Swiping, title: &TitleId, texts: &[TitleText]) -> TitleRef {
        let typed = texts.iter().find(|text| text.id() == *title).or_else(|| was.text_of(title));
        typed.map_or_else(|| TitleRef::Catalogue(self.now(title)), |text| TitleRef::Text(text.clone()))
    }

    fn now(&self, title: &TitleId) -> TitleId {
        self.became.get(title).unwrap_or(title).clone()
    }

    /// Picking again puts titles into the room; which they are there is noted.
    fn pick(&mut self, now: &Swiping, were: &[TitleId], wanted: &[TitleRef]) {
        for (was, is) in were.iter().zip(now.resolve_all(wanted)) {
            self.became.insert(was.clone(), is.id);
        }
    }
}
