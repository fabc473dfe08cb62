-- End an article that cannot be processed: an outcome like any other, with the reason kept.
-- ARGV: now, ref, token, failure (JSON), stage that failed or '', feed entry (JSON)
-- Returns: "committed" or "stale"
local now, ref, token = clock(ARGV[1]), ARGV[2], ARGV[3]
if not held(ref, token) then
  return 'stale'
end
redis.call('HSET', record(ref), 'failure', ARGV[4])
tally('quarantined:' .. ARGV[5])
finish(ref, 'quarantined', ARGV[6], now)
return 'committed'
