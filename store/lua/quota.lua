-- Take articles out of a key's quota: a bucket that holds one minute's worth and fills steadily (GCRA). What does not
-- fit is left out, so that of a batch the first lines pass.
-- ARGV: now, access key id, articles wanted, articles per minute
-- Returns: granted, left, milliseconds until it is full again, milliseconds until what was left out fits (0: nothing was)
local now, wanted, minute = clock(ARGV[1]), tonumber(ARGV[3]), 60000
local bucket, each = key('quota', ARGV[2]), minute / tonumber(ARGV[4])
-- The moment at which the bucket is full again; each article moves it on.
local full = math.max(now, tonumber(redis.call('GET', bucket) or '0'))
local function room()
  return math.floor((now + minute - full) / each + 1e-6)
end
local granted = math.min(wanted, math.max(0, room()))
full = full + granted * each
if granted > 0 then
  redis.call('SET', bucket, string.format('%.4f', full), 'PX', math.ceil(full - now) + 1)
end
local rest = math.min(wanted - granted, tonumber(ARGV[4]))
local wait = rest > 0 and math.max(1, math.ceil(full + rest * each - minute - now)) or 0
return {granted, math.max(0, room()), math.ceil(full - now), wait}
