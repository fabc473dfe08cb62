-- Commit the last stage: result, outcome and feed entry in one step; the lease ends.
-- ARGV: now, ref, token, stage index, stage name, output, record (JSON), outcome, feed entry (JSON)
-- Returns: "committed" or "stale"
local now, ref, token, stage, name = clock(ARGV[1]), ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
if not held(ref, token) then
  return 'stale'
end
local reached = tonumber(redis.call('HGET', record(ref), 'stage'))
if reached ~= stage then
  return redis.error_reply('OUTOFORDER stage ' .. stage .. ' published while ' .. reached .. ' is next')
end
redis.call('HSET', record(ref), 'stage', stage + 1, 'record:' .. name, ARGV[7])
if ARGV[6] ~= '' then
  redis.call('HSET', record(ref), 'output:' .. name, ARGV[6])
end
redis.call('HDEL', record(ref), 'failure', 'decided')
finish(ref, ARGV[8], ARGV[9], now)
return 'committed'
