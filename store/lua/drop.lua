-- Give a quarantined article up: its outcome becomes "withdrawn".
-- ARGV: now, ref, feed entry (JSON)
-- Returns: 1, or 0 when it is not in quarantine
local now, ref = clock(ARGV[1]), ARGV[2]
if redis.call('HGET', record(ref), 'state') ~= 'quarantined' then
  return 0
end
local failure = redis.call('HGET', record(ref), 'failure')
unfinish(ref, 'quarantined')
if failure then
  redis.call('HSET', record(ref), 'failure', failure)
end
finish(ref, 'withdrawn', ARGV[3], now)
return 1
