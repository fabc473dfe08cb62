-- Generations: what is indexed in one period lies together and expires together. Shared by the indexes of duplicates and
-- stories. Before it stand NAME, the index's part of every key, and PERIOD, seconds in a generation.
-- KEYS[1] is the prefix of every key. ARGV 1-5 of every script: now in seconds ('' = server's clock), generations kept,
-- posting hashes of a first generation, article id (packed), revision (4 bytes); ARGV 6 of most: search keys of 5 bytes
-- A place is a sequence number less the base of its generation.
local KEY, SHORT, PLACE, REVISION = 5, 10, 3, 4
local BLOCK = 256    -- records in one list
local SHARE = 16     -- posting hashes for one hash of ids
local FILL = 8       -- articles for which a generation has one posting hash: Redis reads a compact hash from its beginning
local TWO_BYTES = 65536
local MOST_BUCKETS = 262144

local kept_generations, buckets = tonumber(ARGV[2]), tonumber(ARGV[3])
local id, revision, search = ARGV[4], ARGV[5], ARGV[6]
local root = KEYS[1] .. ':' .. NAME .. ':'

local function clock()
  return ARGV[1] ~= '' and tonumber(ARGV[1]) or tonumber(redis.call('TIME')[1])
end

local function begins(number)
  return string.format('%s%d:', root, number)
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
  return (a * 256 + b) * parts + math.floor(c * parts / 256)
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

-- A generation is {what its keys begin with, its number of posting hashes, its base}.
local function ids_in(generation, short)
  return generation[1] .. 'a:' .. bucket_of(short, 1, math.max(1, math.floor(generation[2] / SHARE)))
end

local function record_in(generation, place)
  return generation[1] .. 'r:' .. math.floor((place - 1) / BLOCK), (place - 1) % BLOCK
end

-- Where the index stands: last sequence number, newest generation. The generation never goes back, even if the
-- clock does: a fence must stay comparable.
local function position()
  local state = redis.call('HMGET', root .. 'now', 'sequence', 'generation')
  local generation = math.max(math.floor(clock() / PERIOD), tonumber(state[2] or 0) or 0)
  return tonumber(state[1] or 0) or 0, generation
end

-- The generations that exist, newest first.
local function live(from, to)
  local found = {}
  for generation = to, math.max(from, to - kept_generations + 1), -1 do
    local state = redis.call('HMGET', root .. generation, 'buckets', 'base')
    if state[1] then
      found[#found + 1] = {begins(generation), tonumber(state[1]), tonumber(state[2]), generation}
    end
  end
  return found
end

-- The newest generation, opened when its time has come, with as many posting hashes as the one before would have needed.
local function current_generation(generations, sequence, generation)
  local current = generations[1]
  if current and current[4] == generation then
    return current
  end
  local needed = current and (sequence - current[3]) / FILL or 0
  while buckets < needed and buckets < MOST_BUCKETS do
    buckets = buckets * 2
  end
  redis.call('HSET', root .. generation, 'buckets', buckets, 'base', sequence)
  redis.call('EXPIREAT', root .. generation, (generation + kept_generations) * PERIOD)
  redis.call('HSET', root .. 'now', 'generation', generation)
  return {begins(generation), buckets, sequence, generation}
end

-- Write into a hash, or to the end of a list, of a generation; what is new there expires with it.
local function put(generation, name, field, value)
  if redis.call('HSET', name, field, value) == 1 and redis.call('HLEN', name) == 1 then
    redis.call('EXPIREAT', name, (generation[4] + kept_generations) * PERIOD)
  end
end

local function push(generation, name, value)
  if redis.call('RPUSH', name, value) == 1 then
    redis.call('EXPIREAT', name, (generation[4] + kept_generations) * PERIOD)
  end
end
