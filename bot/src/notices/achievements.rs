//! Private messages about achievements: silent, at most one a day, sent some time after the first of them was given, and listing all.

use std::{sync::Arc, time::Duration};

use sovpalo_domain::{achievements::Achievement, ids::UserId, language::Language};
use sovpalo_storage::{
    Db, Kind, Lease, PendingAchievement, PrivateTopic, PrivateTurn, Sending, Taken,
    work::{Outcome, Work},
};

use super::trouble::in_trouble;
use crate::{
    failure::Failure,
    outgoing::{Address, Message},
    texts::{number, say, say_with},
    updates::{Trouble, UpdateHandler},
};

/// Messages under way at the same time, beside those about matches.
const AT_ONCE: usize = 4;
/// How soon to ask again for somebody who was written to as often as a day takes.
const NEXT_TRY: Duration = Duration::from_secs(3600);

pub(super) struct Achievements {
    pub(super) handler: Arc<UpdateHandler>,
}

impl Work for Achievements {
    const KIND: Kind = Kind::Achievement;
    const AT_ONCE: usize = AT_ONCE;

    fn db(&self) -> &Db {
        self.handler.rooms.db()
    }

    async fn work(&self, job: &Taken, _: Lease) -> Outcome {
        let (owner, attempts) =
            match PendingAchievement::owner(job).and_then(|owner| Ok((owner, job.attempts()?))) {
                Ok(read) => read,
                // One that a newer program wrote waits for it.
                Err(error) => {
                    tracing::error!(notice = job.id, %error, "a notice is left alone");
                    return Outcome::Left;
                }
            };
        match self.notify(owner).await {
            Ok(outcome) => outcome,
            Err(trouble) => in_trouble(job.id, attempts, &trouble),
        }
    }
}

impl Achievements {
    async fn notify(&self, owner: UserId) -> Result<Outcome, Trouble> {
        let now = self.handler.now();
        let turn = match self.db().private_turn(PrivateTopic::Achievements, owner, now).await? {
            PrivateTurn::Now { turn, .. } => turn,
            PrivateTurn::Later(at) => return Ok(Outcome::Waits(at.since(now))),
            PrivateTurn::Spent => return Ok(Outcome::Waits(NEXT_TRY)),
            PrivateTurn::Unwanted => {
                self.db().drop_achievements_of(owner).await?;
                return Ok(Outcome::Done);
            }
        };
        let outcome = self.write_to(owner).await;
        if !matches!(outcome, Ok(true)) {
            self.db().give_back_turn(turn).await?;
        }
        outcome.map(|_| Outcome::Done)
    }

    /// Whether anything was written.
    async fn write_to(&self, owner: UserId) -> Result<bool, Trouble> {
        let Some(user) = self.db().user(owner).await? else { return Ok(false) };
        let pending = self.db().pending_achievements(owner).await?;
        let earned: Vec<Achievement> = pending.iter().filter_map(|pending| pending.achievement).collect();
        // Dropped since it was taken, or all of a newer program.
        if earned.is_empty() {
            return Ok(false);
        }
        let message = self.message(&earned, user.language);
        let permit = self.handler.outgoing.permit(owner.get(), Sending::Change).await?;
        match self.handler.outgoing.send(Address::chat(owner.get()), &message, permit).await {
            Ok(_) => {
                let delivered: Vec<i64> = pending.iter().map(|pending| pending.notice).collect();
                self.db().jobs(Kind::Achievement).done(&delivered).await?;
                Ok(true)
            }
            // They blocked the bot. That is their right.
            Err(Failure::Forbidden | Failure::Gone) => {
                self.db().allow_writes(owner, false, self.handler.now()).await?;
                Ok(false)
            }
            Err(failure) => Err(failure.into()),
        }
    }

    fn message(&self, earned: &[Achievement], language: Language) -> Message {
        let heading = say_with(language, "bot-achievements", [("count", number(earned.len()))]);
        let line = |achievement: &Achievement| {
            let key = format!("achievement-{}", achievement.id());
            format!("<b>{}</b> · {}", say(language, &key), say(language, &format!("{key}-how")))
        };
        let lines: Vec<String> = earned.iter().map(line).collect();
        let footer = say(language, "bot-achievements-where");
        Message::text(format!("{heading}\n\n{}\n\n{footer}", lines.join("\n")))
            .link(say(language, "bot-button-app"), self.handler.links.home())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_achievement_has_its_words_in_both_languages() {
        for language in [Language::En, Language::Ru] {
            for achievement in Achievement::ALL {
                for key in [
                    format!("achievement-{}", achievement.id()),
                    format!("achievement-{}-how", achievement.id()),
                ] {
                    let words = say(language, &key);
                    assert!(!words.contains("achievement-") && !words.contains('<'), "{key}: {words}");
                }
            }
        }
    }
}
