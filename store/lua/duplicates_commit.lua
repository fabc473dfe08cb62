-- Commit a decision, unless the revision has one or something newer than the fence shares a search key.
-- ARGV 7-11: fence: sequence, generation; decision; record ('' = not indexed); ids (packed) of articles already considered
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
  local skip, at = {}, 1
  while at <= #considered do
    local mate
    mate, at = id_at(considered, at)
    skip[mate] = true
  end
  local looked_at = live(after == fence and fence_generation or 0, generation)
  local newer = candidates(looked_at, after, skip)
  if #newer > 0 then
    local reply = {'refused', sequence, generation}
    for _, found in ipairs(newer) do
      reply[#reply + 1] = found
    end
    return reply
  end
end

local current = current_generation(generations, sequence, generation)

-- A newer revision takes the place of an older one; a late older one leaves the newer one in place.
local short, is_latest = short_of(id), true
for _, found in ipairs(generations) do
  local kept = found.latest
  if kept then
    local name = ids_in(found, short)
    local old, place = string.sub(kept, 1, REVISION), unpack_place(kept, REVISION + 1)
    if old > revision then
      is_latest = false
    else
      local list, index = record_in(found, place)
      if place > 0 and redis.call('LLEN', list) > index then
        redis.call('LSET', list, index, '')
      end
      local earlier = string.sub(kept, REVISION + PLACE + 1)
      redis.call('HDEL', name, short)
      redis.call('HSET', name, short .. old, earlier)
      leave(generations, earlier, id, old)
    end
  end
end

local place = 0
if record ~= '' and is_latest then
  place = redis.call('HINCRBY', root .. 'now', 'sequence', 1) - current[3]
  local list = record_in(current, place)
  push(current, list, record)
  if not current.lists then
    look_up({current})
  end
  local packed = pack_place(place)
  for at = 1, #search, KEY do
    post(current, at, packed)
  end
end
if is_latest then
  put(current, ids_in(current, short), short, revision .. pack_place(place) .. decision)
  local canonical = id_at(decision, 1)
  if canonical ~= NONE then
    push(current, current[1] .. 'c:' .. canonical, id .. revision)
  end
else
  put(current, ids_in(current, short), short .. revision, decision)
end
return {'committed'}
