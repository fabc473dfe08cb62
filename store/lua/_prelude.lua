-- Shared by every script of the ledger: keys from the prefix, the clock, and the record of one revision.
-- KEYS[1] is the prefix; every key that a script touches begins with it, so that one hash tag can hold them all.
local prefix = KEYS[1]

local function key(...)
  return prefix .. ':' .. table.concat({...}, ':')
end

-- Milliseconds since 1970 from the Redis server, so that workers' clocks do not matter; tests pass their own.
local function clock(given)
  if given ~= '' then
    return tonumber(given)
  end
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- Count something that happened. Figures never go back; see store/figures.py for their names.
local figures = prefix .. ':figures'
local function tally(name, by)
  redis.call('HINCRBY', figures, name, by or 1)
end

local function record(ref)
  return key('article', ref)
end

-- Does this token still hold this revision? Only then may its holder change anything (fencing).
local function held(ref, token)
  local fields = redis.call('HMGET', record(ref), 'state', 'token')
  return fields[1] == 'leased' and fields[2] == token
end

local function wait_again(ref, now)
  local fields = redis.call('HMGET', record(ref), 'lane', 'sequence')
  redis.call('HSET', record(ref), 'state', 'waiting', 'since', now)
  redis.call('HDEL', record(ref), 'token', 'working')
  redis.call('ZADD', key('waiting', fields[1]), fields[2], ref)
end

-- The places of a revision, one line each: id|country|admin1|longitude|latitude; what is not known is empty.
local function each_place(lines, visit)
  for id, country, admin1, lon, lat in string.gmatch(lines or '', '([^|\n]+)|([^|]*)|([^|]*)|([^|]*)|([^|\n]*)\n') do
    visit(id, country, admin1, lon, lat)
  end
end

local function unplace(ref)
  each_place(redis.call('HGET', record(ref), 'placed'), function(id, country, admin1)
    redis.call('ZREM', key('index', 'place', id), ref)
    redis.call('ZREM', key('index', 'country', country), ref)
    redis.call('ZREM', key('index', 'admin1', admin1), ref)
    if redis.call('EXISTS', key('index', 'place', id)) == 0 then
      redis.call('ZREM', key('index', 'points'), id)
    end
  end)
  redis.call('HDEL', record(ref), 'placed')
end

-- List a revision under the places that its geotag stage found, in the stead of those that an earlier run found.
local function place(ref)
  unplace(ref)
  local fields = redis.call('HMGET', record(ref), 'places', 'accepted')
  if not fields[1] then
    return
  end
  each_place(fields[1], function(id, country, admin1, lon, lat)
    redis.call('ZADD', key('index', 'place', id), fields[2], ref)
    if country ~= '' then
      redis.call('ZADD', key('index', 'country', country), fields[2], ref)
    end
    if admin1 ~= '' then
      redis.call('ZADD', key('index', 'admin1', admin1), fields[2], ref)
    end
    if lon ~= '' then
      redis.call('GEOADD', key('index', 'points'), lon, lat, id)
    end
  end)
  redis.call('HSET', record(ref), 'placed', fields[1])
end

-- That stories merged stays true when the entry that told it goes: it is told with what comes in its place.
local function keep_mergers(ref, cursor)
  local row = redis.call('XRANGE', key('feed'), cursor, cursor)[1]
  for i = 1, row and #row[2] or 0, 2 do
    local told = row[2][i] == 'entry' and cjson.decode(row[2][i + 1]) or {}
    if told.merged_stories and #told.merged_stories > 0 then
      redis.call('HSET', record(ref), 'mergers',
        cjson.encode({story_id = told.story_id, merged_stories = told.merged_stories}))
    end
  end
end

local function with_mergers(ref, entry)
  local kept = redis.call('HGET', record(ref), 'mergers')
  if not kept then
    return entry
  end
  local told = cjson.decode(entry)
  for name, value in pairs(cjson.decode(kept)) do
    told[name] = value
  end
  return cjson.encode(told)
end

-- Tell an outcome in the feed, never with an earlier time than the entry before it: the clock may have been set back.
local function tell_feed(ref, outcome, entry, now)
  if outcome == 'quarantined' or outcome == 'withdrawn' then
    entry = with_mergers(ref, entry)
  end
  local last = redis.call('XREVRANGE', key('feed'), '+', '-', 'COUNT', 1)[1]
  local at = math.max(now, last and tonumber(last[2][6]) or 0)
  local fields = {'ref', ref, 'outcome', outcome, 'at', at, 'entry', entry}
  if outcome == 'done' or outcome == 'partial' then
    if redis.call('HEXISTS', record(ref), 'told') == 1 then
      fields[9], fields[10] = 'again', '1'
    end
    redis.call('HSET', record(ref), 'told', 1)
  end
  local cursor = redis.call('XADD', key('feed'), '*', unpack(fields))
  redis.call('HSET', record(ref), 'finished', at, 'cursor', cursor)
  return cursor
end

-- Give a revision its outcome: feed entry, counters and lists in the same step.
local function finish(ref, outcome, entry, now)
  local cursor = tell_feed(ref, outcome, entry, now)
  redis.call('HSET', record(ref), 'state', outcome)
  redis.call('HDEL', record(ref), 'token', 'working')
  redis.call('ZREM', key('leased'), ref)
  redis.call('HINCRBY', key('counts'), outcome, 1)
  if outcome ~= 'done' and outcome ~= 'partial' then -- a result is counted with what was found in it (publish.lua)
    tally('outcome:' .. outcome)
  end
  redis.call('ZADD', key('index', 'outcome', outcome), redis.call('HGET', record(ref), 'accepted'), ref)
  if outcome == 'done' or outcome == 'partial' then
    place(ref)
  end
  if outcome ~= 'quarantined' then
    redis.call('ZADD', key('bodies'), now, ref)
  end
  return cursor
end

-- Take an outcome back. The feed tells each revision's outcome once: what it told so far is taken back as well.
local function unfinish(ref, outcome)
  unplace(ref)
  local cursor = redis.call('HGET', record(ref), 'cursor')
  if cursor then
    keep_mergers(ref, cursor)
    redis.call('XDEL', key('feed'), cursor)
  end
  redis.call('HINCRBY', key('counts'), outcome, -1)
  redis.call('ZREM', key('index', 'outcome', outcome), ref)
  redis.call('HDEL', record(ref), 'finished', 'cursor', 'failure')
end

-- Withdraw a revision: its outcome becomes "withdrawn", what was found is deleted, and a tombstone in the feed takes the
-- place of what the feed told of it. `look_at` is when its traces outside the ledger have to be removed.
local function withdraw(ref, state, entry, now, look_at)
  if state == 'waiting' or state == 'leased' or state == 'delayed' then
    redis.call('ZREM', key('waiting', redis.call('HGET', record(ref), 'lane')), ref)
    redis.call('ZREM', key('leased'), ref)
    redis.call('ZREM', key('delayed'), ref)
  else
    unfinish(ref, state)
  end
  finish(ref, 'withdrawn', entry, now)
  local kept = {
    sequence = 1, lane = 1, stage = 1, attempts = 1, accepted = 1, size = 1, source = 1, meta = 1, state = 1,
    finished = 1, cursor = 1, mergers = 1,
  }
  for _, name in ipairs(redis.call('HKEYS', record(ref))) do
    if not kept[name] and string.sub(name, 1, 7) ~= 'record:' then
      redis.call('HDEL', record(ref), name)
    end
  end
  redis.call('ZREM', key('bodies'), ref)
  redis.call('ZADD', key('withdrawing'), look_at, ref)
end
