-- Send a quarantined article through the pipeline again, from the stage that failed, with fresh counters.
-- ARGV: now, ref
-- Returns: 1, or 0 when it is not in quarantine
local now, ref = clock(ARGV[1]), ARGV[2]
if redis.call('HGET', record(ref), 'state') ~= 'quarantined' then
  return 0
end
unfinish(ref, 'quarantined')
redis.call('HSET', record(ref), 'attempts', 0, 'requeued', now)
redis.call('HDEL', record(ref), 'lost', 'retries')
wait_again(ref, now)
return 1
