//! Sessions.

use futures::future::join_all;
use sovpalo_domain::{ids::Timestamp, language::Language};

use super::{Bench, NAMES, at, contract, story::person, user};
use crate::{Chain, Db, Ending, Session, SessionId, Standing, User};

contract!(
    a_session_comes_back_with_its_owner,
    a_refreshed_session_goes_ahead_and_never_back,
    an_ended_session_is_not_saved_again,
    a_session_may_end_before_it_was_ever_written,
    ending_twice_keeps_the_first_end,
    of_an_end_and_many_saves_at_once_the_end_stays,
    what_became_of_a_session_is_remembered_with_its_reason,
    who_signed_out_stays_signed_out_whatever_else_is_said,
    erasing_leaves_nothing_that_a_launch_may_open_again,
    an_expired_session_is_over_and_swept_out,
    an_ended_session_is_remembered_until_its_tokens_expire,
    whoever_signed_in_unseen_is_seen_with_their_session,
    what_a_user_chose_is_not_undone_by_their_session,
    erasing_ends_every_session_of_theirs_and_keeps_nothing_personal,
    the_sessions_of_a_person_are_theirs_that_live_the_last_used_first,
    all_sessions_but_one_end_and_open_no_launch_again,
    texts_of_every_kind_come_back_without_nul,
);

const MONTH: i64 = 30 * 86_400;

fn session(number: u128) -> Session {
    Session {
        id: SessionId::from_bits(user(5), number),
        generation: 0,
        rotated_at: at(0),
        chains: vec![Chain { current: 0, spent: None, rotated_at: at(0) }],
        created_at: at(0),
        ip: "192.0.2.1".into(),
        user_agent: "Telegram-Android/11".into(),
        expires_at: at(MONTH),
    }
}

fn refreshed(number: u128, generation: u32, seconds: i64) -> Session {
    let (rotated_at, expires_at) = (at(seconds), at(seconds + MONTH));
    let chains = vec![Chain { current: generation, spent: generation.checked_sub(1), rotated_at }];
    Session { generation, rotated_at, chains, expires_at, ..session(number) }
}

fn owner() -> User {
    User {
        person: person(5),
        language: Language::Ru,
        notifications: true,
        writes_allowed: false,
        region: None,
    }
}

async fn save(db: &Db, session: &Session) -> Option<User> {
    db.save_session(session, &owner(), at(0)).await.unwrap()
}

async fn found(db: &Db, number: u128, now: Timestamp) -> Option<Session> {
    db.session(&session(number).id, now).await.unwrap().map(|(session, _)| session)
}

async fn a_session_comes_back_with_its_owner(bench: Bench) {
    let db = bench.db().await;
    assert_eq!(db.session(&session(1).id, at(0)).await.unwrap(), None);
    let seen = db.see_user(&person(5), Some("en"), at(0)).await.unwrap();
    assert_eq!(save(&db, &session(1)).await, Some(seen.clone()));
    assert_eq!(db.session(&session(1).id, at(1)).await.unwrap(), Some((session(1), seen)));
    assert_eq!(found(&db, 2, at(1)).await, None, "another one of theirs");
}

async fn a_refreshed_session_goes_ahead_and_never_back(bench: Bench) {
    let db = bench.db().await;
    save(&db, &session(1)).await;
    let ahead = Session { ip: "192.0.2.2".into(), user_agent: "b".into(), ..refreshed(1, 4, 10) };
    assert!(save(&db, &ahead).await.is_some());
    assert!(save(&db, &refreshed(1, 3, 20)).await.is_some(), "it lives, though SQL knows better");
    assert_eq!(found(&db, 1, at(20)).await, Some(ahead));
}

async fn an_ended_session_is_not_saved_again(bench: Bench) {
    let db = bench.db().await;
    save(&db, &session(1)).await;
    save(&db, &session(2)).await;
    db.end_session(&session(1).id, Ending::SignedOut, at(MONTH), at(5)).await.unwrap();
    assert_eq!(found(&db, 1, at(5)).await, None);
    assert_eq!(save(&db, &refreshed(1, 9, 6)).await, None);
    assert_eq!(found(&db, 1, at(6)).await, None);
    assert!(found(&db, 2, at(6)).await.is_some(), "another one of theirs has ended with it");
}

async fn a_session_may_end_before_it_was_ever_written(bench: Bench) {
    let db = bench.db().await;
    db.end_session(&session(1).id, Ending::SignedOut, at(MONTH), at(5)).await.unwrap();
    assert_eq!(save(&db, &session(1)).await, None);
    assert_eq!(db.user(user(5)).await.unwrap(), None, "nobody is remembered by what has ended");
}

async fn ending_twice_keeps_the_first_end(bench: Bench) {
    let db = bench.db().await;
    for seconds in [5, 500] {
        db.end_session(&session(1).id, Ending::SignedOut, at(MONTH), at(seconds)).await.unwrap();
    }
    assert_eq!(db.sessions_ended_since(at(5)).await.unwrap(), [session(1).id]);
    assert_eq!(db.sessions_ended_since(at(6)).await.unwrap(), []);
}

async fn of_an_end_and_many_saves_at_once_the_end_stays(bench: Bench) {
    let db = bench.db().await;
    let saves = join_all((0..8).map(|generation| {
        let db = &db;
        async move { save(db, &refreshed(1, generation, 1)).await }
    }));
    let id = session(1).id;
    let (_, ended) = tokio::join!(saves, db.end_session(&id, Ending::SignedOut, at(MONTH), at(5)));
    ended.unwrap();
    assert_eq!(found(&db, 1, at(6)).await, None);
    assert_eq!(save(&db, &refreshed(1, 99, 7)).await, None);
}

async fn standing(db: &Db, number: u128) -> Standing {
    db.standing(&session(number).id, at(10)).await.unwrap()
}

async fn what_became_of_a_session_is_remembered_with_its_reason(bench: Bench) {
    let db = bench.db().await;
    assert_eq!(standing(&db, 1).await, Standing::Unknown);
    for number in 1..=3 {
        save(&db, &session(number)).await;
    }
    db.end_session(&session(2).id, Ending::Revoked, at(MONTH), at(5)).await.unwrap();
    db.end_session(&session(3).id, Ending::SignedOut, at(MONTH), at(5)).await.unwrap();
    assert_eq!(standing(&db, 1).await, Standing::Alive);
    assert_eq!(standing(&db, 2).await, Standing::Ended(Ending::Revoked));
    assert_eq!(standing(&db, 3).await, Standing::Ended(Ending::SignedOut));
    assert_eq!(db.standing(&session(3).id, at(MONTH)).await.unwrap(), Standing::Unknown, "it has expired");
}

async fn who_signed_out_stays_signed_out_whatever_else_is_said(bench: Bench) {
    let db = bench.db().await;
    for (number, endings) in
        [(1, [Ending::SignedOut, Ending::Revoked]), (2, [Ending::Revoked, Ending::SignedOut])]
    {
        save(&db, &session(number)).await;
        for ending in endings {
            db.end_session(&session(number).id, ending, at(MONTH), at(5)).await.unwrap();
        }
        assert_eq!(standing(&db, number).await, Standing::Ended(Ending::SignedOut), "{endings:?}");
    }
}

async fn erasing_leaves_nothing_that_a_launch_may_open_again(bench: Bench) {
    let db = bench.db().await;
    save(&db, &session(1)).await;
    save(&db, &session(2)).await;
    db.end_session(&session(1).id, Ending::Revoked, at(MONTH), at(5)).await.unwrap();
    assert!(!db.is_erased(user(5)).await.unwrap());
    db.erase_user(user(5), &[], at(6)).await.unwrap();
    assert!(db.is_erased(user(5)).await.unwrap());
    for number in [1, 2] {
        assert_eq!(standing(&db, number).await, Standing::Ended(Ending::SignedOut), "session {number}");
    }
}

async fn an_expired_session_is_over_and_swept_out(bench: Bench) {
    let db = bench.db().await;
    save(&db, &session(1)).await;
    assert!(found(&db, 1, at(MONTH - 1)).await.is_some());
    assert_eq!(found(&db, 1, at(MONTH)).await, None);
    db.sweep_sessions(at(MONTH - 1)).await.unwrap();
    assert!(found(&db, 1, at(0)).await.is_some(), "swept out too early");
    db.sweep_sessions(at(MONTH)).await.unwrap();
    assert_eq!(found(&db, 1, at(0)).await, None, "its row is still there");
}

async fn an_ended_session_is_remembered_until_its_tokens_expire(bench: Bench) {
    let db = bench.db().await;
    save(&db, &session(1)).await;
    // SQL had not heard of its last refresh.
    db.end_session(&session(1).id, Ending::SignedOut, at(60 + MONTH), at(60)).await.unwrap();
    db.sweep_sessions(at(59 + MONTH)).await.unwrap();
    assert_eq!(save(&db, &refreshed(1, 2, 50)).await, None, "an old copy brought it back");
    db.sweep_sessions(at(60 + MONTH)).await.unwrap();
    assert_eq!(db.sessions_ended_since(at(0)).await.unwrap(), []);
}

async fn whoever_signed_in_unseen_is_seen_with_their_session(bench: Bench) {
    let db = bench.db().await;
    db.erase_user(user(5), &[], at(0)).await.unwrap();
    let seen = save(&db, &session(1)).await.unwrap();
    assert_eq!(seen, owner());
    assert_eq!(db.user(user(5)).await.unwrap(), Some(seen));
}

async fn what_a_user_chose_is_not_undone_by_their_session(bench: Bench) {
    let db = bench.db().await;
    db.see_user(&person(5), Some("en"), at(0)).await.unwrap();
    let chosen = db.change_user(user(5), Some(Language::En), Some(false), at(1)).await.unwrap();
    assert_eq!(save(&db, &session(1)).await, chosen);
    assert_eq!(db.user(user(5)).await.unwrap(), chosen);
}

async fn erasing_ends_every_session_of_theirs_and_keeps_nothing_personal(bench: Bench) {
    let db = bench.db().await;
    for number in 1..=3 {
        save(&db, &session(number)).await;
    }
    let friend = Session { id: SessionId::from_bits(user(6), 1), ..session(1) };
    db.save_session(&friend, &User { person: person(6), ..owner() }, at(0)).await.unwrap();
    db.end_session(&session(3).id, Ending::SignedOut, at(MONTH), at(1)).await.unwrap();

    let mut erased = db.erase_user(user(5), &[], at(2)).await.unwrap().sessions;
    erased.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    assert_eq!(erased, [session(1).id, session(2).id], "one had ended before");
    assert_eq!(found(&db, 1, at(3)).await, None);
    assert_eq!(save(&db, &refreshed(2, 1, 3)).await, None);
    assert_eq!(db.user(user(5)).await.unwrap(), None, "a late save brought the name back");
    assert!(db.session(&friend.id, at(3)).await.unwrap().is_some());
    assert_eq!(db.sessions_ended_since(at(2)).await.unwrap().len(), 2, "copies elsewhere must hear of it");
    let origins: i64 = crate::run!(&db, |pool| sqlx::query_scalar(
        "SELECT count(*) FROM sessions WHERE user_id = 5 AND (ip <> '' OR user_agent <> '')"
    )
    .fetch_one(pool))
    .unwrap();
    assert_eq!(origins, 0, "it is still known from where they came");
}

async fn the_sessions_of_a_person_are_theirs_that_live_the_last_used_first(bench: Bench) {
    let db = bench.db().await;
    for number in 1..=5 {
        save(&db, &session(number)).await;
    }
    for (number, seconds) in [(2, 20), (4, 10), (5, 30)] {
        save(&db, &refreshed(number, 1, seconds)).await;
    }
    let friend = Session { id: SessionId::from_bits(user(6), 1), ..session(1) };
    db.save_session(&friend, &User { person: person(6), ..owner() }, at(0)).await.unwrap();
    db.end_session(&session(5).id, Ending::SignedOut, at(MONTH), at(31)).await.unwrap();

    let named = async |limit, now| {
        let found = db.sessions_of(user(5), limit, now).await.unwrap();
        found.into_iter().map(|session| session.id).collect::<Vec<_>>()
    };
    let [one, two, three, four] = [1, 2, 3, 4].map(|number| session(number).id);
    assert_eq!(named(9, at(40)).await, [two.clone(), four.clone(), one.clone(), three.clone()]);
    assert_eq!(named(2, at(40)).await, [two.clone(), four.clone()], "no more than asked for");
    assert_eq!(named(9, at(MONTH + 15)).await, std::slice::from_ref(&two), "the others have expired");

    let beyond = async |newest, kept, limit| db.sessions_beyond(newest, kept, limit, at(40)).await.unwrap();
    assert_eq!(beyond(&one, 1, 9).await, [four.clone(), three.clone()], "beside the newest and one more");
    assert_eq!(beyond(&one, 1, 1).await, [four]);
    assert_eq!(beyond(&one, 3, 9).await, []);
}

async fn all_sessions_but_one_end_and_open_no_launch_again(bench: Bench) {
    let db = bench.db().await;
    for number in 1..=3 {
        save(&db, &session(number)).await;
    }
    db.end_session(&session(3).id, Ending::Revoked, at(MONTH), at(1)).await.unwrap();
    assert_eq!(db.end_other_sessions(&session(2).id, at(2)).await.unwrap(), [session(1).id]);
    assert_eq!(db.end_other_sessions(&session(2).id, at(3)).await.unwrap(), []);
    assert!(found(&db, 2, at(3)).await.is_some(), "the one that was to stay");
    for number in [1, 3] {
        let standing = db.standing(&session(number).id, at(3)).await.unwrap();
        assert_eq!(standing, Standing::Ended(Ending::SignedOut), "session {number}");
    }
}

async fn texts_of_every_kind_come_back_without_nul(bench: Bench) {
    let db = bench.db().await;
    for (number, name) in (1..).zip(NAMES) {
        let saved = Session { user_agent: format!("{name}\0"), ..session(number) };
        save(&db, &saved).await;
        assert_eq!(found(&db, number, at(0)).await.unwrap().user_agent, name);
    }
}
