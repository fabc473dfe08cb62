-- Find candidates; changes nothing.
-- ARGV 4-6: article id (packed), revision, search keys; the same of each further article
-- Returns, of each: last sequence number, newest generation, sizes of its buckets, first decision or '', records
local ARGUMENTS = 3
local sequence, generation = position()
local generations = live(0, generation)
local replies = {}
for at = FIRST, #ARGV, ARGUMENTS do
  turn_to(at)
  local first = first_decision(generations)
  local records = first and NOTHING or candidates(generations, 0, NOTHING)
  local sizes = first and '' or sizes_of(generations[1])
  replies[#replies + 1] = {sequence, generation, sizes, first or '', unpack(records)}
end
return replies
