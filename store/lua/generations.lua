-- Generations: what is indexed in one period lies together and expires together. Shared by the indexes of duplicates and
-- stories. Before it stand NAME, the index's part of every key, PERIOD, in seconds, MOST_SPAN, periods for which a generation is
-- written to at most, and FORMAT, in which new generations are written.
-- KEYS[1] is the prefix of every key. ARGV 1-3 of every script: now in seconds ('' = server's clock), periods kept,
-- posting hashes of a first generation; then, of each article: id (packed), revision (4 bytes), and of most scripts search
-- keys of 5 bytes
--
-- <name>:now is a hash that stays: the last sequence number, the newest generation, and a line for each generation that is
-- kept, newest first: its number (the first of its periods), format, posting hashes, base (the sequence number before it), and
-- when it expires (seconds since 1970): when the last that is written to it has been kept for long enough. Where more comes
-- than was expected, as in the backfill of a new installation, a period has several of them.
-- A place is a sequence number less the base of its generation.
-- Format 1 kept postings and base in a hash <name>:<generation>, which expired with it, and had fewer hashes of ids. Such a
-- generation is worked on as it is until it expires, beside workers of an older version; the next one is in format 2.
local KEY, SHORT, PLACE, REVISION = 5, 10, 3, 4
local BLOCK = 256    -- records in one list
local SHARES = {16, 4} -- posting hashes for one hash of ids, by format
local FILL = 8       -- articles for which a generation has one posting hash: a bucket is read from its beginning
local CROWDED = 4    -- times as many, and the rest of the period goes into a further generation
local TWO_BYTES = 65536
local MOST_BUCKETS = 262144
local MOST_PLACES = 16777215
local FIRST = 4      -- of the arguments of the first article

local kept_periods, buckets = tonumber(ARGV[2]), tonumber(ARGV[3])
-- Each generation is looked at for every search key. Where it is written to for half as long as it is kept afterwards, there are
-- three, however long that is.
local span = math.max(1, math.min(MOST_SPAN, math.floor((kept_periods - 1) / 2)))
local id, revision, search = ARGV[FIRST], ARGV[FIRST + 1], ARGV[FIRST + 2]
local root = KEYS[1] .. ':' .. NAME .. ':'

local seconds = tonumber(ARGV[1])
local function clock()
  seconds = seconds or tonumber(redis.call('TIME')[1])
  return seconds
end

local function pack_place(n)
  return string.char(math.floor(n / 65536) % 256, math.floor(n / 256) % 256, n % 256)
end

local function unpack_place(text, at)
  local a, b, c = string.byte(text, at, at + 2)
  return (a * 256 + b) * 256 + c
end

local function bucket_of(text, at, count)
  local a, b, c = string.byte(text, at, at + 2)
  if count <= TWO_BYTES then
    return (a * 256 + b) % count
  end
  local parts = count / TWO_BYTES
  return (a * 256 + b) * parts + math.floor((c or 0) * parts / 256)
end

-- The id that a text begins with, and where it ends.
local function id_at(text, at)
  local size = string.byte(text, at) % 128 + 1
  return string.sub(text, at, at + size - 1), at + size
end

-- The API's ids are digests: 80 bits of them are as good as any (a billion articles share none with 1 - 4e-7). Others
-- are taken whole.
local function short_of(packed)
  return string.byte(packed) >= 128 and string.sub(packed, 2, SHORT + 1) or packed
end

-- A generation is {what its keys begin with, its number of posting hashes, its base, its number}, with its format and when
-- it expires. Keys of different formats differ, so that none is ever read as another.
local function generation_of(number, format, buckets_, base, expires)
  local begins = string.format('%s%d:', root, number)
  if format > 1 then
    begins = string.format('%s%d:%d:%d:', root, format, number, buckets_)
  end
  return {begins, buckets_, base, number, format = format, expires = expires}
end

local function ids_in(generation, short)
  local count = math.max(1, math.floor(generation[2] / SHARES[generation.format]))
  return generation[1] .. 'a:' .. bucket_of(short, 1, count)
end

local function record_in(generation, place)
  return generation[1] .. 'r:' .. math.floor((place - 1) / BLOCK), (place - 1) % BLOCK
end

-- All generations that are written down, newest first.
local written = {}

-- One that a worker of format 1 opened, where there is one.
local function of_format_1(number)
  local state = redis.call('HMGET', root .. number, 'buckets', 'base')
  if state[1] then
    local expires = clock() + redis.call('TTL', root .. number)
    return generation_of(number, 1, tonumber(state[1]), tonumber(state[2]), expires)
  end
end

-- Where the index stands: last sequence number, newest generation. The generation never goes back, even if the
-- clock does: a fence must stay comparable.
local function position()
  local state = redis.call('HMGET', root .. 'now', 'sequence', 'generation', 'format', 'generations')
  if state[3] and tonumber(state[3]) > FORMAT then
    error('NEWERFORMAT ' .. state[3])
  end
  local generation = math.max(math.floor(clock() / PERIOD), tonumber(state[2] or 0) or 0)
  local newest = generation - kept_periods
  for number, format, count, base, expires in string.gmatch(state[4] or '', '(%d+) (%d+) (%d+) (%d+) (%d+)\n') do
    number = tonumber(number)
    written[#written + 1] = generation_of(number, tonumber(format), tonumber(count), tonumber(base), tonumber(expires))
    newest = math.max(newest, number)
  end
  for number = newest + 1, generation do
    local found = of_format_1(number)
    if found then
      table.insert(written, 1, found)
    end
  end
  return tonumber(state[1] or 0) or 0, generation
end

-- The generations that exist, newest first. Where less is kept than was, longer ones may be looked at until they expire.
local function live(from, to)
  local found, now = {}, clock()
  for _, each in ipairs(written) do
    if each[4] >= math.max(from, to - kept_periods - MOST_SPAN + 2) and each.expires > now then
      found[#found + 1] = each
    end
  end
  return found
end

local function has_room(current, sequence)
  local articles = sequence - current[3]
  return current.format == 1 or articles < MOST_PLACES
    and (current[2] >= MOST_BUCKETS or articles < current[2] * FILL * CROWDED)
end

-- The newest generation, if it is not crowded and its time is not over. What is written to it after its first period has to be
-- kept for as long as anything: not so where it is one of an older version, or of a time when less was kept.
local function open_generation(generations, sequence, generation)
  local current = generations[1]
  if current and has_room(current, sequence) and (current[4] == generation or current[4] > generation - span
      and current.expires - clock() >= (kept_periods - 1) * PERIOD) then
    return current
  end
end

local function is_taken(generation, count)
  for _, each in ipairs(written) do
    if each[4] == generation and each[2] == count then
      return true
    end
  end
end

-- The same, opened where there is none, with as many posting hashes as the last period would have needed so far.
local function current_generation(generations, sequence, generation)
  local current = open_generation(generations, sequence, generation)
  if current then
    return current
  end
  current = generations[1]
  local base = sequence
  for _, each in ipairs(generations) do
    base = each[4] == current[4] and each[3] or base
  end
  while buckets < (sequence - base) / FILL and buckets < MOST_BUCKETS do
    buckets = buckets * 2
  end
  while is_taken(generation, buckets) do
    buckets = buckets * 2
  end
  current = generation_of(generation, FORMAT, buckets, sequence, (generation + span - 1 + kept_periods) * PERIOD)
  table.insert(written, 1, current)
  local lines = ''
  for _, each in ipairs(written) do
    if each.expires > clock() then
      lines = lines .. string.format('%d %d %d %d %d\n', each[4], each.format, each[2], each[3], each.expires)
    end
  end
  redis.call('HSET', root .. 'now', 'generation', generation, 'format', FORMAT, 'generations', lines)
  return current
end

-- Write into a hash, or to the end of a list, of a generation; what is new there expires with it.
local function put(generation, name, field, value)
  if redis.call('HSET', name, field, value) == 1 and redis.call('HLEN', name) == 1 then
    redis.call('EXPIREAT', name, generation.expires)
  end
end

local function push(generation, name, value)
  if redis.call('RPUSH', name, value) == 1 then
    redis.call('EXPIREAT', name, generation.expires)
  end
end
