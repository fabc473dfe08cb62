-- An operator changes a subscription: whoever is calling its endpoint loses it, and what was failing is tried at once.
-- A secret that is replaced is kept beside the new one.
-- ARGV: now, id, then fields and values in turn
-- Returns: 1, or 0 where there is no such subscription
local hook = key('webhook', ARGV[2])
if redis.call('EXISTS', hook) == 0 then
  return 0
end
redis.call('HDEL', hook, 'token', 'until', 'due', 'attempts')
for i = 3, #ARGV, 2 do
  if ARGV[i] == 'secret' then
    redis.call('HSET', hook, 'old_secret', redis.call('HGET', hook, 'secret'))
  end
  redis.call('HSET', hook, ARGV[i], ARGV[i + 1])
end
return 1
