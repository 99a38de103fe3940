-- Whether a shard is recovering. After recovery.lua.
--
-- KEYS life
-- ARGV 1 how long, if nobody knows who has to confirm
-- Returns how long it still takes at the longest, 0 if it is whole.
local wait = recovering(KEYS[1], ARGV[1])
return wait
