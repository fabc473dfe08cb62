-- Look for members of a list that do not belong there; changes nothing.
-- ARGV: now, key of the list, first rank, at most, state whose list it is ('' when it lists any state), lane or ''
-- Returns: how many were looked at, then ref and kind of finding in turn
local refs = redis.call('ZRANGE', ARGV[2], ARGV[3], ARGV[3] + ARGV[4] - 1)
local found = {#refs}
for _, ref in ipairs(refs) do
  local f = redis.call('HMGET', record(ref), 'state', 'lane')
  local kind = nil
  if not f[1] then
    kind = 'index_without_record'
  elseif ARGV[5] ~= '' and (f[1] ~= ARGV[5] or (ARGV[6] ~= '' and f[2] ~= ARGV[6])) then
    kind = f[1] .. '_but_listed_as_' .. ARGV[5]
  end
  if kind then
    found[#found + 1], found[#found + 2] = ref, kind
  end
end
return found
