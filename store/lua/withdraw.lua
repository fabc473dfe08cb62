-- Withdraw a revision wherever it stands: its outcome becomes "withdrawn", what was found is deleted, and a tombstone in
-- the feed takes the place of what the feed told of it. Repeating it changes nothing.
-- ARGV: now, ref, feed entry (JSON), when indexes outside the ledger have to be looked at again (ms from now)
-- Returns: "withdrawn", "already", or "missing" where there is no such revision
local KEPT = {
  sequence = 1, lane = 1, stage = 1, attempts = 1, accepted = 1, size = 1, source = 1, meta = 1, state = 1,
  finished = 1, cursor = 1,
}
local now, ref = clock(ARGV[1]), ARGV[2]
local fields = redis.call('HMGET', record(ref), 'state', 'lane')
local state = fields[1]
if not state then
  return 'missing'
end
if state == 'withdrawn' then
  return 'already'
end
if state == 'waiting' or state == 'leased' or state == 'delayed' then
  redis.call('ZREM', key('waiting', fields[2]), ref)
  redis.call('ZREM', key('leased'), ref)
  redis.call('ZREM', key('delayed'), ref)
else
  unfinish(ref, state)
end
finish(ref, 'withdrawn', ARGV[3], now)
for _, name in ipairs(redis.call('HKEYS', record(ref))) do
  if not KEPT[name] and string.sub(name, 1, 7) ~= 'record:' then
    redis.call('HDEL', record(ref), name)
  end
end
redis.call('ZREM', key('bodies'), ref)
-- A run that held it may still write to an index: that is looked at again when its lease would have ended.
redis.call('ZADD', key('withdrawing'), state == 'leased' and now + tonumber(ARGV[4]) or now, ref)
return 'withdrawn'
