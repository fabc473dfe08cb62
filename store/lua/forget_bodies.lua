-- Delete submitted bodies that the retention no longer keeps; results stay. Pending and quarantined articles keep theirs.
-- ARGV: now, finished before (ms), at most
-- Returns: how many were deleted
local refs = redis.call('ZRANGEBYSCORE', key('bodies'), '-inf', '(' .. ARGV[2], 'LIMIT', 0, tonumber(ARGV[3]))
for _, ref in ipairs(refs) do
  redis.call('HDEL', record(ref), 'body')
  redis.call('ZREM', key('bodies'), ref)
end
return #refs
