-- Dirty rooms that are due, each leased.
--
-- KEYS dirty
-- ARGV 1 now, 2 until when they are leased, 3 how many at the most
local due = redis.call('ZRANGE', KEYS[1], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[3])
for _, room in ipairs(due) do
    redis.call('ZADD', KEYS[1], 'XX', ARGV[2], room)
end
return due
