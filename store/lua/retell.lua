-- Put another dedupe output into a result, and its feed entry anew, as long as the result is what was read.
-- ARGV: now, ref, output that was read, new output, new feed entry (JSON)
-- Returns: 1, or 0 where the result has changed or is gone
local now, ref = clock(ARGV[1]), ARGV[2]
local fields = redis.call('HMGET', record(ref), 'state', 'output:dedupe', 'cursor')
if (fields[1] ~= 'done' and fields[1] ~= 'partial') or fields[2] ~= ARGV[3] then
  return 0
end
redis.call('HSET', record(ref), 'output:dedupe', ARGV[4])
redis.call('XDEL', key('feed'), fields[3])
tell_feed(ref, fields[1], ARGV[5], now)
return 1
