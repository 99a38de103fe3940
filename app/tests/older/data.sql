-- What a version left in SQL whose migrations ended with 0010, in the words of both databases. {now}, {month} and {ms} are moments, {friday}
-- and {last_week} the numbers of two cards, {saturday} and {sunday} those of two updates, and {wish} what one of these says.

-- Clara (5000000103) has erased herself; she is still in the log of the room on Friday.
INSERT INTO users (id, first_name, language, language_chosen, writes_allowed, created_at, updated_at) VALUES
    (5000000101, 'Anna', 'en', FALSE, FALSE, '{now}', '{now}'),
    (5000000102, 'Boris', 'ru', TRUE, TRUE, '{now}', '{now}');
INSERT INTO erased_users (id, erased_at) VALUES (5000000103, '{now}');
INSERT INTO room_erasures (room, member, erased_at) VALUES ('SZCFSMZH', 5000000103, '{now}');

INSERT INTO sessions (id, user_id, generation, rotated_at, created_at, ip, user_agent, expires_at, ended_at, chains) VALUES
    ('5000000101-a0ddd367dfe6cca43716dd7090a07cf6', 5000000101, 0, '{now}', '{now}', '127.0.0.1', 'Telegram', '{month}', NULL,
        '[{"current":0,"spent":null,"rotated_at":{ms}}]'),
    -- Before sessions had chains.
    ('5000000102-a47d775be77a0b259b111c3ff9514ae4', 5000000102, 0, '{now}', '{now}', '127.0.0.1', 'Telegram', '{month}', NULL, '[]'),
    ('5000000103-55590012eca760693d0383d856c468e3', 5000000103, 0, '{now}', '{now}', '', '', '{month}', '{now}', '[]');

INSERT INTO rooms (code, name, settings, seed, host, phase, round, results, member_count, match_count, epoch, projected_seq,
    created_at, updated_at) VALUES
    ('SZCFSMZH', 'Friday', '{"name":"Friday","rule":"Unanimous","goal":"WholeDeck","picks_per_member":5,"deck":null}',
        6938761776919660206, 5000000101, 'swiping', 1, NULL, 3, 0, 187798664, 9, '{now}', '{now}'),
    ('0RHSDKG7', 'Last week', '{"name":"Last week","rule":"Unanimous","goal":"WholeDeck","picks_per_member":5,"deck":null}',
        -8396532465521826355, 5000000102, 'finished', 1, '[{"title":"c3","likes":2},{"title":"c4","likes":0}]', 2, 1, 1498102131, 12,
        '{now}', '{now}');
INSERT INTO room_epochs (room, epoch) VALUES ('SZCFSMZH', 187798664), ('0RHSDKG7', 1498102131);
INSERT INTO room_members (room, member, position, name, standing, picks) VALUES
    ('SZCFSMZH', 5000000101, 0, 'Anna', 'here', '["c1"]'),
    ('SZCFSMZH', 5000000102, 1, 'Boris', 'here', '["c2"]'),
    ('SZCFSMZH', 5000000103, 2, '', 'here', '[]'),
    ('0RHSDKG7', 5000000102, 0, 'Boris', 'here', '["c4"]'),
    ('0RHSDKG7', 5000000101, 1, 'Anna', 'here', '["c3"]');
INSERT INTO room_matches (room, number, round, title, at) VALUES ('0RHSDKG7', 1, 1, 'c3', '{now}');

INSERT INTO room_cards (room, chat, message, text_hash, claimed_at) VALUES
    ('SZCFSMZH', -1002400000001, {friday}, 'of another text', '{now}'),
    ('0RHSDKG7', -1002400000001, {last_week}, 'of another text', '{now}');

-- The match of last week waits for its chat and for Boris; that the round is over was told already.
INSERT INTO notices (room, kind, round, number, title, target, target_id, armed, taken, armed_at, due_at, attempts, done) VALUES
    ('SZCFSMZH', 'card_stale', 0, 0, '', 'cards', 0, 3, 2, '{now}', '{now}', 0, FALSE),
    ('0RHSDKG7', 'match', 1, 1, 'c3', 'cards', 0, 1, 1, '{now}', '{now}', 1, TRUE),
    ('0RHSDKG7', 'match', 1, 1, 'c3', 'chat', -1002400000001, 1, 0, '{now}', '{now}', 0, FALSE),
    ('0RHSDKG7', 'match', 1, 1, 'c3', 'member', 5000000102, 1, 0, '{now}', '{now}', 0, FALSE),
    ('0RHSDKG7', 'finished', 1, 0, '', 'cards', 0, 1, 1, '{now}', '{now}', 1, TRUE);

-- One update waits, the other one was handled.
INSERT INTO updates (id, payload, received_at, lane) VALUES
    ({saturday}, '{wish}', '{now}', -1002400000001),
    ({sunday}, NULL, '{now}', -1002400000001);
