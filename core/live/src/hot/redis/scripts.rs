//! What Redis does in one step. Each script touches the keys of one shard, or one key.
//!
//! Logs: an element is an entry as [`codec`](crate::hot::codec) writes it; the first one has its epoch's 4 bytes (big-endian)
//! before it, so that a log says which history it is. Times are the callers' and in milliseconds; only the
//! recovery after a loss, and who is there for it, goes by Redis's own clock, since nodes that disagree about the time must agree about that.

use std::sync::LazyLock;

use fred::types::scripts::Script;

/// How long a shard still takes only what is put back, and which recovery that is. A shard's life is `whole`, or says which recovery
/// this is (a number that grows) and until when at the longest.
const RECOVERY: &str = r"
local function clock()
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function start_recovery(life_key, which, deadline)
    redis.call('SET', life_key, string.format('%d %d', which, deadline))
end
local function recovering(life_key, patience)
    local life = redis.call('GET', life_key)
    if life == 'whole' then
        return 0
    end
    local now = clock()
    if not life then
        start_recovery(life_key, now, now + patience)
        life = redis.call('GET', life_key)
    end
    local which, deadline = string.match(life, '^(%d+) (%d+)$')
    if tonumber(deadline) <= now then
        redis.call('SET', life_key, 'whole')
        return 0
    end
    return deadline - now, which
end
";

/// A shard recovers, whatever it did before, and nobody has confirmed anything.
///
/// KEYS life, roll
/// ARGV 1 how long, if nobody knows who has to confirm
pub(super) static RECOVER_AGAIN: LazyLock<String> = LazyLock::new(|| {
    format!(
        r"{RECOVERY}
local before = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+)')
local now = clock()
start_recovery(KEYS[1], math.max(now, (before or 0) + 1), now + ARGV[1])
redis.call('DEL', KEYS[2])
return 1
"
    )
});

/// Whether a shard is recovering.
///
/// KEYS life
/// ARGV 1 how long, if nobody knows who has to confirm
/// Returns how long it still takes at the longest, 0 if it is whole.
pub(super) static RECOVERING: LazyLock<Script> = LazyLock::new(|| {
    Script::from_lua(format!("{RECOVERY}\nlocal wait = recovering(KEYS[1], ARGV[1])\nreturn wait"))
});

/// A node is there.
///
/// KEYS life, nodes
/// ARGV 1 how long to recover, if nobody knows who has to confirm; 2 the node; 3 how long ago one may have been there last
/// Returns how long the shard still recovers, and every node that is there.
pub(super) static BE_THERE: LazyLock<Script> = LazyLock::new(|| {
    Script::from_lua(format!(
        r"{RECOVERY}
local wait = recovering(KEYS[1], ARGV[1])
local now = clock()
redis.call('HSET', KEYS[2], ARGV[2], now)
redis.call('PEXPIRE', KEYS[2], 3600000)
local there = {{wait}}
local all = redis.call('HGETALL', KEYS[2])
for i = 1, #all, 2 do
    if all[i + 1] + ARGV[3] > now then
        table.insert(there, all[i])
    else
        redis.call('HDEL', KEYS[2], all[i])
    end
end
return there
"
    ))
});

/// A node takes part in the recovery of a shard: it names those who have to confirm before the shard is whole, and confirms
/// itself if it can. Once all have, it is.
///
/// KEYS life, roll
/// ARGV 1 how long to recover, if nobody knows who has to confirm; 2 how long, if somebody does; 3 the node; 4 for which recovery it
/// confirms, else `""`; 5 1 if it knows who else was there, and 6… who
/// Returns `{which recovery}`, or `{}` if the shard is whole.
pub(super) static ROLL_CALL: LazyLock<Script> = LazyLock::new(|| {
    Script::from_lua(format!(
        r"{RECOVERY}
local wait, which = recovering(KEYS[1], ARGV[1])
if wait == 0 then
    redis.call('DEL', KEYS[2])
    return {{}}
end
redis.call('HSETNX', KEYS[2], ARGV[3], '')
for i = 6, #ARGV do
    redis.call('HSETNX', KEYS[2], ARGV[i], '')
end
if ARGV[4] == which then
    redis.call('HSET', KEYS[2], ARGV[3], which)
end
if ARGV[5] == '1' and redis.call('HSETNX', KEYS[2], 'known', which) == 1 then
    start_recovery(KEYS[1], which, clock() + ARGV[2])
end
if redis.call('HEXISTS', KEYS[2], 'known') == 1 then
    for _, confirmed in ipairs(redis.call('HVALS', KEYS[2])) do
        if confirmed ~= which then
            return {{which}}
        end
    end
    redis.call('SET', KEYS[1], 'whole')
    redis.call('DEL', KEYS[2])
    return {{}}
end
return {{which}}
"
    ))
});

/// Appends to a log, or replaces it, if it stands as the caller saw it.
///
/// KEYS log, marks, dirty, life, channel, and voice if it is somebody's word
/// ARGV 1 how: `append`, `put back` or `replace`; 2 the epoch, 3 the length, 4 the tip that are expected (`""`, 0, `""`: no log);
/// 5 the mark if it is durable, else `""`; 6 the room; 7 now; 8 the idle time to live; 9 the time for recovery;
/// 10 the message to tell; 11 the socket whose word it is, else `""`; 12 for how long its voice is remembered; 13… the elements.
/// Returns the new length; or `{epoch, length}` of what was found; or `{wait}`; or `{}` if another socket speaks.
pub(super) fn append() -> &'static Script {
    static SCRIPT: LazyLock<Script> =
        LazyLock::new(|| Script::from_lua(format!("{RECOVERY}{}", planted::into(APPEND))));
    &SCRIPT
}

const APPEND: &str = r"
local how = ARGV[1]
local wait = recovering(KEYS[4], ARGV[9])
if wait > 0 and how == 'append' then
    return {wait}
end
if KEYS[6] then
    if redis.call('GET', KEYS[6]) ~= ARGV[11] then
        return {}
    end
    redis.call('PEXPIRE', KEYS[6], ARGV[12])
end
local length = redis.call('LLEN', KEYS[1])
local epoch, head_hash = '', ''
if length > 0 then
    local last = redis.call('LINDEX', KEYS[1], -1)
    if length == 1 then
        epoch, last = string.sub(last, 1, 4), string.sub(last, 5)
    else
        epoch = string.sub(redis.call('LINDEX', KEYS[1], 0), 1, 4)
    end
    head_hash = string.sub(redis.sha1hex(last), 1, 16)
end
local elsewhere = length ~= tonumber(ARGV[3]) or epoch ~= ARGV[2] or head_hash ~= ARGV[4]
if elsewhere then
    return {epoch, length}
end
if how == 'replace' then
    redis.call('DEL', KEYS[1])
end
-- Lua's stack is bounded: a long log is put back in pieces.
for from = 13, #ARGV, 1000 do
    length = redis.call('RPUSH', KEYS[1], unpack(ARGV, from, math.min(from + 999, #ARGV)))
end
if ARGV[5] ~= '' then
    redis.call('HSET', KEYS[2], ARGV[6], ARGV[5])
    redis.call('ZADD', KEYS[3], 'NX', ARGV[7], ARGV[6])
    -- What SQL has not heard of stays, however long SQL is away.
    redis.call('PERSIST', KEYS[1])
else
    redis.call('PEXPIRE', KEYS[1], ARGV[8], 'XX')
end
redis.call('SPUBLISH', KEYS[5], ARGV[10])
return length
";

/// The end of a log.
///
/// KEYS log
/// ARGV 1 how many entries are known
/// Returns `{epoch, length, element…}`, or `{}` if there is no log.
pub(super) static READ: LazyLock<Script> = LazyLock::new(|| {
    Script::from_lua(
        r"
local first = redis.call('LINDEX', KEYS[1], 0)
if not first then
    return {}
end
local found = {string.sub(first, 1, 4), redis.call('LLEN', KEYS[1])}
local from = tonumber(ARGV[1])
for place, element in ipairs(redis.call('LRANGE', KEYS[1], from, -1)) do
    if from + place == 1 then
        element = string.sub(element, 5)
    end
    found[place + 2] = element
end
return found
",
    )
});

/// Dirty rooms that are due, each leased.
///
/// KEYS dirty
/// ARGV 1 now, 2 until when they are leased, 3 how many at the most
pub(super) static LEASE: LazyLock<Script> = LazyLock::new(|| {
    Script::from_lua(
        r"
local due = redis.call('ZRANGE', KEYS[1], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[3])
for _, room in ipairs(due) do
    redis.call('ZADD', KEYS[1], 'XX', ARGV[2], room)
end
return due
",
    )
});

/// Unmarks a room unless more has to be carried over.
///
/// KEYS log, marks, dirty
/// ARGV 1 the room, 2 the mark that was reached (`""`: there was no log), 3 now, 4 the idle time to live
pub(super) static CLEAN: LazyLock<Script> = LazyLock::new(|| {
    Script::from_lua(
        r"
local mark = redis.call('HGET', KEYS[2], ARGV[1])
local reached = ARGV[2]
local done
if reached == '' or not mark then
    done = redis.call('EXISTS', KEYS[1]) == 0 or not mark
elseif string.sub(mark, 1, 4) ~= string.sub(reached, 1, 4) then
    return 0
else
    done = mark <= reached
end
if done then
    redis.call('HDEL', KEYS[2], ARGV[1])
    redis.call('ZREM', KEYS[3], ARGV[1])
    redis.call('PEXPIRE', KEYS[1], ARGV[4])
elseif reached ~= '' then
    redis.call('ZADD', KEYS[3], 'XX', ARGV[3], ARGV[1])
end
return 1
",
    )
});

/// Sets a value if it is as expected. A value is its end (8 bytes, big-endian milliseconds) and its bytes.
///
/// KEYS value
/// ARGV 1 now (8 bytes), 2 `some` or `none` is expected, 3 the bytes that are, 4 the new value, 5 its time to live
pub(super) static SWAP: LazyLock<Script> = LazyLock::new(|| {
    Script::from_lua(
        r"
local value = redis.call('GET', KEYS[1])
if value and string.sub(value, 1, 8) <= ARGV[1] then
    value = false
end
local as_expected
if ARGV[2] == 'none' then
    as_expected = not value
else
    as_expected = value and string.sub(value, 9) == ARGV[3]
end
if not as_expected then
    return 0
end
redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5])
return 1
",
    )
});

/// Takes one use of a quota by GCRA; see [`quota`](crate::hot::quota).
///
/// KEYS quota
/// ARGV 1 now, 2 the step between uses, 3 the window
/// Returns how long to wait, 0 if it was granted.
pub(super) static SPEND: LazyLock<Script> = LazyLock::new(|| {
    Script::from_lua(
        r"
local now, step, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local full_at = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + step
local wait = full_at - now - window
if wait > 0 then
    return math.ceil(wait)
end
redis.call('SET', KEYS[1], string.format('%.3f', full_at), 'PX', math.ceil(full_at - now) + 1)
return 0
",
    )
});

/// What both presence scripts begin with: `sockets` of the member that were heard of lately, and forgetting the silent ones.
const ROLL: &str = r"
local member, socket, now, silent = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local function others()
    local count = 0
    local all = redis.call('HGETALL', KEYS[1])
    for i = 1, #all, 2 do
        local who, which = string.match(all[i], '^(%d+):(%x+)$')
        if who == member and which ~= socket then
            if tonumber(all[i + 1]) > silent then
                count = count + 1
            else
                redis.call('HDEL', KEYS[1], all[i])
            end
        end
    end
    return count
end
";

/// A socket is open.
///
/// KEYS here, log, channel
/// ARGV 1 the member, 2 the socket in hex, 3 now, 4 when a silent socket was last heard of, 5 the idle time of `here`,
/// 6 that of the log, 7 the message to tell
/// Returns 1 if the member was offline.
pub(super) static ARRIVE: LazyLock<Script> = LazyLock::new(|| {
    Script::from_lua(format!(
        r"{ROLL}
local field = member .. ':' .. socket
local before = redis.call('HGET', KEYS[1], field)
local was_offline = not (before and tonumber(before) > silent) and others() == 0
redis.call('HSET', KEYS[1], field, ARGV[3], member, ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
-- A room that somebody has open is not idle.
redis.call('PEXPIRE', KEYS[2], ARGV[6], 'XX')
if was_offline then
    redis.call('SPUBLISH', KEYS[3], ARGV[7])
    return 1
end
return 0
"
    ))
});

/// A socket is closed.
///
/// KEYS here, channel
/// ARGV 1 the member, 2 the socket in hex, 3 now, 4 when a silent socket was last heard of, 5 the message to tell
/// Returns 1 if that was the member's last one.
pub(super) static DEPART: LazyLock<Script> = LazyLock::new(|| {
    Script::from_lua(format!(
        r"{ROLL}
if redis.call('HDEL', KEYS[1], member .. ':' .. socket) == 0 then
    return 0
end
redis.call('HSET', KEYS[1], member, ARGV[3])
if others() > 0 then
    return 0
end
redis.call('SPUBLISH', KEYS[2], ARGV[5])
return 1
"
    ))
});

/// Bugs to be planted, so that the checker of histories can show that it finds them. Never in a build for people.
mod planted {
    /// The script, with the bug that `SOVPALO_PLANT` names.
    #[cfg(feature = "planted-bugs")]
    pub(super) fn into(script: &str) -> String {
        let (right, wrong) = match std::env::var("SOVPALO_PLANT").as_deref() {
            // Whoever comes second writes over what the first one saw.
            Ok("blind-append") => ("if elsewhere then", "if elsewhere and how ~= 'append' then"),
            // A connection that its phone has given up is heard all the same.
            Ok("hear-ghosts") => ("if redis.call('GET', KEYS[6]) ~= ARGV[11] then", "if false then"),
            // Nobody is told.
            Ok("forget-publish") => ("redis.call('SPUBLISH', KEYS[5], ARGV[10])", ""),
            _ => return script.to_owned(),
        };
        script.replacen(right, wrong, 1)
    }

    #[cfg(not(feature = "planted-bugs"))]
    pub(super) fn into(script: &str) -> &str {
        script
    }
}
