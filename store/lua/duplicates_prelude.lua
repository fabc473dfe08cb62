-- Shared by the scripts of the duplicate index. KEYS[1] is the prefix of every key.
-- ARGV 1-3 of all: now in seconds ('' = server's clock), weeks kept, buckets; then article id (packed) and revision (4 bytes),
-- of check and commit search keys and more, of each article in turn: several share a call, whose state is read once
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
local SIZE = 2       -- bytes that tell how long a bucket is
local MOST_SIZE = 65535

-- What is made for each article is made in the same tables, which are as long as its keys at least: small objects of
-- Lua lie all over the memory of a large store, and to reach them costs more than what is done with them (ADR 26).
local rests = {}     -- of the article's search keys: what of each is left in its bucket
local keys = 0       -- how many there are
local NOTHING = {}

-- Turn to the article whose arguments begin at a place.
local function turn_to(at)
  id, revision, search = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  keys = #search / KEY
  for key = 1, keys do
    rests[key] = string.sub(search, key * KEY - PLACE + 1, key * KEY)
  end
end

-- The decision of this revision, if there is one. What is kept of the article stays with the generations.
local function first_decision(generations)
  local short = short_of(id)
  for _, found in ipairs(generations) do
    local kept = redis.call('HMGET', ids_in(found, short), short, short .. revision)
    found.latest, found.looked_up = kept[1], false
    if kept[1] and string.sub(kept[1], 1, REVISION) == revision then
      return string.sub(kept[1], REVISION + PLACE + 1)
    elseif kept[2] then
      return kept[2]
    end
  end
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

local function names_of(generation)
  local names, begins, count = generation.names, generation.buckets_begin, generation[2]
  if not names then
    names, begins = {}, generation[1] .. 'p:'
    generation.names, generation.buckets_begin = names, begins
  end
  for at = 1, keys do
    names[at] = string.format('%s%d', begins, bucket_of(search, at * KEY - KEY + 1, count))
  end
  return names
end

local all_names = {}

-- Find the places of each search key in each generation, in one call. They stay with the generations, as `lists`, beside the
-- names of their buckets, and how long these are.
local function look_up(generations)
  local asked = 0
  for _, found in ipairs(generations) do
    found.looked_up, found.lists, found.sizes = true, found.lists or {}, found.sizes or {}
    local names = names_of(found)
    for at = 1, keys do
      if found.format == 1 then
        found.lists[at] = redis.call('HGET', names[at], rests[at]) or ''
      else
        asked = asked + 1
        all_names[asked] = names[at]
      end
    end
  end
  local buckets_read, read = asked > 0 and redis.call('MGET', unpack(all_names, 1, asked)) or NOTHING, 0
  for _, found in ipairs(generations) do
    for at = 1, found.format == 1 and 0 or keys do
      read = read + 1
      local bucket = buckets_read[read] or ''
      found.lists[at] = places_of(bucket, rests[at])
      found.sizes[at] = #bucket
    end
  end
end

local told = {}

-- How long the buckets of a generation are that was looked up, in two bytes each; nothing where they do not tell enough: a list
-- is full, and to add to it takes one of it away.
local function sizes_of(generation)
  if not generation or generation.format == 1 then
    return ''
  end
  for at = 1, keys do
    local size = generation.sizes[at]
    if size > MOST_SIZE or #generation.lists[at] >= CAP * PLACE then
      return ''
    end
    told[at * SIZE - 1], told[at * SIZE] = math.floor(size / 256), size % 256
  end
  return string.char(unpack(told, 1, keys * SIZE))
end

-- Records newer than a sequence number that share search keys: who shares the first key (the strongest) comes first,
-- then most shared keys, then the oldest.
-- An article is never a candidate for itself, nor are those to be skipped. What was read stays with the generations.
local function candidates(generations, after, skip)
  local shared, home, order
  look_up(generations)
  for _, found in ipairs(generations) do
    local base = found[3]
    for at = 1, keys do
      local list = found.lists[at]
      for place = #list - PLACE + 1, 1, -PLACE do
        local sequence = base + unpack_place(list, place)
        if sequence <= after then
          break
        end
        order = order or {}
        shared, home = shared or {}, home or {}
        if not shared[sequence] then
          shared[sequence], home[sequence] = 0, found
          order[#order + 1] = sequence
        end
        shared[sequence] = shared[sequence] + (at == 1 and #search or 1)
      end
    end
  end
  if not order then
    return NOTHING
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
  local name, list, key = generation.names[at], generation.lists[at], rests[at]
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

local function is_newer_in(bucket, key, after, own)
  local places = places_of(bucket, key)
  for at = 1, #places, PLACE do
    local place = unpack_place(places, at)
    if place > after and place ~= own then
      return true
    end
  end
end

-- Add a place to the lists of all search keys, if nothing that came after another place shares one: while a bucket is only
-- added to, it is as long as it was seen unless something came. (What is exchanged in a full list of another key leaves it as
-- long, and is of no concern.) Which buckets grew are read. Where something newer shares a key, all is as it was before.
local function post_unless_newer(generation, sizes, after, place)
  local names, packed = names_of(generation), pack_place(place)
  for at = 1, keys do
    local key, high, low = rests[at], string.byte(sizes, at * SIZE - 1, at * SIZE)
    local size = redis.call('APPEND', names[at], key .. packed)
    if size == ENTRY then
      redis.call('EXPIREAT', names[at], generation.expires)
    end
    if size ~= high * 256 + low + ENTRY and is_newer_in(redis.call('GET', names[at]), key, after, place) then
      for back = at, 1, -1 do
        local before = string.sub(redis.call('GET', names[back]), 1, -ENTRY - 1)
        if before == '' then
          redis.call('DEL', names[back])
        else
          redis.call('SET', names[back], before, 'KEEPTTL')
        end
      end
      return false
    end
  end
  return true
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
