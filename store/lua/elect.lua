-- Elect the keeper of the next moments. A place that is held for longer than it can be was taken before the clock was set
-- back: it is free.
-- ARGV: now, name, for how long (ms)
-- Returns: 1 when it is elected
local left, wanted = redis.call('PTTL', key('keeper')), tonumber(ARGV[3])
if left >= 0 and left <= wanted then
  return 0
end
redis.call('SET', key('keeper'), ARGV[2], 'PX', wanted)
return 1
