-- Put an article aside for a while after a passing fault, or ("uncounted") for a worker of a newer version.
-- ARGV: now, ref, token, delay (ms), failure (JSON), stage that failed or '', "uncounted" or nothing
-- Returns: "committed" or "stale"
local now, ref, token = clock(ARGV[1]), ARGV[2], ARGV[3]
if not held(ref, token) then
  return 'stale'
end
redis.call('HSET', record(ref), 'state', 'delayed', 'failure', ARGV[5])
if ARGV[7] ~= 'uncounted' then
  redis.call('HINCRBY', record(ref), 'retries', 1)
  tally('retried:' .. ARGV[6])
end
redis.call('HDEL', record(ref), 'token', 'working')
redis.call('ZREM', key('leased'), ref)
redis.call('ZADD', key('delayed'), now + tonumber(ARGV[4]), ref)
return 'committed'
