-- Give a quarantined article up: it is withdrawn, and what failed stays known.
-- ARGV: now, ref, feed entry (JSON)
-- Returns: 1, or 0 when it is not in quarantine
local now, ref = clock(ARGV[1]), ARGV[2]
local fields = redis.call('HMGET', record(ref), 'state', 'failure')
if fields[1] ~= 'quarantined' then
  return 0
end
withdraw(ref, 'quarantined', ARGV[3], now, now)
if fields[2] then
  redis.call('HSET', record(ref), 'failure', fields[2])
end
return 1
