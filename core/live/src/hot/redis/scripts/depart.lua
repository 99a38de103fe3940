-- A socket is closed. After sockets.lua.
--
-- KEYS here, channel
-- ARGV 1 the member, 2 the socket in hex, 3 now, 4 when a silent socket was last heard of, 5 the message to tell
-- Returns 1 if that was the member's last one.
local had_voice = redis.call('HDEL', KEYS[1], 'voice:' .. member .. ':' .. socket) == 1
if redis.call('HDEL', KEYS[1], member .. ':' .. socket) == 0 then
    return 0
end
redis.call('HSET', KEYS[1], member, ARGV[3])
if others() > 0 then
    if had_voice then
        redis.call('SPUBLISH', KEYS[2], ARGV[5])
    end
    return 0
end
redis.call('SPUBLISH', KEYS[2], ARGV[5])
return 1
