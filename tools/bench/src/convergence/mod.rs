//! How soon a room meets: swipes until the first match, for three orders of the deck.
//!
//! The same people swipe the same decks by each order: the deck's own; the one that puts first what others *liked*, which tells everybody
//! how the others swiped; and the product's, which goes by *which* cards they have swiped. Nothing is timed, and a seed gives the
//! same table on every machine.
//!
//! The model of taste: a title has a popularity, drawn evenly from 0.05 to 0.8; whether somebody likes it is drawn with that chance, moved by
//! a leaning of their own towards each title of up to 0.25 either way. The rule is the usual one, that everybody likes it. People swipe
//! one at a time, whoever is next drawn at random, as phones do that are not in step.

use anyhow::Context as _;
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};
use sovpalo_domain::{
    ids::{Epoch, RoomCode, Timestamp, TitleId, UserId},
    room::{
        Command, Created, Entry, Event, PeopleCommand, PhaseName, Profile, Room, RoomName, Settings,
        SwipingCommand, SwipingEvent, Verdict,
    },
};

/// What is measured, and how often.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Rooms of each kind
    #[arg(long, default_value_t = 400)]
    rooms: u32,
    /// From what chance comes
    #[arg(long, default_value_t = 2026)]
    seed: u64,
}

const PEOPLE: [usize; 2] = [3, 5];
const DECKS: [usize; 2] = [40, 200];
const LEAST_POPULAR: f64 = 0.05;
const MOST_POPULAR: f64 = 0.8;
const LEANING: f64 = 0.25;

/// In which order somebody gets their cards.
#[derive(Debug, Clone, Copy)]
enum Order {
    /// The deck's own.
    Deck,
    /// What others liked first, what somebody skipped last.
    Liked,
    /// The product's.
    Product,
}

const ORDERS: [(Order, &str); 3] =
    [(Order::Deck, "the deck's own"), (Order::Liked, "by likes (tells)"), (Order::Product, "by swipes")];

/// Who would like what.
struct Tastes(Vec<Vec<bool>>);

impl Tastes {
    fn drawn(people: usize, titles: usize, chance: &mut StdRng) -> Self {
        let popularity: Vec<f64> =
            (0..titles).map(|_| chance.random_range(LEAST_POPULAR..MOST_POPULAR)).collect();
        let likes = |popular: &f64, chance: &mut StdRng| {
            let leaning = chance.random_range(-LEANING..LEANING);
            chance.random_bool((popular + leaning).clamp(0.0, 1.0))
        };
        Self((0..people).map(|_| popularity.iter().map(|title| likes(title, chance)).collect()).collect())
    }

    fn agree(&self) -> bool {
        (0..self.0[0].len()).any(|title| self.0.iter().all(|person| person[title]))
    }
}

/// Prints the table.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    println!(
        "Swipes of one person until the first match. Taste: popularity {LEAST_POPULAR} to {MOST_POPULAR}, own leaning ±{LEANING}; \
         {} rooms each, seed {}; rooms in which nobody agrees on anything are drawn again.",
        options.rooms, options.seed
    );
    println!("| people | deck | order | median | mean | nine of ten |");
    println!("|---|---|---|---|---|---|");
    for people in PEOPLE {
        for deck in DECKS {
            for (order, name) in ORDERS {
                let mut swipes = measure(people, deck, order, options)?;
                swipes.sort_by(f64::total_cmp);
                let at = |tenths: usize| swipes[(swipes.len() - 1) * tenths / 10];
                #[expect(clippy::cast_precision_loss, reason = "a few hundred rooms")]
                let mean = swipes.iter().sum::<f64>() / swipes.len() as f64;
                println!("| {people} | {deck} | {name} | {:.1} | {mean:.1} | {:.1} |", at(5), at(9));
            }
        }
    }
    Ok(())
}

/// Swipes per person until the first match, of each room.
fn measure(people: usize, deck: usize, order: Order, options: &Options) -> anyhow::Result<Vec<f64>> {
    // The same rooms for every order.
    let mut chance = StdRng::seed_from_u64(options.seed);
    let mut all = Vec::new();
    while all.len() < usize::try_from(options.rooms)? {
        let tastes = Tastes::drawn(people, deck, &mut chance);
        let mut turns = StdRng::seed_from_u64(chance.random());
        if tastes.agree() {
            let swipes = evening(&tastes, deck, order, &mut turns)?;
            #[expect(clippy::cast_precision_loss, reason = "a few hundred cards")]
            all.push(swipes as f64 / people as f64);
        }
    }
    Ok(all)
}

/// All swipes until the first match.
fn evening(tastes: &Tastes, deck: usize, order: Order, chance: &mut StdRng) -> anyhow::Result<usize> {
    let (mut room, ids) = swiping(tastes.0.len(), deck)?;
    let titles: Vec<TitleId> = room.deck().to_vec();
    let mut swipes = 0;
    let mut turns: Vec<usize> = Vec::new();
    while room.phase() == PhaseName::Swiping {
        let who = turns.pop().unwrap_or_else(|| {
            turns = (0..ids.len()).collect();
            turns.shuffle(chance);
            turns.pop().unwrap_or_default()
        });
        let Some(next) = next_card(&room, order, &ids, who, &titles) else { continue };
        let place = titles.iter().position(|title| *title == next).context("a card of another deck")?;
        let verdict = if tastes.0[who][place] { Verdict::Like } else { Verdict::Skip };
        let events =
            says(&mut room, ids[who], &Command::Swiping(SwipingCommand::Swipe { title: next, verdict }))?;
        swipes += 1;
        if events.iter().any(|event| matches!(event, Event::Swiping(SwipingEvent::Matched { .. }))) {
            return Ok(swipes);
        }
    }
    anyhow::bail!("a room that agrees on a title did not find it")
}

fn next_card(room: &Room, order: Order, ids: &[UserId], who: usize, deck: &[TitleId]) -> Option<TitleId> {
    let verdict = |of: &UserId, card: &TitleId| room.verdict_of(*of, card);
    let left = deck.iter().filter(|card| verdict(&ids[who], card).is_none());
    match order {
        Order::Product => room.queue(ids[who], 1).pop(),
        Order::Deck => left.into_iter().next().cloned(),
        Order::Liked => left
            .min_by_key(|card| {
                let of = |wanted| ids.iter().filter(|id| verdict(id, card) == Some(wanted)).count();
                (of(Verdict::Skip) > 0, std::cmp::Reverse(of(Verdict::Like)))
            })
            .cloned(),
    }
}

/// A room of so many people who swipe so many cards.
fn swiping(people: usize, cards: usize) -> anyhow::Result<(Room, Vec<UserId>)> {
    let ids: Vec<UserId> = (1..=i64::try_from(people)?).map(UserId::new).collect::<Result<_, _>>()?;
    let titles: Vec<TitleId> =
        (0..cards).map(|n| TitleId::new(&format!("c{n}"))).collect::<Result<_, _>>()?;
    let name = RoomName::new("Movie night").map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let settings = Settings::named(name);
    let created =
        Created { code: RoomCode::from_bits(1), epoch: Epoch::from_bits(1), host: ids[0], seed: 1, settings };
    let first = Entry { at: Timestamp::from_millis(0), event: Event::Created(Box::new(created)) };
    let mut room = Room::begin(&first)?;
    for id in &ids {
        let profile = Profile { name: id.to_string(), photo_url: None };
        says(&mut room, *id, &Command::People(PeopleCommand::Join(profile)))?;
    }
    // Larger than three people can make one: what is measured is the order, not the dealing.
    room.apply(&Entry {
        at: Timestamp::from_millis(0),
        event: Event::Swiping(SwipingEvent::Started { deck: titles }),
    });
    Ok((room, ids))
}

fn says(room: &mut Room, who: UserId, command: &Command) -> anyhow::Result<Vec<Event>> {
    let at = Timestamp::from_millis(0);
    let events = room.decide(who, command, at)?;
    for event in &events {
        room.apply(&Entry { at, event: event.clone() });
    }
    Ok(events)
}
