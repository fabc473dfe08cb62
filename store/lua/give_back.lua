-- Return an article to its lane at once. `lost` is 1 when its worker died over it, 0 when it is unharmed.
-- ARGV: now, ref, token, lost
-- Returns: "committed" or "stale"
local ref, token = ARGV[2], ARGV[3]
if not held(ref, token) then
  return 'stale'
end
if ARGV[4] == '1' then
  redis.call('HINCRBY', record(ref), 'lost', 1)
end
redis.call('ZREM', key('leased'), ref)
wait_again(ref)
return 'committed'
