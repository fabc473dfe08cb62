-- Prolong the lease of every article of a batch that the token still holds: its worker works on them now.
-- ARGV: now, token, lease (ms), ref...
-- Returns: how many are still held
local now, token, lease, count = clock(ARGV[1]), ARGV[2], tonumber(ARGV[3]), 0
for i = 4, #ARGV do
  if held(ARGV[i], token) then
    -- Taken out first: after a write that needs no memory, the script may go on in a full store as well.
    redis.call('ZREM', key('leased'), ARGV[i])
    redis.call('ZADD', key('leased'), now + lease, ARGV[i])
    redis.call('HSET', record(ARGV[i]), 'working', 1)
    count = count + 1
  end
end
return count
