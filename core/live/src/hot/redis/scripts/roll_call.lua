-- A node takes part in the recovery of a shard: it names those who have to confirm before the shard is whole, and confirms
-- itself if it can. Once all have, it is. After recovery.lua.
--
-- KEYS life, roll
-- ARGV 1 how long to recover, if nobody knows who has to confirm; 2 how long after the last word of one that has not confirmed, if
-- somebody does; 3 how long at the longest, whatever they say; 4 the node; 5 for which recovery it confirms, else `""`; 6 1 if it knows
-- who else was there, and 7… who
-- Returns `{which recovery}`, or `{}` if the shard is whole.
local wait, which = recovering(KEYS[1], ARGV[1])
if wait == 0 then
    redis.call('DEL', KEYS[2])
    return {}
end
redis.call('HSETNX', KEYS[2], ARGV[4], '')
for i = 7, #ARGV do
    redis.call('HSETNX', KEYS[2], ARGV[i], '')
end
if ARGV[5] == which then
    redis.call('HSET', KEYS[2], ARGV[4], which)
end
local begins = ARGV[6] == '1' and redis.call('HSETNX', KEYS[2], 'known', which) == 1
if redis.call('HEXISTS', KEYS[2], 'known') == 1 then
    local now = clock()
    local put_off = math.min(now + ARGV[2], which + ARGV[3])
    if begins or ARGV[5] ~= which and put_off > now + wait then
        start_recovery(KEYS[1], which, put_off)
    end
    for _, confirmed in ipairs(redis.call('HVALS', KEYS[2])) do
        if confirmed ~= which then
            return {which}
        end
    end
    redis.call('SET', KEYS[1], 'whole')
    redis.call('DEL', KEYS[2])
    return {}
end
return {which}
