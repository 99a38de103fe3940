-- Appends to a log, or replaces it, if it stands as the caller saw it. After recovery.lua.
--
-- KEYS log, marks, dirty, life, channel, and fence if it is a device's append
-- ARGV 1 how: `append`, `put back` or `replace`; 2 the epoch, 3 the length, 4 the head hash that are expected (`""`, 0, `""`: no log);
-- 5 the mark if it is durable, else `""`; 6 the room; 7 now; 8 the idle time to live; 9 the time for recovery;
-- 10 the message to tell; 11 the socket that has to hold the fence, else `""`; 12 for how long the fence is remembered; 13… the elements.
-- Returns the new length; or `{epoch, length}` of what was found; or `{wait}`; or `{}` if another socket holds the fence.
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
