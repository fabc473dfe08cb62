-- Let withdrawals be finished once more: what was published after them may still name what was withdrawn.
-- ARGV: now, ids of articles...
-- Returns: how many revisions of them are withdrawn
local now, found = clock(ARGV[1]), 0
for i = 2, #ARGV do
  for revision = 1, tonumber(redis.call('HGET', key('head', ARGV[i]), 'revision') or 0) do
    local ref = ARGV[i] .. ':' .. revision
    if redis.call('HGET', record(ref), 'state') == 'withdrawn' then
      redis.call('ZADD', key('withdrawing'), now, ref)
      found = found + 1
    end
  end
end
return found
