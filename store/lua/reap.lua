-- Return articles to their lanes: those whose lease has expired, and those whose delay is over.
-- A deadline further away than any can be was set before the clock was set back: it is brought near again.
-- ARGV: now, at most, longest lease (ms), longest delay (ms)
-- Returns: expired leases, ended delays
local now, most = clock(ARGV[1]), tonumber(ARGV[2])
for name, longest in pairs({leased = tonumber(ARGV[3]), delayed = tonumber(ARGV[4])}) do
  for _, ref in ipairs(redis.call('ZRANGEBYSCORE', key(name), '(' .. now + longest, '+inf', 'LIMIT', 0, most)) do
    redis.call('ZADD', key(name), now + longest, ref)
  end
end
local expired = redis.call('ZRANGEBYSCORE', key('leased'), '-inf', now, 'LIMIT', 0, most)
for _, ref in ipairs(expired) do
  redis.call('ZREM', key('leased'), ref)
  if redis.call('HGET', record(ref), 'working') then
    redis.call('HINCRBY', record(ref), 'lost', 1)
    tally('lost')
  end
  wait_again(ref, now)
end
if #expired > 0 then
  tally('expired', #expired)
end
local due = redis.call('ZRANGEBYSCORE', key('delayed'), '-inf', now, 'LIMIT', 0, most)
for _, ref in ipairs(due) do
  redis.call('ZREM', key('delayed'), ref)
  wait_again(ref, now)
end
return {#expired, #due}
