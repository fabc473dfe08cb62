-- Make a subscription, unless there are too many.
-- ARGV: now, id, most, then fields and values in turn
-- Returns: 1, or 0 when there are too many
if redis.call('SCARD', key('webhooks')) >= tonumber(ARGV[3]) then
  return 0
end
redis.call('HSET', key('webhook', ARGV[2]), unpack(ARGV, 4))
redis.call('SADD', key('webhooks'), ARGV[2])
return 1
