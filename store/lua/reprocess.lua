-- Send an article that has a result through the bulk lane once more, from a stage on.
-- ARGV: now, ref, stage index, outcome that it must still have, "dry" to change nothing or "go", then the names of the
--   stages from there on
-- Returns: "sent" ("would" for a dry run), or why not: "changed" (another outcome by now), "outdated" (there is a later revision), "no_body"
local now, ref, stage = clock(ARGV[1]), ARGV[2], tonumber(ARGV[3])
if redis.call('HGET', record(ref), 'state') ~= ARGV[4] then
  return 'changed'
end
local id, revision = string.match(ref, '^(.*):(%d+)$')
if redis.call('HGET', key('head', id), 'revision') ~= revision then
  return 'outdated'
end
-- Only the first stage reads what was submitted; the others read what earlier ones made of it.
if stage == 0 and redis.call('HEXISTS', record(ref), 'body') == 0 then
  return 'no_body'
end
if ARGV[5] == 'dry' then
  return 'would'
end
unfinish(ref, ARGV[4])
-- What it was found to be a copy of stands, also when the index has forgotten both by now.
local decision = redis.call('HGET', record(ref), 'output:dedupe')
if decision then
  redis.call('HSET', record(ref), 'decided', decision)
end
redis.call('ZREM', key('bodies'), ref)
for i = 6, #ARGV do
  redis.call('HDEL', record(ref), 'record:' .. ARGV[i], 'output:' .. ARGV[i])
  if ARGV[i] == 'geotag' then
    redis.call('HDEL', record(ref), 'places')
  end
end
redis.call('HDEL', record(ref), 'lost', 'retries')
redis.call('HSET', record(ref), 'stage', stage, 'attempts', 0, 'lane', 'bulk', 'requeued', now,
  'sequence', redis.call('INCR', key('sequence')))
wait_again(ref, now)
return 'sent'
