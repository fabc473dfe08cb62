-- Commit one stage of one article and renew its lease.
-- ARGV: now, ref, token, stage index, stage name, output, record (JSON), figure, microseconds, lease (ms),
--   and of the geotag stage: places (lines), lesson (JSON), version of the source's memory that it was given
-- Returns: "committed", "already" (another run of the same lease did it) or "stale" (the lease was lost)
local MEMORY = 1000 -- lessons kept of a source; reruns of articles older than that are given the oldest that is left

-- Count an article in its source's memory, once, whatever its revision and however often it is processed.
local function remember(ref, lesson, seen)
  if seen == '' then
    return
  end
  redis.call('HSETNX', record(ref), 'memory', seen)
  local id, source = string.match(ref, '^(.*):%d+$'), redis.call('HGET', record(ref), 'source')
  if lesson == '' or redis.call('HSETNX', key('head', id), 'remembered', 1) == 0 then
    return
  end
  local lessons = key('memory', 'of', source)
  if redis.call('RPUSH', lessons, lesson) > MEMORY then
    redis.call('LPOP', lessons)
    redis.call('HINCRBY', key('memory', 'dropped'), source, 1)
  end
end

local now, ref, token, stage, name = clock(ARGV[1]), ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
local fields = redis.call('HMGET', record(ref), 'state', 'token', 'stage')
if fields[1] ~= 'leased' or fields[2] ~= token then
  return 'stale'
end
local reached = tonumber(fields[3])
if reached > stage then
  return 'already'
end
if reached < stage then
  return redis.error_reply('OUTOFORDER stage ' .. stage .. ' committed while ' .. reached .. ' is next')
end
redis.call('HSET', record(ref), 'stage', stage + 1, 'record:' .. name, ARGV[7])
if ARGV[6] ~= '' then
  redis.call('HSET', record(ref), 'output:' .. name, ARGV[6])
end
tally(ARGV[8])
tally('stage:' .. name .. ':us', ARGV[9])
if ARGV[11] then
  redis.call('HSET', record(ref), 'places', ARGV[11])
  remember(ref, ARGV[12], ARGV[13])
end
-- From here to the next stage it waits in a queue: if the lease expires there, no worker died over it.
redis.call('HDEL', record(ref), 'working')
redis.call('ZADD', key('leased'), now + tonumber(ARGV[10]), ref)
return 'committed'
