-- Unmarks a room unless more has to be carried over.
--
-- KEYS log, marks, dirty
-- ARGV 1 the room, 2 the mark that was reached (`""`: there was no log), 3 now, 4 the idle time to live
local mark = redis.call('HGET', KEYS[2], ARGV[1])
local reached = ARGV[2]
local done
if reached == '' or not mark then
    done = redis.call('EXISTS', KEYS[1]) == 0 or not mark
elseif string.sub(mark, 1, 4) ~= string.sub(reached, 1, 4) then
    return 0
else
    done = mark <= reached
end
if done then
    redis.call('HDEL', KEYS[2], ARGV[1])
    redis.call('ZREM', KEYS[3], ARGV[1])
    redis.call('PEXPIRE', KEYS[1], ARGV[4])
elseif reached ~= '' then
    redis.call('ZADD', KEYS[3], 'XX', ARGV[3], ARGV[1])
end
return 1
