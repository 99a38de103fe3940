-- A socket is in the voice chat, instead of another one of its member's, or is not. After sockets.lua.
--
-- KEYS here, channel
-- ARGV 1 the member, 2 the socket in hex, 3 now, 4 when a silent socket was last heard of, 5 1 if it is, 6 how many members may be,
-- 7 the idle time of `here`, 8 the message to tell
-- Returns 1 if that changed something, 0 if it was so before, 2 if there are as many as there may be.
local on, most, field = ARGV[5] == '1', tonumber(ARGV[6]), 'voice:' .. member .. ':' .. socket
local was = redis.call('HEXISTS', KEYS[1], field) == 1
if was == on then
    return 0
end
if not on then
    redis.call('HDEL', KEYS[1], field)
    redis.call('SPUBLISH', KEYS[2], ARGV[8])
    return 1
end
local all, voices, mine = redis.call('HGETALL', KEYS[1]), 0, {}
for i = 1, #all, 2 do
    local who, which = string.match(all[i], '^voice:(%d+):(%x+)$')
    if who == member then
        table.insert(mine, all[i])
    elseif who then
        local heard = redis.call('HGET', KEYS[1], who .. ':' .. which)
        if heard and tonumber(heard) > silent then
            voices = voices + 1
        else
            redis.call('HDEL', KEYS[1], all[i])
        end
    end
end
if voices >= most then
    return 2
end
for _, other in ipairs(mine) do
    redis.call('HDEL', KEYS[1], other)
end
redis.call('HSET', KEYS[1], member .. ':' .. socket, ARGV[3], member, ARGV[3], field, ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[7])
redis.call('SPUBLISH', KEYS[2], ARGV[8])
return 1
