-- Put the answer of a request under its idempotency key, or forget the key, if the request still holds it.
-- ARGV: now, key, what the holder wrote, answer ('' forgets), milliseconds to keep it
-- Returns: 1, or 0 when somebody else holds it
local place = key('once', ARGV[2])
if redis.call('GET', place) ~= ARGV[3] then
  return 0
end
if ARGV[4] == '' then
  redis.call('DEL', place)
else
  redis.call('SET', place, ARGV[4], 'PX', ARGV[5])
end
return 1
