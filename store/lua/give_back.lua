-- Return an article to its lane at once. `lost` is 1 when its worker died over it, 0 when it is unharmed.
-- ARGV: now, ref, token, lost
-- Returns: "committed" or "stale"
local now, ref, token = clock(ARGV[1]), ARGV[2], ARGV[3]
if not held(ref, token) then
  return 'stale'
end
-- First, because a script that has made room may go on writing in a full store.
redis.call('ZREM', key('leased'), ref)
if ARGV[4] == '1' then
  redis.call('HINCRBY', record(ref), 'lost', 1)
  tally('lost')
end
wait_again(ref, now)
return 'committed'
