-- Write down how a call went, unless the subscription was changed or taken by somebody else meanwhile.
-- ARGV: now, id, token, what: "passed" (cursor), "delivered" (cursor, answer), "failed" (answer, delay ms),
--       "over" (answer, state, reason), "keep" or "release"; then the lease (ms) for those that go on
-- Returns: 1, or 0 where the token holds no more
local now, hook, what = clock(ARGV[1]), key('webhook', ARGV[2]), ARGV[4]
if redis.call('HGET', hook, 'token') ~= ARGV[3] then
  return 0
end
local function release()
  redis.call('HDEL', hook, 'token', 'until')
end
if what == 'passed' then
  redis.call('HSET', hook, 'cursor', ARGV[5], 'attempts', 0, 'until', now + tonumber(ARGV[6]))
  redis.call('HDEL', hook, 'due')
elseif what == 'delivered' then
  redis.call('HSET', hook, 'cursor', ARGV[5], 'attempts', 0, 'answer', ARGV[6], 'called', now,
    'until', now + tonumber(ARGV[7]))
  redis.call('HINCRBY', hook, 'delivered', 1)
  redis.call('HDEL', hook, 'due')
elseif what == 'failed' then
  redis.call('HINCRBY', hook, 'attempts', 1)
  redis.call('HSET', hook, 'answer', ARGV[5], 'called', now, 'due', now + tonumber(ARGV[6]))
  release()
elseif what == 'over' then
  redis.call('HINCRBY', hook, 'attempts', 1)
  redis.call('HSET', hook, 'answer', ARGV[5], 'called', now, 'state', ARGV[6], 'reason', ARGV[7])
  redis.call('HDEL', hook, 'due')
  release()
elseif what == 'keep' then
  redis.call('HSET', hook, 'until', now + tonumber(ARGV[5]))
else
  release()
end
return 1
