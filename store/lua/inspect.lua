-- Hold revisions against the lists that should name them; changes nothing. All of one revision is seen at one instant, so
-- that articles in motion are no findings. Lists that name too many are found by `inspect_list`.
-- ARGV: now, ref...
-- Returns: how many places in lists were found in all, then ref and kind of finding in turn
local found, places = {0}, 0
local function tell(ref, kind)
  found[#found + 1] = ref
  found[#found + 1] = kind
end

local function listed(list, ref)
  if redis.call('ZSCORE', list, ref) then
    places = places + 1
    return true
  end
  return false
end

local function listed_at_places(ref, placed)
  local whole, seen = true, {}
  each_place(placed, function(id, country, admin1)
    for kind, value in pairs({place = id, country = country, admin1 = admin1}) do
      local list = key('index', kind, value)
      if value ~= '' and not seen[list] then
        seen[list] = true
        whole = listed(list, ref) and whole
      end
    end
  end)
  return whole
end

local all = key('index', 'all')
local homes = {leased = key('leased'), delayed = key('delayed')}
for _, outcome in ipairs({'done', 'partial', 'quarantined', 'withdrawn'}) do
  homes[outcome] = key('index', 'outcome', outcome)
end

for i = 2, #ARGV do
  local ref = ARGV[i]
  local f = redis.call('HMGET', record(ref), 'state', 'lane', 'source', 'cursor', 'stage', 'places', 'placed')
  local state = f[1]
  if state then
    local pending = state == 'waiting' or state == 'leased' or state == 'delayed'
    if not listed(state == 'waiting' and key('waiting', f[2]) or homes[state], ref) then
      tell(ref, 'not_where_its_state_says')
    end
    if not listed(all, ref) then
      tell(ref, 'not_in_list_of_all')
    end
    if f[3] and f[3] ~= '' and not listed(key('index', 'source', f[3]), ref) then
      tell(ref, 'not_in_list_of_source')
    end
    local shown = state == 'done' or state == 'partial'
    if (shown and f[6] or nil) ~= (f[7] or nil) or not listed_at_places(ref, f[7]) then
      tell(ref, 'not_listed_at_its_places')
    end
    local id, revision = string.match(ref, '^(.*):(%d+)$')
    if tonumber(redis.call('HGET', key('head', id), 'revision') or 0) < tonumber(revision) then
      tell(ref, 'newer_than_its_head')
    end
    if not pending and (not f[4] or #redis.call('XRANGE', key('feed'), f[4], f[4]) == 0) then
      tell(ref, 'outcome_not_in_feed')
    end
    if pending and f[5] == '0' and redis.call('HEXISTS', record(ref), 'body') == 0 then
      tell(ref, 'pending_without_body')
    end
    if state == 'withdrawn' and redis.call('HEXISTS', record(ref), 'output:clean') == 1 then
      tell(ref, 'withdrawn_but_readable')
    end
  end
end
found[1] = places
return found
