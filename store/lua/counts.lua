-- Everything that is counted, at one instant. Oldest is the acceptance time of the oldest waiting article, or -1.
-- ARGV: now
-- Returns: now, counters (flat), then name and number in turn
local now = clock(ARGV[1])
local function oldest(lane)
  local first = redis.call('ZRANGE', key('waiting', lane), 0, 0)[1]
  return first and tonumber(redis.call('HGET', record(first), 'accepted') or -1) or -1
end
return {
  now, redis.call('HGETALL', key('counts')),
  redis.call('ZCARD', key('waiting', 'live')), oldest('live'),
  redis.call('ZCARD', key('waiting', 'bulk')), oldest('bulk'),
  redis.call('ZCARD', key('leased')), redis.call('ZCARD', key('delayed')), redis.call('XLEN', key('feed')),
}
