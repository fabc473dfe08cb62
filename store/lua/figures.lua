-- What has been counted, now and as it was: every ten seconds whoever asks keeps a copy, so that rates can be told.
-- ARGV: now, then milliseconds to look back, several times
-- Returns: now, figures (flat), then for each look back the copy that is nearest to it (ms, then figures as a JSON list)
local EVERY, KEPT = 10000, 960000
local now, past = clock(ARGV[1]), key('figures', 'past')
-- What is later than now was kept before the clock was set back.
redis.call('ZREMRANGEBYSCORE', past, '(' .. now, '+inf')
local figures = redis.call('HGETALL', key('figures'))
local newest = redis.call('ZREVRANGE', past, 0, 0, 'WITHSCORES')
if not newest[2] or now - tonumber(newest[2]) >= EVERY then
  -- A full store refuses it: then the copies that are there grow old, and rates are told over a longer time.
  redis.pcall('ZADD', past, now, cjson.encode({now, figures}))
  redis.call('ZREMRANGEBYSCORE', past, '-inf', now - KEPT)
end
local answer = {now, figures}
for i = 2, #ARGV do
  local found = redis.call('ZREVRANGEBYSCORE', past, now - tonumber(ARGV[i]), '-inf', 'LIMIT', 0, 1)[1]
  answer[#answer + 1] = found or redis.call('ZRANGE', past, 0, 0)[1] or ''
end
return answer
