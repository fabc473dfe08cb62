-- How fast outcomes came in the last minute, from the ends of the feed's ids, which are milliseconds.
-- ARGV: now, entries to look at, milliseconds to look back
-- Returns: how many outcomes, milliseconds since the oldest of them (0 when there is none)
local now, most, span = clock(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local rows = redis.call('XREVRANGE', key('feed'), '+', string.format('%.0f', math.max(0, now - span)), 'COUNT', most)
if #rows == 0 then
  return {0, 0}
end
local oldest = tonumber(string.match(rows[#rows][1], '^(%d+)-'))
return {#rows, math.max(0, now - oldest)}
