-- Delete what the retention no longer keeps, oldest first; the accounting remembers how many there were.
-- ARGV: now, outcome, accepted before (ms), at most
-- Returns: how many were deleted
local consumers = {}
for _, name in ipairs(redis.call('SMEMBERS', key('consumers'))) do
  consumers[key('consumer', name)] = redis.call('HGET', key('consumer', name), 'cursor') or '0-0'
end

local function is_after(cursor, other)
  local time, number = string.match(cursor, '^(%d+)-(%d+)$')
  local other_time, other_number = string.match(other, '^(%d+)-(%d+)$')
  if time ~= other_time then
    return tonumber(time) > tonumber(other_time)
  end
  return tonumber(number) > tonumber(other_number)
end

-- Count for each consumer what it will never see, so that it does not pass over it without a word.
local function count_missed(cursor)
  for consumer, reached in pairs(consumers) do
    if is_after(cursor, reached) then
      redis.call('HINCRBY', consumer, 'missed', 1)
    end
  end
end

local outcome, before, most = ARGV[2], ARGV[3], tonumber(ARGV[4])
local index = key('index', 'outcome', outcome)
local refs = redis.call('ZRANGEBYSCORE', index, '-inf', '(' .. before, 'LIMIT', 0, most)
for _, ref in ipairs(refs) do
  local fields = redis.call('HMGET', record(ref), 'source', 'cursor')
  local id, revision = string.match(ref, '^(.*):(%d+)$')
  if redis.call('HGET', key('head', id), 'revision') == revision then
    redis.call('DEL', key('head', id))
  end
  if fields[1] and fields[1] ~= '' then
    redis.call('ZREM', key('index', 'source', fields[1]), ref)
  end
  if fields[2] then
    redis.call('XDEL', key('feed'), fields[2])
    count_missed(fields[2])
  end
  unplace(ref)
  redis.call('ZREM', index, ref)
  redis.call('ZREM', key('bodies'), ref)
  redis.call('ZREM', key('index', 'all'), ref)
  redis.call('DEL', record(ref))
  redis.call('HINCRBY', key('counts'), 'forgotten:' .. outcome, 1)
end
return #refs
