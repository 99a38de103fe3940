-- As the version of commit 9c5e497 appends, word for word. Never change it.
local function clock()
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function heals(life_key, which, deadline)
    redis.call('SET', life_key, string.format('%d %d', which, deadline))
end
local function healing(life_key, patience)
    local life = redis.call('GET', life_key)
    if life == 'whole' then
        return 0
    end
    local now = clock()
    if not life then
        heals(life_key, now, now + patience)
        life = redis.call('GET', life_key)
    end
    local which, deadline = string.match(life, '^(%d+) (%d+)$')
    if tonumber(deadline) <= now then
        redis.call('SET', life_key, 'whole')
        return 0
    end
    return deadline - now, which
end
local how = ARGV[1]
local wait = healing(KEYS[4], ARGV[9])
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
local epoch, tip = '', ''
if length > 0 then
    local last = redis.call('LINDEX', KEYS[1], -1)
    if length == 1 then
        epoch, last = string.sub(last, 1, 4), string.sub(last, 5)
    else
        epoch = string.sub(redis.call('LINDEX', KEYS[1], 0), 1, 4)
    end
    tip = string.sub(redis.sha1hex(last), 1, 16)
end
local elsewhere = length ~= tonumber(ARGV[3]) or epoch ~= ARGV[2] or tip ~= ARGV[4]
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
