-- A node is there. After recovery.lua.
--
-- KEYS life, nodes
-- ARGV 1 how long to recover, if nobody knows who has to confirm; 2 the node; 3 how long ago one may have been there last
-- Returns how long the shard still recovers, and every node that is there.
local wait = recovering(KEYS[1], ARGV[1])
local now = clock()
redis.call('HSET', KEYS[2], ARGV[2], now)
redis.call('PEXPIRE', KEYS[2], 3600000)
local there = {wait}
local all = redis.call('HGETALL', KEYS[2])
for i = 1, #all, 2 do
    if all[i + 1] + ARGV[3] > now then
        table.insert(there, all[i])
    else
        redis.call('HDEL', KEYS[2], all[i])
    end
end
return there
