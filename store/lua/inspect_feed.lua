-- Hold a stretch of the feed against the records; changes nothing.
-- ARGV: now, after cursor, at most, time of the entry before
-- Returns: last cursor, its time, then ref, kind of finding and cursor in turn. The first two are '' at the end.
local rows = redis.call('XRANGE', key('feed'), '(' .. ARGV[2], '+', 'COUNT', tonumber(ARGV[3]))
local last, at, found = '', ARGV[4], {}
for _, row in ipairs(rows) do
  local fields = {}
  for i = 1, #row[2], 2 do
    fields[row[2][i]] = row[2][i + 1]
  end
  local current = redis.call('HGET', record(fields.ref), 'cursor')
  local kind = nil
  if not current and redis.call('EXISTS', record(fields.ref)) == 0 then
    kind = 'feed_without_record'
  elseif current ~= row[1] then
    kind = 'published_twice'
  elseif tonumber(fields.at) < tonumber(at) then
    kind = 'feed_out_of_order'
  end
  if kind then
    found[#found + 1], found[#found + 2], found[#found + 3] = fields.ref, kind, row[1]
  end
  last, at = row[1], fields.at
end
return {last, #rows > 0 and at or '', unpack(found)}
