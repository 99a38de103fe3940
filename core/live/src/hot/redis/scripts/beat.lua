-- Sockets of one room are still open. A socket that was not known, or was silent, is open again.
--
-- KEYS here, log, channel
-- ARGV 1 now, 2 when a silent socket was last heard of, 3 the idle time of `here`, 4 that of the log, 5 the message to tell,
-- and then of each socket: its member, and itself in hex
-- Returns `here`, as it is now.
local silent = tonumber(ARGV[2])
local online = {}
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
    local who = string.match(all[i], '^(%d+):%x+$')
    if who then
        if tonumber(all[i + 1]) > silent then
            online[who] = true
        else
            redis.call('HDEL', KEYS[1], all[i])
        end
    end
end
local came = false
for i = 6, #ARGV, 2 do
    local member = ARGV[i]
    came = came or not online[member]
    redis.call('HSET', KEYS[1], member .. ':' .. ARGV[i + 1], ARGV[1], member, ARGV[1])
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
-- A room that somebody has open is not idle.
redis.call('PEXPIRE', KEYS[2], ARGV[4], 'XX')
if came then
    redis.call('SPUBLISH', KEYS[3], ARGV[5])
end
return redis.call('HGETALL', KEYS[1])
