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

local name, members = root .. 's:' .. story, root .. 'm:' .. story
if redis.call('ZREM', members, ref) == 0 then
  return 1
end
local size = redis.call('HINCRBY', name, 'size', -1)
redis.call('HDEL', name, 'm:' .. ref)
local left = redis.call('ZRANGE', members, 0, 0)
if redis.call('HGET', name, 'central') == ref and left[1] then
  redis.call('HSET', name, 'central', left[1])
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
  redis.call('DEL', name, members)
end
return 1
