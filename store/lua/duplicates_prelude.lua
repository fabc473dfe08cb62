-- Shared by the scripts of the duplicate index. KEYS[1] is the prefix of every key.
-- ARGV 1-6 of both: now in seconds ('' = server's clock), weeks kept, buckets, short article id, revision, search keys
--
-- A week's generation g is   dup:<g>             number of posting hashes of this generation
--                            dup:<g>:p:<bucket>  4 bytes of a search key -> sequence numbers of 4 bytes, oldest first
--                            dup:<g>:r:<block>   sequence number -> short article id, record
--                            dup:<g>:d:<bucket>  short article id, revision -> decision
--                            dup:<g>:a:<bucket>  short article id -> revision, sequence number of its indexed record
-- and all of it expires together. dup:now holds the last sequence number and the newest generation: it stays.
local WEEK = 604800
local KEY, ID, SEQ = 6, 12, 4
local CAP = 15       -- entries of a posting list; the newest stay (FACTS D.2: no pair was lost)
local BEST = 8       -- candidates that are returned
local BLOCK = 256    -- records in one hash
local SHARE = 16     -- posting hashes for one hash of ids: an article has about 16 search keys and one id

local weeks, buckets = tonumber(ARGV[2]), tonumber(ARGV[3])
local id, revision, search = ARGV[4], ARGV[5], ARGV[6]
local root = KEYS[1] .. ':dup:'

local function clock()
  return ARGV[1] ~= '' and tonumber(ARGV[1]) or tonumber(redis.call('TIME')[1])
end

-- A generation is {what its keys begin with, its number of posting hashes}.
local function key_in(generation, kind, part)
  return generation[1] .. kind .. part
end

local function begins(number)
  return string.format('%s%d:', root, number)
end

local function pack_seq(n)
  return string.char(math.floor(n / 16777216) % 256, math.floor(n / 65536) % 256, math.floor(n / 256) % 256, n % 256)
end

local function unpack_seq(text, at)
  local a, b, c, d = string.byte(text, at, at + 3)
  return ((a * 256 + b) * 256 + c) * 256 + d
end

local function bucket_of(text, at, count)
  local a, b = string.byte(text, at, at + 1)
  return (a * 256 + b) % count
end

local function id_bucket(count)
  return bucket_of(id, 1, math.max(1, math.floor(count / SHARE)))
end

-- Where the index stands: last sequence number, newest generation. The generation never goes back, even if the
-- clock does: a fence must stay comparable.
local function position()
  local state = redis.call('HMGET', root .. 'now', 'sequence', 'generation')
  local generation = math.max(math.floor(clock() / WEEK), tonumber(state[2] or 0) or 0)
  return tonumber(state[1] or 0) or 0, generation
end

-- The generations that exist, newest first, with their numbers of buckets.
local function live(from, to)
  local found = {}
  for generation = to, math.max(from, to - weeks + 1), -1 do
    local count = redis.call('GET', root .. generation)
    if count then
      found[#found + 1] = {begins(generation), tonumber(count)}
    end
  end
  return found
end

local function first_decision(generations)
  for _, found in ipairs(generations) do
    local kept = redis.call('HGET', key_in(found, 'd:', id_bucket(found[2])), id .. revision)
    if kept then
      return kept
    end
  end
end

-- Records newer than a sequence number that share search keys: who shares the first key (the strongest) comes first,
-- then most shared keys, then the oldest.
-- An article is never a candidate for itself, nor are those to be skipped.
local function candidates(generations, after, skip)
  local shared, home, order = {}, {}, {}
  for _, found in ipairs(generations) do
    for at = 1, #search, KEY do
      local field = string.sub(search, at + 2, at + KEY - 1)
      local list = redis.call('HGET', key_in(found, 'p:', bucket_of(search, at, found[2])), field)
      if list then
        for place = 1, #list, SEQ do
          local sequence = unpack_seq(list, place)
          if sequence > after then
            if not shared[sequence] then
              shared[sequence], home[sequence] = 0, found
              order[#order + 1] = sequence
            end
            shared[sequence] = shared[sequence] + (at == 1 and #search or 1)
          end
        end
      end
    end
  end
  table.sort(order, function(a, b)
    if shared[a] ~= shared[b] then return shared[a] > shared[b] end
    return a < b
  end)
  local records = {}
  for _, sequence in ipairs(order) do
    if #records == BEST then break end
    local record = redis.call('HGET', key_in(home[sequence], 'r:', math.floor(sequence / BLOCK)), sequence)
    if record then
      local owner = string.sub(record, 1, ID)
      if owner ~= id and not skip[owner] then
        records[#records + 1] = string.sub(record, ID + 1)
      end
    end
  end
  return records
end
