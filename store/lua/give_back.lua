-- Return an article to its lane at once, unharmed: the worker is stopping.
-- ARGV: now, ref, token
-- Returns: "committed" or "stale"
local ref, token = ARGV[2], ARGV[3]
if not held(ref, token) then
  return 'stale'
end
redis.call('ZREM', key('leased'), ref)
wait_again(ref)
return 'committed'
