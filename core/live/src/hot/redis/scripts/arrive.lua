-- A socket is open. After sockets.lua.
--
-- KEYS here, log, channel
-- ARGV 1 the member, 2 the socket in hex, 3 now, 4 when a silent socket was last heard of, 5 the idle time of `here`,
-- 6 that of the log, 7 the message to tell
-- Returns 1 if the member was offline.
local field = member .. ':' .. socket
local before = redis.call('HGET', KEYS[1], field)
local was_offline = not (before and tonumber(before) > silent) and others() == 0
redis.call('HSET', KEYS[1], field, ARGV[3], member, ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
-- A room that somebody has open is not idle.
redis.call('PEXPIRE', KEYS[2], ARGV[6], 'XX')
if was_offline then
    redis.call('SPUBLISH', KEYS[3], ARGV[7])
    return 1
end
return 0
