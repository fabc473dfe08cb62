-- Take an article out of its story and out of the index. Repeating it changes nothing.
-- ARGV 6: ref. Returns: 1 where it was in a story
local ref = ARGV[6]
local sequence, generation = position()
local generations = live(0, generation)
local found, place, number, story = membership(generations, id)
if not found or number ~= revision then
  return 0
end
story = resolve(story)
local record = record_at(found, place)
if record then
  local list, index = record_in(found, place)
  redis.call('LSET', list, index, '')
end
local short = short_of(id)
redis.call('HDEL', ids_in(found, short), short)

local name, members, copies = root .. 's:' .. story, root .. 'm:' .. story, root .. 'c:' .. story
local about = record and about_in(record) or redis.call('HGET', copies, ref)
redis.call('HDEL', copies, ref)
if redis.call('ZREM', members, ref) == 0 then
  return 1
end

-- What no other article of the story says is told of it no more.
local function uncount(kind, value)
  local field = kind .. ':' .. value
  if redis.call('HEXISTS', name, field) == 0 or redis.call('HINCRBY', name, field, -1) > 0 then
    return
  end
  redis.call('HDEL', name, field)
  if kind ~= 'o' then
    redis.call('ZREM', root .. (kind == 'p' and 'place:' or 'entity:') .. value, story)
  end
end

if about then
  about = cjson.decode(about)
  uncount('o', about.o)
  for _, place_ in ipairs(about.p) do
    uncount('p', place_)
  end
  for _, entity in ipairs(about.e) do
    uncount('e', entity)
  end
end
local size = redis.call('HINCRBY', name, 'size', -1)
redis.call('HDEL', name, 'm:' .. ref)
local first, last = redis.call('ZRANGE', members, 0, 0, 'WITHSCORES'), redis.call('ZRANGE', members, -1, -1, 'WITHSCORES')
if first[1] then
  redis.call('HSET', name, 'first', first[2], 'last', last[2])
  if redis.call('HGET', name, 'central') == ref then
    redis.call('HSET', name, 'central', first[1])
  end
end
redis.call('ZADD', root .. 'largest', 'XX', size, story)
-- What one article tells alone is no story any more, until another one comes.
if size < 2 then
  for _, field in ipairs(redis.call('HKEYS', name)) do
    local kind, value = string.match(field, '^([pe]):(.*)$')
    if kind then
      redis.call('ZREM', root .. (kind == 'p' and 'place:' or 'entity:') .. value, story)
    end
  end
  redis.call('ZREM', root .. 'newest', story)
  redis.call('ZREM', root .. 'largest', story)
end
if size < 1 then
  redis.call('DEL', name, members, copies)
end
return 1
