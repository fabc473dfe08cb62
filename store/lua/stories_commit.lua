-- Put an article into a story, its own or another, unless it is in one; stories may merge with it.
-- ARGV 4-6: article id (packed), revision, terms; 7: what is decided (JSON: article, story, time, about, window, matched, founders,
-- merged); 8: record ('' = not indexed); the same of each further article
-- Returns, of each: story, merged stories (packed)
local ARGUMENTS = 5
local sequence, generation = position()
local generations = live(0, generation)
local now = clock()
local decided  -- for the article whose turn it is

local function story_key(story)
  return root .. 's:' .. story
end

local function member_key(story)
  return root .. 'm:' .. story
end

local function copies_key(story)
  return root .. 'c:' .. story
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
  keep(copies_key(story))
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
  local copies = redis.call('HGETALL', copies_key(from))
  for at = 1, #copies, 2 do
    redis.call('HSET', copies_key(into), copies[at], copies[at + 1])
  end
  redis.call('DEL', story_key(from), member_key(from), copies_key(from))
  redis.call('HSET', root .. 'alias', from, into)
  keep(root .. 'alias')
end

-- Put the article into its story, with which others may merge.
local function join(story, record)
  local merged = ''
  found(story)
  add(story, decided.ref, decided.about)
  if record == '' then
    redis.call('HSET', copies_key(story), decided.ref, cjson.encode(decided.about))
  end
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
  return merged
end

-- Lists of terms that the call has read or changed, by posting hash; they are written at its end, so that what its articles share
-- is read and written once.
local changed = {}

local function post(current, at, place)
  local name = current[1] .. 'p:' .. bucket_of(search, at, current[2])
  local field = string.sub(search, at + KEY - PLACE, at + KEY - 1)
  local hash = changed[name]
  if not hash then
    hash = {generation = current, lists = {}}
    changed[name] = hash
  end
  local kept = hash.lists[field]
  if kept == nil then
    kept = redis.call('HGET', name, field)
    hash.is_longer = hash.is_longer or not kept
  end
  local seen = math.min(MOST_COUNT, (kept and count_of(kept) or 0) + 1)
  local places = kept and string.sub(kept, COUNT + 1) or ''
  hash.lists[field] = string.char(math.floor(seen / 256), seen % 256) .. string.sub(places, -(CAP - 1) * PLACE) .. place
end

local function write_changed()
  for name, hash in pairs(changed) do
    local pairs_, size = {}, 0
    for field, list_ in pairs(hash.lists) do
      pairs_[size + 1], pairs_[size + 2] = field, list_
      size = size + 2
    end
    local added = redis.call('HSET', name, unpack(pairs_))
    if hash.is_longer and redis.call('HLEN', name) == added then
      redis.call('EXPIREAT', name, hash.generation.expires)
    end
  end
end

local function commit(record)
  local _, _, number, known, known_merged = membership(generations, id)
  if known then
    return {resolve(known), number == revision and known_merged or ''}
  end
  local story = resolve(decided.story)
  local merged = story ~= decided.article and join(story, record) or ''
  local current = current_generation(generations, sequence, generation)
  if current ~= generations[1] then
    generations = live(0, generation)
  end
  local place = 0
  if record ~= '' then
    sequence = redis.call('HINCRBY', root .. 'now', 'sequence', 1)
    place = sequence - current[3]
    push(current, (record_in(current, place)), record)
    local packed = pack_place(place)
    for at = 1, #search, KEY do
      post(current, at, packed)
    end
  end
  local short = short_of(id)
  put(current, ids_in(current, short), short, revision .. pack_place(place) .. string.char(#story) .. story .. merged)
  return {story, merged}
end

local replies = {}
for at = FIRST, #ARGV, ARGUMENTS do
  id, revision, search = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  decided = cjson.decode(ARGV[at + 3])
  replies[#replies + 1] = commit(ARGV[at + 4])
end
write_changed()
return replies
