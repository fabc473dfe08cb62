-- Make a submission safe. The same content again is answered with the revision that is there.
-- ARGV: now, article id, content digest, lane, body, size in bytes, source, meta (JSON)
-- Returns: answer, revision, latest state, waiting in this lane
local now = clock(ARGV[1])
local id, digest, lane, source = ARGV[2], ARGV[3], ARGV[4], ARGV[7]
local head = key('head', id)
local known = redis.call('HMGET', head, 'revision', 'digest')
local waiting = key('waiting', lane)
if known[2] == digest then
  local ref = id .. ':' .. known[1]
  return {'existing', tonumber(known[1]), redis.call('HGET', record(ref), 'state') or '', redis.call('ZCARD', waiting)}
end
local revision = redis.call('HINCRBY', head, 'revision', 1)
redis.call('HSET', head, 'digest', digest)
local ref = id .. ':' .. revision
-- The place in the lane is the order of arrival, not the clock's: of two copies in one millisecond the first is first.
local sequence = redis.call('INCR', key('sequence'))
redis.call('HSET', record(ref), 'sequence', sequence, 'state', 'waiting', 'lane', lane, 'stage', 0, 'attempts', 0, 'accepted', now,
  'size', ARGV[6], 'source', source, 'meta', ARGV[8], 'body', ARGV[5])
redis.call('ZADD', waiting, sequence, ref)
redis.call('HINCRBY', key('counts'), 'accepted', 1)
redis.call('ZADD', key('index', 'all'), now, ref)
if source ~= '' then
  redis.call('ZADD', key('index', 'source', source), now, ref)
end
return {revision > 1 and 'revised' or 'accepted', revision, 'waiting', redis.call('ZCARD', waiting)}
