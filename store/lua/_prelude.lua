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

local function record(ref)
  return key('article', ref)
end

-- Does this token still hold this revision? Only then may its holder change anything (fencing).
local function held(ref, token)
  local fields = redis.call('HMGET', record(ref), 'state', 'token')
  return fields[1] == 'leased' and fields[2] == token
end

local function wait_again(ref)
  local fields = redis.call('HMGET', record(ref), 'lane', 'sequence')
  redis.call('HSET', record(ref), 'state', 'waiting')
  redis.call('HDEL', record(ref), 'token', 'working')
  redis.call('ZADD', key('waiting', fields[1]), fields[2], ref)
end

-- Give a revision its outcome: feed entry, counters and lists in the same step.
local function finish(ref, outcome, entry, now)
  local cursor = redis.call('XADD', key('feed'), '*', 'ref', ref, 'outcome', outcome, 'at', now, 'entry', entry)
  redis.call('HSET', record(ref), 'state', outcome, 'finished', now, 'cursor', cursor)
  redis.call('HDEL', record(ref), 'token', 'working')
  redis.call('ZREM', key('leased'), ref)
  redis.call('HINCRBY', key('counts'), outcome, 1)
  redis.call('ZADD', key('index', 'outcome', outcome), redis.call('HGET', record(ref), 'accepted'), ref)
  if outcome ~= 'quarantined' then
    redis.call('ZADD', key('bodies'), now, ref)
  end
  return cursor
end

-- Take an outcome back: only the quarantine gives articles up.
local function unfinish(ref, outcome)
  redis.call('HINCRBY', key('counts'), outcome, -1)
  redis.call('ZREM', key('index', 'outcome', outcome), ref)
  redis.call('HDEL', record(ref), 'finished', 'cursor', 'failure')
end
