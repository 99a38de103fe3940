-- A shard recovers, whatever it did before, and nobody has confirmed anything. After recovery.lua.
--
-- KEYS life, roll
-- ARGV 1 how long, if nobody knows who has to confirm
local before = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+)')
local now = clock()
start_recovery(KEYS[1], math.max(now, (before or 0) + 1), now + ARGV[1])
redis.call('DEL', KEYS[2])
return 1
