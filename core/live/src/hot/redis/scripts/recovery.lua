-- How long a shard still takes only what is put back, and which recovery that is. A shard's life is `whole`, or says which recovery
-- this is (a number that grows) and until when at the longest.
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
