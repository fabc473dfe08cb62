-- Write down how far a consumer is.
-- ARGV: now, name, kind, cursor up to which all is safe, cursor up to which all is read
-- Returns: outcomes that the retention deleted before the consumer had them
local now, consumer = clock(ARGV[1]), key('consumer', ARGV[2])
redis.call('SADD', key('consumers'), ARGV[2])
redis.call('HSET', consumer, 'kind', ARGV[3], 'cursor', ARGV[4], 'reached', ARGV[5], 'at', now)
return tonumber(redis.call('HGET', consumer, 'missed') or 0)
