-- Takes one use of a quota by GCRA; see rate_limit.rs.
--
-- KEYS quota
-- ARGV 1 now, 2 the step between uses, 3 the window
-- Returns how long to wait, 0 if it was granted.
local now, step, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local full_at = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + step
local wait = full_at - now - window
if wait > 0 then
    return math.ceil(wait)
end
redis.call('SET', KEYS[1], string.format('%.3f', full_at), 'PX', math.ceil(full_at - now) + 1)
return 0
