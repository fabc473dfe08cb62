-- Commit one stage of one article and renew its lease.
-- ARGV: now, ref, token, stage index, stage name, output, record (JSON), lease (ms)
-- Returns: "committed", "already" (another run of the same lease did it) or "stale" (the lease was lost)
local now, ref, token, stage, name = clock(ARGV[1]), ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
if not held(ref, token) then
  return 'stale'
end
local reached = tonumber(redis.call('HGET', record(ref), 'stage'))
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
-- From here to the next stage it waits in a queue: if the lease expires there, no worker died over it.
redis.call('HDEL', record(ref), 'working')
redis.call('ZADD', key('leased'), now + tonumber(ARGV[8]), ref)
return 'committed'
