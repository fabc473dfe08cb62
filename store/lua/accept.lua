-- Make submissions safe, each by itself. The same content again is answered with the revision that is there.
-- ARGV: now, then for each: article id, content digest, lane, body, size in bytes, source, meta (JSON)
-- Returns for each: answer, revision, latest state, waiting in its lane
local now = clock(ARGV[1])
local all, counts, sequences = key('index', 'all'), key('counts'), key('sequence')

local function accept(id, digest, lane, body, size, source, meta)
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
  local sequence = redis.call('INCR', sequences)
  redis.call('HSET', record(ref), 'sequence', sequence, 'state', 'waiting', 'lane', lane, 'stage', 0, 'attempts', 0,
    'accepted', now, 'size', size, 'source', source, 'meta', meta, 'body', body)
  redis.call('ZADD', waiting, sequence, ref)
  redis.call('HINCRBY', counts, 'accepted', 1)
  redis.call('ZADD', all, now, ref)
  if source ~= '' then
    redis.call('ZADD', key('index', 'source', source), now, ref)
  end
  return {revision > 1 and 'revised' or 'accepted', revision, 'waiting', redis.call('ZCARD', waiting)}
end

local answers, told = {}, {}
for i = 2, #ARGV, 7 do
  local given = accept(unpack(ARGV, i, i + 6))
  answers[#answers + 1] = given
  told[given[1]] = (told[given[1]] or 0) + 1
end
for answer, times in pairs(told) do
  -- A full store refuses to count what needed no room; the answer stands.
  redis.pcall('HINCRBY', key('figures'), 'answer:' .. answer, times)
end
return answers
