-- Put an article into a story, its own or another, unless it is in one; stories may merge with it.
-- ARGV 7: what is decided (JSON: article, story, time, about, window, matched, founders, merged); 8: record ('' = not indexed)
-- Returns: story, merged stories (packed)
local decided, record = cjson.decode(ARGV[7]), ARGV[8]
local sequence, generation = position()
local generations = live(0, generation)
local now = clock()

local _, known_place, number, known, known_merged = membership(generations, id)
if known then
  return {resolve(known), number == revision and known_merged or ''}
end

local function story_key(story)
  return root .. 's:' .. story
end

local function member_key(story)
  return root .. 'm:' .. story
end

local function keep(name)
  redis.call('EXPIRE', name, decided.window)
end

-- Lists of stories forget those that nobody added to within the window.
local function list(name, story, score, last)
  redis.call('ZADD', name, score, story)
  if last then
    redis.call('ZREMRANGEBYSCORE', name, '-inf', now - decided.window)
  end
  keep(name)
end

local function count(name, field, by)
  if redis.call('HEXISTS', name, field) == 1 or redis.call('HLEN', name) < MOST_FIELDS then
    redis.call('HINCRBY', name, field, by)
  end
end

-- Add one article to a story's numbers.
local function add(story, ref, about)
  local name = story_key(story)
  if redis.call('ZADD', member_key(story), about.t, ref) == 0 then
    return
  end
  local range = redis.call('HMGET', name, 'first', 'last')
  redis.call('HSET', name, 'first', math.min(tonumber(range[1] or about.t), about.t), 'last',
    math.max(tonumber(range[2] or about.t), about.t))
  redis.call('HINCRBY', name, 'size', 1)
  if about.o ~= '' then
    count(name, 'o:' .. about.o, 1)
  end
  for _, place in ipairs(about.p) do
    count(name, 'p:' .. place, 1)
  end
  for _, entity in ipairs(about.e) do
    count(name, 'e:' .. entity, 1)
  end
end

local function enlist(story)
  local name = story_key(story)
  list(root .. 'newest', story, now, true)
  list(root .. 'largest', story, tonumber(redis.call('HGET', name, 'size')))
  for _, field in ipairs(redis.call('HKEYS', name)) do
    local kind, value = string.match(field, '^([pe]):(.*)$')
    if kind then
      list(root .. (kind == 'p' and 'place:' or 'entity:') .. value, story, now, true)
    end
  end
  keep(name)
  keep(member_key(story))
end

local function delist(story)
  local fields = redis.call('HKEYS', story_key(story))
  redis.call('ZREM', root .. 'newest', story)
  redis.call('ZREM', root .. 'largest', story)
  for _, field in ipairs(fields) do
    local kind, value = string.match(field, '^([pe]):(.*)$')
    if kind then
      redis.call('ZREM', root .. (kind == 'p' and 'place:' or 'entity:') .. value, story)
    end
  end
end

-- A story of one article has no key of its own: its founder is added when a second one comes.
local function found(story)
  local founder = decided.founders[story]
  if founder and redis.call('EXISTS', story_key(story)) == 0 then
    add(story, founder.ref, founder.about)
    redis.call('HSET', story_key(story), 'central', founder.ref)
  end
end

local function merge(from, into)
  found(from)
  delist(from)
  local fields = redis.call('HGETALL', story_key(from))
  local target = story_key(into)
  for at = 1, #fields, 2 do
    local field, value = fields[at], fields[at + 1]
    if field == 'first' then
      redis.call('HSET', target, field, math.min(tonumber(redis.call('HGET', target, field) or value), tonumber(value)))
    elseif field == 'last' then
      redis.call('HSET', target, field, math.max(tonumber(redis.call('HGET', target, field) or value), tonumber(value)))
    elseif field ~= 'central' then
      count(target, field, value)
    end
  end
  if redis.call('EXISTS', member_key(from)) == 1 then
    redis.call('ZUNIONSTORE', member_key(into), 2, member_key(into), member_key(from), 'AGGREGATE', 'MIN')
  end
  redis.call('DEL', story_key(from), member_key(from))
  redis.call('HSET', root .. 'alias', from, into)
  keep(root .. 'alias')
end

local story, merged = resolve(decided.story), ''
if story ~= decided.article then
  found(story)
  add(story, decided.ref, decided.about)
  local name = story_key(story)
  if decided.matched ~= '' then
    count(name, 'm:' .. decided.matched, 1)
    local hits = tonumber(redis.call('HGET', name, 'm:' .. decided.matched) or 0)
    local central = redis.call('HGET', name, 'central')
    if not central or hits > tonumber(redis.call('HGET', name, 'm:' .. central) or 0) then
      redis.call('HSET', name, 'central', decided.matched)
    end
  end
  for _, other in ipairs(decided.merged) do
    other = resolve(other)
    if other ~= story then
      merge(other, story)
      merged = merged .. string.char(#other) .. other
    end
  end
  enlist(story)
end

local current = current_generation(generations, sequence, generation)
local place = 0
if record ~= '' then
  place = redis.call('HINCRBY', root .. 'now', 'sequence', 1) - current[3]
  local at_end = record_in(current, place)
  push(current, at_end, record)
  local packed = pack_place(place)
  for at = 1, #search, KEY do
    local name = current[1] .. 'p:' .. bucket_of(search, at, current[2])
    local field = string.sub(search, at + 2, at + KEY - 1)
    local kept = redis.call('HGET', name, field)
    local seen = math.min(MOST_COUNT, (kept and count_of(kept) or 0) + 1)
    local places = kept and string.sub(kept, COUNT + 1) or ''
    put(current, name, field, string.char(math.floor(seen / 256), seen % 256)
      .. string.sub(places, -(CAP - 1) * PLACE) .. packed)
  end
end
local short = short_of(id)
put(current, ids_in(current, short), short, revision .. pack_place(place) .. string.char(#story) .. story .. merged)
return {story, merged}
