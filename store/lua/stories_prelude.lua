-- Shared by the scripts of the story index; `generations.lua` stands before it.
-- A generation holds, as in the index of duplicates, p: (3 bytes of a term -> how many articles had it, 2 bytes, then
-- places), r: (article id, about, profile) and a: (short id -> revision, place, story id, ids of stories that merged into it
-- with this article). Beyond generations:
--   sty:alias         hash: story -> story that it merged into (article ids in clear from here on)
--   sty:s:<story>     hash: size, first, last, central; o:<outlet>, p:<place>, e:<entity>, m:<member> -> counts
--   sty:m:<story>     sorted set: members (ref) by time
--   sty:c:<story>     hash: member that is a copy (ref), and so has no record -> about, for the day that it is withdrawn
--   sty:newest, sty:largest, sty:place:<place>, sty:entity:<entity>   sorted sets: stories by last time, or by size
local CAP = 20       -- places of a posting list: with the count they fit into 64 bytes
local BEST = 32      -- members that are returned
local COUNT = 2
local MOST_COUNT = 65535
local HOPS = 16      -- mergers that a story is followed through
local MOST_FIELDS = 300

local function count_of(list)
  local a, b = string.byte(list, 1, 2)
  return a * 256 + b
end

local function resolve(story)
  for _ = 1, HOPS do
    local into = redis.call('HGET', root .. 'alias', story)
    if not into then
      break
    end
    story = into
  end
  return story
end

-- The story in what is kept of an article, and where it ends.
local function story_in(kept)
  local at = REVISION + PLACE + 1
  local size = string.byte(kept, at)
  return string.sub(kept, at + 1, at + size), at + size + 1
end

-- What is kept of an article: generation, place, revision, story, merged stories; nothing where it is not known.
local function membership(generations, packed)
  local short = short_of(packed)
  for _, found in ipairs(generations) do
    local kept = redis.call('HGET', ids_in(found, short), short)
    if kept then
      local story, ends = story_in(kept)
      return found, unpack_place(kept, REVISION + 1), string.sub(kept, 1, REVISION), story, string.sub(kept, ends)
    end
  end
end

local function record_at(found, place)
  if place == 0 then
    return nil
  end
  local list, index = record_in(found, place)
  local record = redis.call('LINDEX', list, index)
  return record and record ~= '' and record or nil
end

-- What a record says of its article for the numbers of its story (JSON).
local function about_in(record)
  local _, at = id_at(record, 1)
  at = at + REVISION
  local high, low = string.byte(record, at, at + 1)
  return string.sub(record, at + 2, at + 1 + high * 256 + low)
end
