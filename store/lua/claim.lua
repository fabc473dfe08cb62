-- Lease a batch: live articles first, with a share kept for bulk so that it cannot starve.
-- An article with earlier failed deliveries is claimed alone: so a culprit isolates itself.
-- ARGV: now, limit, byte limit, lease (ms), bulk share (0..1), the only lane to look at ('' = both)
-- Returns: token, then the refs of the claimed articles
local now, limit, bytes, lease, share = clock(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local token = tostring(redis.call('INCR', key('token')))
local claimed, taken, size, full = {token}, 0, 0, false

local function take(lane, most)
  if most < 1 then
    return 0
  end
  local refs = redis.call('ZRANGE', key('waiting', lane), 0, most - 1)
  local count = 0
  for _, ref in ipairs(refs) do
    local fields = redis.call('HMGET', record(ref), 'lost', 'retries', 'size')
    local suspect = fields[1] or fields[2]
    local weight = tonumber(fields[3] or '0')
    if full or (taken > 0 and (suspect or size + weight > bytes)) then
      full = true
      break
    end
    redis.call('ZREM', key('waiting', lane), ref)
    redis.call('ZADD', key('leased'), now + lease, ref)
    redis.call('HSET', record(ref), 'state', 'leased', 'token', token, 'working', 1)
    redis.call('HINCRBY', record(ref), 'attempts', 1)
    claimed[#claimed + 1] = ref
    taken, size, count = taken + 1, size + weight, count + 1
    full = suspect and true or false
  end
  return count
end

local function waiting(lane)
  return (ARGV[6] == '' or ARGV[6] == lane) and redis.call('ZCARD', key('waiting', lane)) or 0
end

local live, bulk = waiting('live'), waiting('bulk')
if live == 0 and bulk > 0 then
  take('bulk', limit)
elseif bulk == 0 and live > 0 then
  take('live', limit)
elseif live > 0 and limit == 1 then
  -- What cannot be shared is taken in turns.
  local turn = share > 0 and tonumber(token) % math.ceil(1 / share) == 0
  take(turn and 'bulk' or 'live', 1)
elseif live > 0 then
  -- Of what is claimed, `share` is bulk: one bulk article beside a single live one, limit * share beside a flood.
  local reserve = share > 0 and math.max(1, math.floor(limit * share)) or 0
  local count = take('live', math.max(1, limit - reserve))
  take('bulk', math.min(reserve, math.ceil(count * share / (1 - share))))
end
if #claimed > 1 then
  tally('claims')
  tally('claimed', #claimed - 1)
end
return claimed
