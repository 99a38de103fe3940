-- As the version of commit 9c5e497 reads, word for word. Never change it.
local first = redis.call('LINDEX', KEYS[1], 0)
if not first then
    return {}
end
local found = {string.sub(first, 1, 4), redis.call('LLEN', KEYS[1])}
local from = tonumber(ARGV[1])
for place, element in ipairs(redis.call('LRANGE', KEYS[1], from, -1)) do
    if from + place == 1 then
        element = string.sub(element, 5)
    end
    found[place + 2] = element
end
return found
