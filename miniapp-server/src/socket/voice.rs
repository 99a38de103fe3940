//! Who is in a room's voice chat, as a phone was told: each change as a signal from whose it is.
//!
//! What is true now comes from the room's presence and never from another phone's word, so that a phone that died is told of as well, and a
//! signal that was missed is made up for by the next look.

use std::sync::Arc;

use sovpalo_domain::ids::UserId;
use sovpalo_live::{hot::SocketId, rooms::Voice};

/// What a phone knows.
#[derive(Default)]
pub(super) struct SentVoices {
    sent: Vec<Voice>,
    looked_at: Option<Arc<[Voice]>>,
    /// What the phone asked for last.
    wish: bool,
}

/// Somebody came into the voice chat, perhaps with another device, or left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct VoiceNews {
    pub(super) from: UserId,
    pub(super) on: bool,
}

impl SentVoices {
    /// The phone was told the whole room, in which these were.
    pub(super) fn start_with(&mut self, voices: &[Voice]) {
        (self.sent, self.looked_at) = (voices.to_vec(), None);
    }

    /// The phone forgot what it knew, and is told of everybody.
    pub(super) fn start_again(&mut self) {
        self.start_with(&[]);
    }

    /// The phone wants to be in the voice chat, or not to be.
    pub(super) fn wishes(&mut self, on: bool) {
        self.wish = on;
    }

    /// The next change that the phone `of` has not been told. What it asked for itself is not told: it is told when that is over without
    /// its asking, or another device of its person is in the chat instead.
    pub(super) fn next(&mut self, now: &Arc<[Voice]>, of: (UserId, SocketId)) -> Option<VoiceNews> {
        if self.looked_at.as_ref().is_some_and(|seen| Arc::ptr_eq(seen, now)) {
            return None;
        }
        let own = Voice { member: of.0, socket: of.1 };
        let is_gone = |sent: &Voice| !now.iter().any(|voice| voice.member == sent.member);
        while let Some(place) = self.sent.iter().position(is_gone) {
            let gone = self.sent.swap_remove(place);
            if gone != own || self.wish {
                return Some(VoiceNews { from: gone.member, on: false });
            }
        }
        while let Some(came) = now.iter().find(|voice| !self.sent.contains(voice)) {
            self.sent.retain(|sent| sent.member != came.member);
            self.sent.push(*came);
            if *came != own {
                return Some(VoiceNews { from: came.member, on: true });
            }
        }
        self.looked_at = Some(Arc::clone(now));
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(n: i64) -> UserId {
        UserId::new(n).unwrap()
    }

    fn voices(all: &[(i64, u128)]) -> Arc<[Voice]> {
        all.iter()
            .map(|(member, socket)| Voice { member: user(*member), socket: SocketId(*socket) })
            .collect()
    }

    /// What the phone of the first person, with the first socket, is told.
    fn sent(voices_sent: &mut SentVoices, now: &[(i64, u128)]) -> Vec<(i64, bool)> {
        let now = voices(now);
        let next = || voices_sent.next(&now, (user(1), SocketId(1)));
        std::iter::from_fn(next).map(|news| (news.from.get(), news.on)).collect()
    }

    #[test]
    fn each_change_is_told_once() {
        let mut phone = SentVoices::default();
        assert_eq!(sent(&mut phone, &[(2, 2), (3, 3)]), [(2, true), (3, true)]);
        assert_eq!(sent(&mut phone, &[(2, 2), (3, 3)]), []);
        assert_eq!(
            sent(&mut phone, &[(3, 4)]),
            [(2, false), (3, true)],
            "the third came with another device"
        );
        phone.start_with(&voices(&[(3, 4)]));
        assert_eq!(sent(&mut phone, &[(3, 4)]), [], "it was told with the whole room");
        phone.start_again();
        assert_eq!(sent(&mut phone, &[(3, 4)]), [(3, true)]);
    }

    #[test]
    fn a_phone_is_told_of_itself_only_what_it_did_not_ask_for() {
        let mut phone = SentVoices::default();
        phone.wishes(true);
        assert_eq!(sent(&mut phone, &[(1, 1)]), [], "it asked for that");
        assert_eq!(sent(&mut phone, &[]), [(1, false)], "it did not ask for that: the store lost it");
        assert_eq!(sent(&mut phone, &[(1, 1)]), []);
        assert_eq!(sent(&mut phone, &[(1, 9)]), [(1, true)], "another device of its person");
        assert_eq!(sent(&mut phone, &[]), [(1, false)]);
        assert_eq!(sent(&mut phone, &[(1, 1)]), []);
        phone.wishes(false);
        assert_eq!(sent(&mut phone, &[]), [], "it asked for that");
    }
}
