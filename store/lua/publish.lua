-- Commit the last stage: result, outcome and feed entry in one step; the lease ends.
-- ARGV: now, ref, token, stage index, stage name, output, record (JSON), figure, microseconds, outcome,
--   feed entry (JSON), figure of what was found
-- Returns: "committed" or "stale"
local TOOK = {100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 1800000, 7200000} -- ms; store/figures.py

-- Count how long it took from its acceptance, or from when an operator sent it through once more.
local function took(lane, since, now)
  local elapsed, bound = math.max(0, now - tonumber(since)), 'inf'
  for _, limit in ipairs(TOOK) do
    if elapsed <= limit then
      bound = limit
      break
    end
  end
  tally('took:' .. lane .. ':' .. bound)
  tally('took:' .. lane .. ':ms', elapsed)
end

local now, ref, token, stage, name = clock(ARGV[1]), ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
local fields = redis.call('HMGET', record(ref), 'state', 'token', 'stage', 'lane', 'requeued', 'accepted')
if fields[1] ~= 'leased' or fields[2] ~= token then
  return 'stale'
end
local reached = tonumber(fields[3])
if reached ~= stage then
  return redis.error_reply('OUTOFORDER stage ' .. stage .. ' published while ' .. reached .. ' is next')
end
redis.call('HSET', record(ref), 'stage', stage + 1, 'record:' .. name, ARGV[7])
if ARGV[6] ~= '' then
  redis.call('HSET', record(ref), 'output:' .. name, ARGV[6])
end
redis.call('HDEL', record(ref), 'failure', 'decided')
tally(ARGV[8])
tally('stage:' .. name .. ':us', ARGV[9])
tally(ARGV[12])
took(fields[4], fields[5] or fields[6], now)
finish(ref, ARGV[10], ARGV[11], now)
return 'committed'
