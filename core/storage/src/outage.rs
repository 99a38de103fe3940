//! Something that is away for a while: said once when it begins and once when it ends, however many wait for it.

use std::fmt::Display;

use tokio::sync::watch;

/// The outages of one thing, as one part of the program meets them.
#[derive(Debug)]
pub struct Outage {
    what: &'static str,
    meanwhile: &'static str,
    away: watch::Sender<bool>,
}

impl Outage {
    /// Of something that is there now, and what becomes of the work while it is not.
    pub fn of(what: &'static str, meanwhile: &'static str) -> Self {
        Self { what, meanwhile, away: watch::Sender::new(false) }
    }

    /// It does not answer. Says whether that is news.
    pub fn began(&self, error: &dyn Display) -> bool {
        let news = !self.away.send_replace(true);
        if news {
            tracing::warn!(%error, "{} is away; {}", self.what, self.meanwhile);
        }
        news
    }

    /// It answers.
    pub fn over(&self) {
        if self.away.send_if_modified(std::mem::take) {
            tracing::info!("{} is back", self.what);
        }
    }

    /// Whether it was away when somebody last looked.
    pub fn lasts(&self) -> bool {
        *self.away.borrow()
    }

    /// Waits until somebody finds it back; at once if it is not away.
    pub async fn ended(&self) {
        // An error would mean that nobody can say so any more, and we can.
        let _ = self.away.subscribe().wait_for(|away| !away).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_outage_is_news_once_until_it_is_over() {
        let outage = Outage::of("the moon", "it is dark");
        outage.ended().await;
        assert!(outage.began(&"clouds"));
        assert!(!outage.began(&"clouds"), "said twice");
        assert!(outage.lasts());
        let ((), ()) = tokio::join!(outage.ended(), async { outage.over() });
        assert!(!outage.lasts());
        assert!(outage.began(&"clouds again"));
    }
}
