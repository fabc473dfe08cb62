-- Shared by the scripts of the duplicate index. KEYS[1] is the prefix of every key.
-- ARGV 1-5 of all: now in seconds ('' = server's clock), weeks kept, buckets, article id (packed), revision (4 bytes);
-- ARGV 6 of check and commit: search keys
--
-- A week's generation g is   dup:<g>             hash: buckets (number of posting hashes), base (sequence number before it)
--                            dup:<g>:p:<bucket>  hash: 3 bytes of a search key -> places of 3 bytes, oldest first
--                            dup:<g>:r:<block>   list: at its place, article id and record; '' = taken out
--                            dup:<g>:a:<bucket>  hash: short id -> revision (4 bytes), place (3; 0 = not indexed), decision,
--                                                      for the latest; short id and revision -> decision, for others
--                            dup:<g>:c:<id>      list: article ids with revisions of the copies of an article
--                            dup:<g>:h           hash: short id and revision of what was withdrawn -> who stands for it
-- and all of it expires together. dup:now holds the last sequence number and the newest generation: it stays.
-- A place is a sequence number less the base of its generation. A decision begins with the id of what the article is a
-- copy of ("\0" = of nothing), then come its version, its relation (0 = original), 11 bytes, and the id of its cluster
-- (nothing = that of what it is a copy of, or itself).
-- Hashes of at most 512 fields of at most 64 bytes, and lists, are kept as compact lists (FACTS D.6).
local WEEK = 604800
local KEY, SHORT, PLACE, REVISION = 5, 10, 3, 4
local CAP = 15       -- entries of a posting list; the newest stay (FACTS D.2: no pair was lost)
local BEST = 8       -- candidates that are returned
local BLOCK = 256    -- records in one list
local SHARE = 16     -- posting hashes for one hash of ids: an article has about 13 search keys and one id
local MOST_BUCKETS = 65536
local NONE = '\0'

local weeks, buckets = tonumber(ARGV[2]), tonumber(ARGV[3])
local id, revision, search = ARGV[4], ARGV[5], ARGV[6]
local root = KEYS[1] .. ':dup:'

local function clock()
  return ARGV[1] ~= '' and tonumber(ARGV[1]) or tonumber(redis.call('TIME')[1])
end

local function begins(number)
  return string.format('%s%d:', root, number)
end

local function pack_place(n)
  return string.char(math.floor(n / 65536) % 256, math.floor(n / 256) % 256, n % 256)
end

local function unpack_place(text, at)
  local a, b, c = string.byte(text, at, at + 2)
  return (a * 256 + b) * 256 + c
end

local function bucket_of(text, at, count)
  local a, b = string.byte(text, at, at + 1)
  return (a * 256 + b) % count
end

-- The id that a text begins with, and where it ends.
local function id_at(text, at)
  local size = string.byte(text, at) % 128 + 1
  return string.sub(text, at, at + size - 1), at + size
end

-- The API's ids are digests: 80 bits of them are as good as any (a billion articles share none with 1 - 4e-7). Others
-- are taken whole.
local function short_of(packed)
  return string.byte(packed) >= 128 and string.sub(packed, 2, SHORT + 1) or packed
end

-- A generation is {what its keys begin with, its number of posting hashes, its base}.
local function ids_in(generation, short)
  return generation[1] .. 'a:' .. bucket_of(short, 1, math.max(1, math.floor(generation[2] / SHARE)))
end

local function record_in(generation, place)
  return generation[1] .. 'r:' .. math.floor((place - 1) / BLOCK), (place - 1) % BLOCK
end

-- Where the index stands: last sequence number, newest generation. The generation never goes back, even if the
-- clock does: a fence must stay comparable.
local function position()
  local state = redis.call('HMGET', root .. 'now', 'sequence', 'generation')
  local generation = math.max(math.floor(clock() / WEEK), tonumber(state[2] or 0) or 0)
  return tonumber(state[1] or 0) or 0, generation
end

-- The generations that exist, newest first.
local function live(from, to)
  local found = {}
  for generation = to, math.max(from, to - weeks + 1), -1 do
    local state = redis.call('HMGET', root .. generation, 'buckets', 'base')
    if state[1] then
      found[#found + 1] = {begins(generation), tonumber(state[1]), tonumber(state[2]), generation}
    end
  end
  return found
end

-- The decision of this revision, if there is one.
local function first_decision(generations)
  local short = short_of(id)
  for _, found in ipairs(generations) do
    local kept = redis.call('HMGET', ids_in(found, short), short, short .. revision)
    if kept[1] and string.sub(kept[1], 1, REVISION) == revision then
      return string.sub(kept[1], REVISION + PLACE + 1)
    elseif kept[2] then
      return kept[2]
    end
  end
end

-- Records newer than a sequence number that share search keys: who shares the first key (the strongest) comes first,
-- then most shared keys, then the oldest.
-- An article is never a candidate for itself, nor are those to be skipped. The posting lists stay with the generations.
local function candidates(generations, after, skip)
  local shared, home, order = {}, {}, {}
  for _, found in ipairs(generations) do
    local base = found[3]
    found.lists = {}
    for at = 1, #search, KEY do
      local field = string.sub(search, at + 2, at + KEY - 1)
      local list = redis.call('HGET', found[1] .. 'p:' .. bucket_of(search, at, found[2]), field)
      found.lists[at] = list or ''
      for place = list and #list - PLACE + 1 or 0, 1, -PLACE do
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

-- Take an article that was a copy off the list of copies.
local function leave(generations, decision, packed, number)
  local canonical = id_at(decision, 1)
  if canonical ~= NONE then
    for _, found in ipairs(generations) do
      redis.call('LREM', found[1] .. 'c:' .. canonical, 1, packed .. number)
    end
  end
end
