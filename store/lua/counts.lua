-- Everything that is counted, at one instant. Oldest is when the first waiting article entered its lane, or -1: at its
-- acceptance, or when an operator sent it through once more.
-- ARGV: now
-- Returns: now, counters (flat), then name and number in turn
local now = clock(ARGV[1])
local function oldest(lane)
  local first = redis.call('ZRANGE', key('waiting', lane), 0, 0)[1]
  if not first then
    return -1
  end
  local since = redis.call('HMGET', record(first), 'requeued', 'accepted')
  return tonumber(since[1] or since[2] or -1)
end
return {
  now, redis.call('HGETALL', key('counts')),
  redis.call('ZCARD', key('waiting', 'live')), oldest('live'),
  redis.call('ZCARD', key('waiting', 'bulk')), oldest('bulk'),
  redis.call('ZCARD', key('leased')), redis.call('ZCARD', key('delayed')), redis.call('XLEN', key('feed')),
}
