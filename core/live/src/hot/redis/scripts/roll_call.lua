-- A node takes part in the recovery of a shard: it names those who have to confirm before the shard is whole, and confirms
-- itself if it can. Once all have, it is. After recovery.lua.
--
-- KEYS life, roll
-- ARGV 1 how long to recover, if nobody knows who has to confirm; 2 how long, if somebody does; 3 the node; 4 for which recovery it
-- confirms, else `""`; 5 1 if it knows who else was there, and 6… who
-- Returns `{which recovery}`, or `{}` if the shard is whole.
local wait, which = recovering(KEYS[1], ARGV[1])
if wait == 0 then
    redis.call('DEL', KEYS[2])
    return {}
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
            return {which}
        end
    end
    redis.call('SET', KEYS[1], 'whole')
    redis.call('DEL', KEYS[2])
    return {}
end
return {which}
