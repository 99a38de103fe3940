//! What holds of the screen of a room, whatever else its people do.

use proptest::prelude::*;

use super::{
    history::{enough, histories},
    tell,
};
use crate::room::{Command, Event, Lead, PeopleCommand, Room, Screen, erase::blanked};

proptest! {
    #![proptest_config(enough())]

    #[test]
    fn what_was_meant_for_another_screen_changes_nothing(history in histories()) {
        tell(&history, |moment| {
            let (Command::Watching(command), Some(screen)) = (moment.command, moment.before.screen()) else { return };
            if command.rev.is_some_and(|rev| rev != screen.rev) {
                assert_eq!(moment.outcome.as_deref().unwrap_or_default(), [], "{command:?}");
            }
        });
    }

    #[test]
    fn a_revision_is_of_one_screen_and_the_next_is_one_more(history in histories()) {
        tell(&history, |moment| {
            let (Some(before), Some(after)) = (moment.before.screen(), moment.evening.room.screen()) else { return };
            let events = moment.events();
            let watched = events.iter().filter(|event| matches!(event, Event::Watching(_))).count();
            assert!(watched <= 1, "one command became {events:?}");
            let as_shown = |screen: &Screen| {
                (screen.media.clone(), screen.playing, screen.position, screen.rate, screen.at)
            };
            if after.rev == before.rev {
                assert_eq!(as_shown(&after), as_shown(&before), "{:?}", moment.command);
            } else {
                assert_eq!(after.rev, before.rev + 1, "{:?}", moment.command);
                assert_eq!(after.by, moment.actor, "{:?}", moment.command);
                assert_eq!(after.at, moment.evening.now.plus(Lead::default().duration()), "all begin at once");
            }
        });
    }

    #[test]
    fn every_item_is_in_a_playlist_once_and_a_screen_is_shown_to_members_alike(history in histories()) {
        tell(&history, |moment| {
            let room = &moment.evening.room;
            for member in room.present_members() {
                assert_eq!(room.view_for(member.id).expect("a member").screen, room.screen());
            }
            let Some(screen) = room.screen() else { return };
            let mut items: Vec<_> = screen.playlist.iter().map(|next| &next.item).collect();
            items.sort();
            assert!(items.windows(2).all(|two| two[0] != two[1]), "{items:?}");
            assert!(screen.item.iter().all(|shown| !items.contains(&shown)), "{screen:?}");
        });
    }

    #[test]
    fn no_address_of_who_was_erased_is_left_and_those_of_the_others_are(history in histories()) {
        tell(&history, |moment| {
            if !matches!(moment.command, Command::People(PeopleCommand::Erase)) || moment.events().is_empty() {
                return;
            }
            let log = blanked(&moment.evening.log, &[]).unwrap_or_else(|| moment.evening.log.clone());
            let rewritten = Room::replay(&log).expect("a log");
            let address = format!("of-{}-", moment.actor.get());
            for (what, text) in [
                ("the room", format!("{:?}", moment.evening.room)),
                ("the rewritten log", format!("{log:?}")),
            ] {
                assert!(!text.contains(&address), "{what} still knows {address}: {text}");
            }
            assert_eq!(rewritten.screen(), moment.evening.room.screen());
        });
    }
}
