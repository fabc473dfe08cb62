-- Commit a decision, unless the revision has one or something newer than the fence shares a search key.
-- ARGV 7-11: fence: sequence, generation; decision; record ('' = not indexed); short ids of articles already considered
-- Returns: {'committed'} | {'known', first decision} | {'refused', last sequence number, newest generation, records...}
local fence, fence_generation = tonumber(ARGV[7]), tonumber(ARGV[8])
local decision, record, considered = ARGV[9], ARGV[10], ARGV[11]
local sequence, generation = position()
local generations = live(0, generation)

local first = first_decision(generations)
if first then
  return {'known', first}
end

-- A server that lost its last writes is behind the fence: then everything counts as unseen, once.
if record ~= '' and sequence ~= fence then
  local after = sequence > fence and fence or 0
  local skip = {}
  for at = 1, #considered, ID do
    skip[string.sub(considered, at, at + ID - 1)] = true
  end
  local newer = candidates(live(after == fence and fence_generation or 0, generation), after, skip)
  if #newer > 0 then
    local reply = {'refused', sequence, generation}
    for _, found in ipairs(newer) do
      reply[#reply + 1] = found
    end
    return reply
  end
end

local current = {begins(generation)}
local expires = (generation + weeks) * WEEK
redis.call('SET', root .. generation, buckets, 'NX')
current[2] = tonumber(redis.call('GET', root .. generation))
redis.call('EXPIREAT', root .. generation, expires)
redis.call('HSET', root .. 'now', 'generation', generation)

local function put(kind, part, field, value)
  local name = key_in(current, kind, part)
  if redis.call('HSET', name, field, value) == 1 and redis.call('HLEN', name) == 1 then
    redis.call('EXPIREAT', name, expires)
  end
end

-- A newer revision takes the place of an older one; a late older one leaves the newer one in place.
local replaced, is_latest = nil, true
for _, found in ipairs(generations) do
  local name = key_in(found, 'a:', id_bucket(found[2]))
  local kept = redis.call('HGET', name, id)
  if kept then
    local old_revision, old_sequence = string.match(kept, '^(%d+):(%d+)$')
    if tonumber(old_revision) > tonumber(revision) then
      is_latest = false
    else
      redis.call('HDEL', name, id)
      redis.call('HDEL', key_in(found, 'r:', math.floor(old_sequence / BLOCK)), old_sequence)
    end
  end
end

put('d:', id_bucket(current[2]), id .. revision, decision)
if record ~= '' and is_latest then
  sequence = redis.call('HINCRBY', root .. 'now', 'sequence', 1)
  put('r:', math.floor(sequence / BLOCK), sequence, id .. record)
  put('a:', id_bucket(current[2]), id, revision .. ':' .. sequence)
  for at = 1, #search, KEY do
    local bucket, field = bucket_of(search, at, current[2]), string.sub(search, at + 2, at + KEY - 1)
    local list = redis.call('HGET', key_in(current, 'p:', bucket), field) or ''
    put('p:', bucket, field, string.sub(list, -(CAP - 1) * SEQ) .. pack_seq(sequence))
  end
end
return {'committed'}
