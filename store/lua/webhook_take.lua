-- Take a subscription that is due, so that nobody else calls its endpoint meanwhile.
-- ARGV: now, id, token, lease (ms)
-- Returns: cursor and failed calls so far; nothing where it is not active, not due, or taken
local now, hook = clock(ARGV[1]), key('webhook', ARGV[2])
local fields = redis.call('HMGET', hook, 'state', 'due', 'until', 'cursor', 'attempts')
if fields[1] ~= 'active' or tonumber(fields[2] or 0) > now or tonumber(fields[3] or 0) > now then
  return false
end
redis.call('HSET', hook, 'token', ARGV[3], 'until', now + tonumber(ARGV[4]))
return {fields[4], fields[5] or '0'}
