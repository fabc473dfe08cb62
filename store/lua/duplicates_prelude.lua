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
-- Hashes of at most 512 fields of at most 64 bytes, and lists, are kept as compact lists (measurements D6).
local CAP = 15       -- entries of a posting list; the newest stay (measurements D2: no pair was lost)
local BEST = 8       -- candidates that are returned
local NONE = '\0'

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
