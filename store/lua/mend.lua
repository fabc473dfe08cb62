-- Put a revision where its record says that it belongs. Without a record, every list forgets it: it is lost, and counts
-- as withdrawn and forgotten.
-- ARGV: now, ref, feed entry (JSON) in case that its outcome is missing in the feed
-- Returns: 1 when the record is there, 0 when it is lost
local now, ref = clock(ARGV[1]), ARGV[2]
local OUTCOMES = {'done', 'partial', 'quarantined', 'withdrawn'}
local f = redis.call('HMGET', record(ref), 'state', 'lane', 'source', 'cursor', 'accepted', 'sequence')
local state, accepted = f[1], f[5]
for _, name in ipairs({'live', 'bulk'}) do
  if state ~= 'waiting' or name ~= f[2] then
    redis.call('ZREM', key('waiting', name), ref)
  end
end
for _, name in ipairs({'leased', 'delayed'}) do
  if state ~= name then
    redis.call('ZREM', key(name), ref)
  end
end
local listed = nil
for _, outcome in ipairs(OUTCOMES) do
  if state ~= outcome and redis.call('ZREM', key('index', 'outcome', outcome), ref) == 1 then
    listed = outcome
  end
end
if not state then
  redis.call('ZREM', key('index', 'all'), ref)
  redis.call('ZREM', key('bodies'), ref)
  redis.call('ZREM', key('withdrawing'), ref)
  if not listed then
    redis.call('HINCRBY', key('counts'), 'withdrawn', 1)
  end
  redis.call('HINCRBY', key('counts'), 'forgotten:' .. (listed or 'withdrawn'), 1)
  return 0
end
redis.call('ZADD', key('index', 'all'), accepted, ref)
if f[3] and f[3] ~= '' then
  redis.call('ZADD', key('index', 'source', f[3]), accepted, ref)
end
local id, revision = string.match(ref, '^(.*):(%d+)$')
if tonumber(redis.call('HGET', key('head', id), 'revision') or 0) < tonumber(revision) then
  redis.call('HSET', key('head', id), 'revision', revision)
  redis.call('HDEL', key('head', id), 'digest')
end
if state == 'done' or state == 'partial' then
  place(ref)
else
  unplace(ref)
end
if state == 'waiting' then
  redis.call('ZADD', key('waiting', f[2]), f[6], ref)
elseif state == 'leased' or state == 'delayed' then
  -- Due now: the keeper sends it on, unless its worker renews the lease first.
  redis.call('ZADD', key(state), 'NX', now, ref)
else
  redis.call('ZADD', key('index', 'outcome', state), accepted, ref)
  if not f[4] or #redis.call('XRANGE', key('feed'), f[4], f[4]) == 0 then
    tell_feed(ref, state, ARGV[3], now)
  end
end
return 1
