-- Shared by the scripts of the duplicate index. KEYS[1] is the prefix of every key.
-- ARGV 1-5 of all: now in seconds ('' = server's clock), weeks kept, buckets, article id (packed), revision (4 bytes);
-- ARGV 6 of check and commit: search keys
--
-- A generation g (week:posting hashes) of a week is
--                            dup:2:<g>:p:<bucket>  text: entries of 3 bytes of a search key and a place of 3, oldest first
--                            dup:2:<g>:r:<block>   list: at its place, article id and record; '' = taken out
--                            dup:2:<g>:a:<bucket>  hash: short id -> revision (4 bytes), place (3; 0 = not indexed), decision,
--                                                        for the latest; short id and revision -> decision, for others
--                            dup:2:<g>:c:<id>      list: article ids with revisions of the copies of an article
--                            dup:2:<g>:h           hash: short id and revision of what was withdrawn -> who stands for it
-- and all of it expires together. In format 1, p: were hashes: 3 bytes of a search key -> places.
-- A decision begins with the id of what the article is a copy of ("\0" = of nothing), then come its version, its relation
-- (0 = original), 11 bytes, and the id of its cluster (nothing = that of what it is a copy of, or itself).
-- A bucket is one text because Redis reads a dozen of them in one call and appends to each: a hash would take a call for every
-- key, and walk through its fields (ADR 24). Hashes of at most 512 fields of at most 64 bytes, and lists, are kept compactly
-- (measurements D6).
local CAP = 15       -- entries of a posting list; the newest stay (measurements D2: no pair was lost)
local BEST = 8       -- candidates that are returned
local NONE = '\0'
local ENTRY = 6      -- of a posting: what is left of a search key, and a place

-- The decision of this revision, if there is one. What is kept of the article stays with the generations.
local function first_decision(generations)
  local short = short_of(id)
  for _, found in ipairs(generations) do
    local kept = redis.call('HMGET', ids_in(found, short), short, short .. revision)
    found.latest = kept[1]
    if kept[1] and string.sub(kept[1], 1, REVISION) == revision then
      return string.sub(kept[1], REVISION + PLACE + 1)
    elseif kept[2] then
      return kept[2]
    end
  end
end

local function rest_of_key(at)
  return string.sub(search, at + 2, at + KEY - 1)
end

-- Where the next entry of a key begins in a bucket.
local function entry_from(bucket, key, from)
  local at = string.find(bucket, key, from, true)
  while at and at % ENTRY ~= 1 do
    at = string.find(bucket, key, at + 1, true)
  end
  return at
end

local function places_of(bucket, key)
  local places, at = '', entry_from(bucket, key, 1)
  while at do
    places = places .. string.sub(bucket, at + KEY - 2, at + ENTRY - 1)
    at = entry_from(bucket, key, at + ENTRY)
  end
  return places
end

-- Find the places of each search key in each generation, in one call. They stay with the generations, as `lists`, and the
-- names of their buckets.
local function look_up(generations)
  local names = {}
  for _, found in ipairs(generations) do
    found.names, found.lists = {}, {}
    for at = 1, #search, KEY do
      local name = found[1] .. 'p:' .. bucket_of(search, at, found[2])
      found.names[at] = name
      if found.format == 1 then
        found.lists[at] = redis.call('HGET', name, rest_of_key(at)) or ''
      else
        names[#names + 1] = name
      end
    end
  end
  local buckets_read, read = names[1] and redis.call('MGET', unpack(names)) or names, 0
  for _, found in ipairs(generations) do
    for at = 1, found.format == 1 and 0 or #search, KEY do
      read = read + 1
      found.lists[at] = buckets_read[read] and places_of(buckets_read[read], rest_of_key(at)) or ''
    end
  end
end

-- Records newer than a sequence number that share search keys: who shares the first key (the strongest) comes first,
-- then most shared keys, then the oldest.
-- An article is never a candidate for itself, nor are those to be skipped. What was read stays with the generations.
local function candidates(generations, after, skip)
  local shared, home, order = {}, {}, {}
  look_up(generations)
  for _, found in ipairs(generations) do
    local base = found[3]
    for at = 1, #search, KEY do
      local list = found.lists[at]
      for place = #list - PLACE + 1, 1, -PLACE do
        local sequence = base + unpack_place(list, place)
        if sequence <= after then
          break
        end
        if not shared[sequence] then
          shared[sequence], home[sequence] = 0, found
          order[#order + 1] = sequence
        end
        shared[sequence] = shared[sequence] + (at == 1 and #search or 1)
      end
    end
  end
  table.sort(order, function(a, b)
    if shared[a] ~= shared[b] then return shared[a] > shared[b] end
    return a < b
  end)
  local records = {}
  for _, sequence in ipairs(order) do
    if #records == BEST then break end
    local list, index = record_in(home[sequence], sequence - home[sequence][3])
    local record = redis.call('LINDEX', list, index)
    if record and record ~= '' then
      local owner = id_at(record, 1)
      if owner ~= id and not skip[owner] then
        records[#records + 1] = record
      end
    end
  end
  return records
end

-- Add a place to the list of a search key that was looked up; the oldest of a full list goes.
local function post(generation, at, place)
  local name, list, key = generation.names[at], generation.lists[at], rest_of_key(at)
  if generation.format == 1 then
    put(generation, name, key, string.sub(list, -(CAP - 1) * PLACE) .. place)
  elseif #list < CAP * PLACE then
    if redis.call('APPEND', name, key .. place) == ENTRY then
      redis.call('EXPIREAT', name, generation.expires)
    end
  else
    local bucket = redis.call('GET', name)
    local oldest = entry_from(bucket, key, 1)
    redis.call('SET', name, string.sub(bucket, 1, oldest - 1) .. string.sub(bucket, oldest + ENTRY) .. key .. place, 'KEEPTTL')
  end
end

-- Take an article that was a copy off the list of copies.
local function leave(generations, decision, packed, number)
  local canonical = id_at(decision, 1)
  if canonical ~= NONE then
    for _, found in ipairs(generations) do
      redis.call('LREM', found[1] .. 'c:' .. canonical, 1, packed .. number)
    end
  end
end
