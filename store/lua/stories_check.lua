-- Look for articles that may tell the same story; changes nothing.
-- ARGV 4-7: article id (packed), revision, terms, id (packed) of what the article is a copy of, or ''; the same of each
-- further article
-- Returns, of each: articles in the window; story, or ''; merged stories (packed); the story and the record of what it is a copy
-- of, or ''; the number of terms; counts of the terms; then story and record of each member in turn
local ARGUMENTS = 4
local RARITIES = 17  -- powers of two that a count lies between
local SHARES_OF_ONE, MOST_MEMBERS = 1048576, 67108864  -- in 53 bits: what a member shares, and which it is
local NOTHING = {}
local sequence, generation = position()
local generations = live(0, generation)
local oldest = generations[#generations]
local articles = oldest and sequence - oldest[3] or 0

-- What the articles of a call share is read once: lists of terms, by generation, and what stories merged into.
local read, resolved = {}, {}

local function list_of(number, found, at)
  local lists = read[number]
  if not lists then
    lists = {}
    read[number] = lists
  end
  local term = string.sub(search, at, at + KEY - 1)
  local list = lists[term]
  if list == nil then
    local name = found[1] .. 'p:' .. bucket_of(term, 1, found[2])
    list = redis.call('HGET', name, string.sub(term, KEY - PLACE + 1))
    lists[term] = list
  end
  return list
end

-- Lists of the article's terms by their rarity: {list, number of its generation, what a place in it says} in turn. Then how
-- many articles have each term, and what all lists of each generation say.
local function lists_by_rarity()
  local by_rarity, counts, left = {}, {}, {}
  for number, found in ipairs(generations) do
    left[number] = 0
    for at = 1, #search, KEY do
      local list = list_of(number, found, at)
      if list then
        local count = count_of(list)
        local _, rarity = math.frexp(count)
        local same = by_rarity[rarity] or {}
        local next = #same
        same[next + 1], same[next + 2], same[next + 3] = list, number, 1 / count
        by_rarity[rarity] = same
        counts[at], left[number] = (counts[at] or 0) + count, left[number] + 1 / count
      end
    end
  end
  return by_rarity, counts, left
end

-- Whether there are enough members that share at least as much.
local function are_enough(order, shared, least, most)
  if #order < most then
    return false
  end
  local found = 0
  for _, member in ipairs(order) do
    if shared[member] >= least then
      found = found + 1
    end
  end
  return found >= most
end

-- Members by what they share, rare terms first, until there are enough that share as much as all other lists of a generation say.
-- Common terms have the longest lists, and say next to nothing (to read and sort them all took milliseconds, ADR 29).
-- Returns what each shares, the members, and what the best of them share at least.
local function sharing(by_rarity, left, most)
  local shared, order = {}, {}
  for rarity = 1, RARITIES do
    local same = by_rarity[rarity] or NOTHING
    for at = 1, #same, 3 do
      local number, says = same[at + 1], same[at + 2]
      local base, places = generations[number][3], {string.byte(same[at], COUNT + 1, -1)}
      for place = 1, #places, PLACE do
        local member = base + (places[place] * 256 + places[place + 1]) * 256 + places[place + 2]
        local sum = shared[member]
        if not sum then
          sum, order[#order + 1] = 0, member
        end
        shared[member] = sum + says
      end
      left[number] = left[number] - says
    end
    if #same > 0 then
      local rest = math.max(unpack(left))
      if are_enough(order, shared, rest, most) then
        return shared, order, rest
      end
    end
  end
  return shared, order, 0
end

-- The members that share most, strongest first, the newest of equals; and whether there are others.
-- Lua sorts numbers several times as fast as what it has to ask a function about.
local function strongest(most)
  local by_rarity, counts, left = lists_by_rarity()
  if #left == 0 then
    return NOTHING, counts, false
  end
  local shared, order, least = sharing(by_rarity, left, most)
  local base, ranks = oldest[3], {}
  for _, member in ipairs(order) do
    if shared[member] >= least then
      ranks[#ranks + 1] = math.floor(shared[member] * SHARES_OF_ONE) * MOST_MEMBERS + member - base
    end
  end
  table.sort(ranks)
  local best = {}
  for rank = #ranks, math.max(1, #ranks - most + 1), -1 do
    best[#best + 1] = ranks[rank] % MOST_MEMBERS + base
  end
  return best, counts, #order > #best
end

local function generation_with(member)
  for _, found in ipairs(generations) do
    if member > found[3] then
      return found
    end
  end
end

-- The story that a member is in by now. What is kept of an article lies in the generation of its record.
local function story_of(found, record)
  local short = short_of((id_at(record, 1)))
  local kept = redis.call('HGET', ids_in(found, short), short)
  if not kept then
    return ''
  end
  local story = story_in(kept)
  resolved[story] = resolved[story] or resolve(story)
  return resolved[story]
end

-- Who shares terms with the article: story and record of each in turn. Where some of the best were withdrawn, others follow.
local function members_sharing()
  local most, rows, best, counts, more = BEST
  repeat
    rows, best, counts, more = {}, strongest(most)
    for _, member in ipairs(best) do
      local found = generation_with(member)
      local record = #rows < 2 * BEST and record_at(found, member - found[3])
      if record then
        rows[#rows + 1], rows[#rows + 2] = story_of(found, record), record
      end
    end
    most = 2 * most
  until not more or #rows >= 2 * BEST
  return rows, counts
end

local function look(copy_of)
  local reply = {articles, '', '', '', '', 0}
  local _, _, number, story, merged = membership(generations, id)
  if story then
    reply[2], reply[3] = resolve(story), number == revision and merged or ''
    return reply
  end
  if copy_of ~= '' then
    local found, place, _, canonical = membership(generations, copy_of)
    if canonical then
      reply[4], reply[5] = resolve(canonical), record_at(found, place) or ''
      return reply
    end
  end
  local rows, counts = members_sharing()
  reply[6] = #search / KEY
  for at = 1, #search, KEY do
    reply[#reply + 1] = counts[at] or 0
  end
  for _, row in ipairs(rows) do
    reply[#reply + 1] = row
  end
  return reply
end

local replies = {}
for at = FIRST, #ARGV, ARGUMENTS do
  id, revision, search = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  replies[#replies + 1] = look(ARGV[at + 3])
end
return replies
