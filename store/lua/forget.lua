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

-- The head goes with the last revision that is kept, so that no number is given twice. Till then what it says of the
-- latest revision's content goes with that revision: the same content is new again.
local function forget_head(id, revision)
  local head = key('head', id)
  local latest = redis.call('HGET', head, 'revision')
  for number = tonumber(latest or 0), 1, -1 do
    if redis.call('EXISTS', record(id .. ':' .. number)) == 1 then
      if latest == revision then
        redis.call('HDEL', head, 'digest')
      end
      return
    end
  end
  redis.call('DEL', head)
end

local outcome, before, most = ARGV[2], ARGV[3], tonumber(ARGV[4])
local index = key('index', 'outcome', outcome)
local refs = redis.call('ZRANGEBYSCORE', index, '-inf', '(' .. before, 'LIMIT', 0, most)
for _, ref in ipairs(refs) do
  local fields = redis.call('HMGET', record(ref), 'source', 'cursor')
  local id, revision = string.match(ref, '^(.*):(%d+)$')
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
  forget_head(id, revision)
  redis.call('HINCRBY', key('counts'), 'forgotten:' .. outcome, 1)
end
return #refs
