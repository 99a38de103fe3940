-- Sets a value if it is as expected. A value is its end (8 bytes, big-endian milliseconds) and its bytes.
--
-- KEYS value
-- ARGV 1 now (8 bytes), 2 `some` or `none` is expected, 3 the bytes that are, 4 the new value, 5 its time to live
local value = redis.call('GET', KEYS[1])
if value and string.sub(value, 1, 8) <= ARGV[1] then
    value = false
end
local as_expected
if ARGV[2] == 'none' then
    as_expected = not value
else
    as_expected = value and string.sub(value, 9) == ARGV[3]
end
if not as_expected then
    return 0
end
redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5])
return 1
