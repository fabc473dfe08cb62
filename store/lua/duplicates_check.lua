-- Find candidates; changes nothing. Returns: last sequence number, newest generation, first decision or '', records
local sequence, generation = position()
local generations = live(0, generation)
local reply = {sequence, generation, first_decision(generations) or ''}
if reply[3] == '' then
  for _, record in ipairs(candidates(generations, 0, {})) do
    reply[#reply + 1] = record
  end
end
return reply
