-- In which stage the leased articles are, and since when the oldest of each has been on its way.
-- ARGV: now, articles to look at
-- Returns: leased in all, looked at, then lane, stage, how many, oldest (ms) in turn
local refs = redis.call('ZRANGE', key('leased'), 0, tonumber(ARGV[2]) - 1)
local count, oldest, order = {}, {}, {}
for _, ref in ipairs(refs) do
  local fields = redis.call('HMGET', record(ref), 'lane', 'stage', 'requeued', 'accepted')
  if fields[1] and fields[2] then
    local place, since = fields[1] .. ':' .. fields[2], tonumber(fields[3] or fields[4] or -1)
    if not count[place] then
      order[#order + 1] = {fields[1], fields[2], place}
    end
    count[place] = (count[place] or 0) + 1
    oldest[place] = math.min(oldest[place] or since, since)
  end
end
local answer = {redis.call('ZCARD', key('leased')), #refs}
for _, found in ipairs(order) do
  for _, value in ipairs({found[1], tonumber(found[2]), count[found[3]], oldest[found[3]]}) do
    answer[#answer + 1] = value
  end
end
return answer
