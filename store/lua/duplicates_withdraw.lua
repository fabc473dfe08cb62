-- Take a revision out of the index. Where it stood for copies, the oldest of them takes its place: its record, and the
-- other copies. Repeating it changes nothing and gives the same answer, so that what broke off can be run again.
-- Returns: {} | {id (packed) and revision of who stands for it now, those of the other copies...}
local sequence, generation = position()
local generations = live(0, generation)
local short = short_of(id)
local heir

-- Let a copy of what is withdrawn be a copy of the heir, in the same cluster: a rerun of it is told so.
local function follow(generation, copy, owner)
  local packed, ends = id_at(copy, 1)
  local name, field = ids_in(generation, short_of(packed)), short_of(packed)
  local kept = redis.call('HGET', name, field)
  if not kept or string.sub(kept, 1, REVISION) ~= string.sub(copy, ends) then
    return
  end
  local canonical, body = id_at(kept, REVISION + PLACE + 1)
  if canonical == id then
    local cluster = string.sub(kept, body + 13)
    redis.call('HSET', name, field, string.sub(kept, 1, REVISION + PLACE) .. owner
      .. string.sub(kept, body, body + 12) .. (cluster ~= '' and cluster or canonical))
  end
end

for _, found in ipairs(generations) do
  local name = ids_in(found, short)
  local kept = redis.call('HGET', name, short)
  redis.call('HDEL', name, short .. revision)
  if kept and string.sub(kept, 1, REVISION) == revision then
    local place, decision = unpack_place(kept, REVISION + 1), string.sub(kept, REVISION + PLACE + 1)
    redis.call('HDEL', name, short)
    leave(generations, decision, id, revision)
    -- The oldest generation first: its copies came first.
    for at = #generations, 1, -1 do
      heir = heir or redis.call('LPOP', generations[at][1] .. 'c:' .. id)
    end
    local list, index = record_in(found, place)
    local record = place > 0 and redis.call('LINDEX', list, index)
    if record then
      redis.call('LSET', list, index, heir and id_at(heir, 1) .. string.sub(record, #id + 1) or '')
    end
    if heir then
      local owner, ends = id_at(heir, 1)
      local number = string.sub(heir, ends)
      local short_heir = short_of(owner)
      for _, other in ipairs(generations) do
        local copies = other[1] .. 'c:' .. id
        if redis.call('EXISTS', copies) == 1 then
          for _, copy in ipairs(redis.call('LRANGE', copies, 0, -1)) do
            follow(other, copy, owner)
          end
          -- The heir may have copies of its own, of an earlier revision: they come behind those of the text that it
          -- stands for now.
          local own = redis.call('LRANGE', other[1] .. 'c:' .. owner, 0, -1)
          redis.call('RENAME', copies, other[1] .. 'c:' .. owner)
          for _, copy in ipairs(own) do
            redis.call('RPUSH', other[1] .. 'c:' .. owner, copy)
          end
        end
        -- What was decided for the heir is now that of an original. Its place is a number of the record's generation,
        -- so that its entry moves there.
        local old = redis.call('HGET', ids_in(other, short_heir), short_heir)
        if old and string.sub(old, 1, REVISION) == number then
          local old_decision = string.sub(old, REVISION + PLACE + 1)
          local canonical, body = id_at(old_decision, 1)
          local cluster = string.sub(old_decision, body + 13)
          redis.call('HDEL', ids_in(other, short_heir), short_heir)
          local fresh = NONE .. string.sub(old_decision, body, body) .. NONE
            .. string.sub(old_decision, body + 2, body + 12) .. (cluster ~= '' and cluster or canonical)
          put(found, ids_in(found, short_heir), short_heir, number .. pack_place(record and place or 0) .. fresh)
        end
      end
      put(found, found[1] .. 'h', short .. revision, heir)
    end
  end
end

for _, found in ipairs(generations) do
  heir = heir or redis.call('HGET', found[1] .. 'h', short .. revision)
end
if not heir then
  return {}
end
local reply = {heir}
for at = #generations, 1, -1 do
  for _, copy in ipairs(redis.call('LRANGE', generations[at][1] .. 'c:' .. id_at(heir, 1), 0, -1)) do
    reply[#reply + 1] = copy
  end
end
return reply
