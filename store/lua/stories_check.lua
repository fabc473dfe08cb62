-- Look for articles that may tell the same story; changes nothing.
-- ARGV 7: id (packed) of what the article is a copy of, or ''
-- Returns: articles in the window; story, or ''; merged stories (packed); the story and the record of what it is a copy of, or
-- ''; the number of terms; counts of the terms; then story and record of each member in turn
local sequence, generation = position()
local generations = live(0, generation)
local oldest = generations[#generations]
local reply = {oldest and sequence - oldest[3] or 0, '', '', '', '', 0}

local _, _, number, story, merged = membership(generations, id)
if story then
  reply[2], reply[3] = resolve(story), number == revision and merged or ''
  return reply
end
if ARGV[7] ~= '' then
  local found, place, _, canonical = membership(generations, ARGV[7])
  if canonical then
    reply[4], reply[5] = resolve(canonical), record_at(found, place) or ''
    return reply
  end
end

local shared, home, order, counts = {}, {}, {}, {}
for _, found in ipairs(generations) do
  local base = found[3]
  for at = 1, #search, KEY do
    local name = found[1] .. 'p:' .. bucket_of(search, at, found[2])
    local list = redis.call('HGET', name, string.sub(search, at + 2, at + KEY - 1))
    if list then
      local count = count_of(list)
      counts[at] = (counts[at] or 0) + count
      for place = COUNT + 1, #list, PLACE do
        local member = base + unpack_place(list, place)
        if not shared[member] then
          shared[member], home[member] = 0, found
          order[#order + 1] = member
        end
        shared[member] = shared[member] + 1 / count
      end
    end
  end
end
table.sort(order, function(a, b)
  if shared[a] ~= shared[b] then return shared[a] > shared[b] end
  return a > b
end)
reply[6] = #search / KEY
for at = 1, #search, KEY do
  reply[#reply + 1] = counts[at] or 0
end
local stories, members = {}, 0
for _, member in ipairs(order) do
  if members == BEST then break end
  local record = record_at(home[member], member - home[member][3])
  if record then
    members = members + 1
    local owner = id_at(record, 1)
    local _, _, _, of = membership(generations, owner)
    stories[of or ''] = stories[of or ''] or (of and resolve(of)) or ''
    reply[#reply + 1], reply[#reply + 2] = stories[of or ''], record
  end
end
return reply
