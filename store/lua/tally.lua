-- Hold the counters against the lists, at one instant. With `mend` "1" the lists are believed.
-- ARGV: now, mend
-- Returns: name, counted, found in turn, of what is off
local off, sum = {}, 0
local function hold(name, counted, found)
  if counted == found then
    return
  end
  for _, value in ipairs({name, counted, found}) do
    off[#off + 1] = value
  end
  if ARGV[2] == '1' then
    redis.call('HSET', key('counts'), name, found)
  end
end
local function count(name)
  return tonumber(redis.call('HGET', key('counts'), name) or 0)
end
for _, outcome in ipairs({'done', 'partial', 'quarantined', 'withdrawn'}) do
  local found = redis.call('ZCARD', key('index', 'outcome', outcome)) + count('forgotten:' .. outcome)
  hold(outcome, count(outcome), found)
  sum = sum + found
end
for _, list in ipairs({key('waiting', 'live'), key('waiting', 'bulk'), key('leased'), key('delayed')}) do
  sum = sum + redis.call('ZCARD', list)
end
hold('accepted', count('accepted'), sum)
return off
