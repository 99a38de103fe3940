-- What both presence scripts begin with: `sockets` of the member that were heard of lately, and forgetting the silent ones.
local member, socket, now, silent = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local function others()
    local count = 0
    local all = redis.call('HGETALL', KEYS[1])
    for i = 1, #all, 2 do
        local who, which = string.match(all[i], '^(%d+):(%x+)$')
        if who == member and which ~= socket then
            if tonumber(all[i + 1]) > silent then
                count = count + 1
            else
                redis.call('HDEL', KEYS[1], all[i])
            end
        end
    end
    return count
end
