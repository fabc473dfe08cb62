-- Withdraw a revision wherever it stands; see `withdraw` in the prelude. Repeating it changes nothing.
-- ARGV: now, ref, feed entry (JSON), when indexes outside the ledger have to be looked at again (ms from now)
-- Returns: "withdrawn", "already", or "missing" where there is no such revision
local now, ref = clock(ARGV[1]), ARGV[2]
local state = redis.call('HGET', record(ref), 'state')
if not state then
  return 'missing'
end
if state == 'withdrawn' then
  return 'already'
end
-- A run that holds it may still write to an index: that is looked at again when its lease would have ended.
withdraw(ref, state, ARGV[3], now, state == 'leased' and now + tonumber(ARGV[4]) or now)
return 'withdrawn'
