-- Hold stories against the records of their members; changes nothing. A member that the retention has forgotten is none.
-- ARGV: now, story...
-- Returns: subject and kind of finding in turn
local found = {}
for i = 2, #ARGV do
  local story = ARGV[i]
  local members = redis.call('ZRANGE', key('sty', 'm', story), 0, -1)
  for _, ref in ipairs(members) do
    if redis.call('HGET', record(ref), 'state') == 'withdrawn' and not redis.call('ZSCORE', key('withdrawing'), ref) then
      found[#found + 1], found[#found + 2] = ref, 'withdrawn_but_in_a_story'
    end
  end
  if tonumber(redis.call('HGET', key('sty', 's', story), 'size') or 0) ~= #members then
    found[#found + 1], found[#found + 2] = story, 'story_of_another_size'
  end
end
return found
