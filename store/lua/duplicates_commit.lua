-- Commit decisions, unless the revision has one or something newer than the fence shares a search key.
-- ARGV 4-6: article id (packed), revision, search keys; 7-9: fence: sequence, generation, sizes of buckets; decision; record
-- ('' = not indexed); ids (packed) of articles already considered; the same of each further article
-- Returns, of each: {'committed'} | {'known', first decision} | {'refused', last sequence number, newest generation, records...}
local ARGUMENTS = 9
local sequence, generation = position()
local generations = live(0, generation)

-- Records of articles that came after the fence. A server that lost its last writes is behind it: then everything counts as
-- unseen, once.
local function newer_than(fence, fence_generation, considered)
  local after = sequence > fence and fence or 0
  local skip, at = {}, 1
  while at <= #considered do
    local mate
    mate, at = id_at(considered, at)
    skip[mate] = true
  end
  return candidates(live(after == fence and fence_generation or 0, generation), after, skip)
end

-- Post the next place where its buckets are as they were at the fence: without reading them.
local function posted_at_once(fence, sizes)
  local current = open_generation(generations, sequence, generation)
  if current and current.format ~= 1 and current[3] < fence and fence <= sequence and #sizes == keys * SIZE then
    return post_unless_newer(current, sizes, fence - current[3], sequence + 1 - current[3])
  end
end

local function is_latest_revision()
  for _, found in ipairs(generations) do
    if found.latest and string.sub(found.latest, 1, REVISION) > revision then
      return false
    end
  end
  return true
end

local function commit(fence, fence_generation, sizes, decision, record, considered)
  local first = first_decision(generations)
  if first then
    return {'known', first}
  end
  local is_latest = is_latest_revision()
  local posted = record ~= '' and is_latest and posted_at_once(fence, sizes)
  if record ~= '' and not posted and sequence ~= fence then
    local newer = newer_than(fence, fence_generation, considered)
    if #newer > 0 then
      return {'refused', sequence, generation, unpack(newer)}
    end
  end

  local current = current_generation(generations, sequence, generation)
  if current ~= generations[1] then
    generations = live(0, generation)
  end

  -- A newer revision takes the place of an older one; a late older one leaves the newer one in place.
  local short = short_of(id)
  for _, found in ipairs(generations) do
    local kept = found.latest
    if kept then
      local name = ids_in(found, short)
      local old, place = string.sub(kept, 1, REVISION), unpack_place(kept, REVISION + 1)
      if old <= revision then
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
    sequence = redis.call('HINCRBY', root .. 'now', 'sequence', 1)
    place = sequence - current[3]
    local list = record_in(current, place)
    push(current, list, record)
    if not posted then
      if not current.looked_up then
        look_up({current})
      end
      local packed = pack_place(place)
      for at = 1, keys do
        post(current, at, packed)
      end
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
end

local replies = {}
for at = FIRST, #ARGV, ARGUMENTS do
  turn_to(at)
  local fence, fence_generation, sizes = tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4]), ARGV[at + 5]
  replies[#replies + 1] = commit(fence, fence_generation, sizes, ARGV[at + 6], ARGV[at + 7], ARGV[at + 8])
end
return replies
