-- What a source's articles have taught so far, or had taught when an article was first processed. Reads only.
-- ARGV: now, source, version or '' for the newest, lessons wanted
-- Returns: version, home ('' for none), lessons oldest first
local source, wanted, window = ARGV[2], ARGV[3], tonumber(ARGV[4])
local dropped = tonumber(redis.call('HGET', key('memory', 'dropped'), source) or 0)
local lessons = key('memory', 'of', source)
local version = dropped + redis.call('LLEN', lessons)
if wanted ~= '' and tonumber(wanted) < version then
  version = tonumber(wanted)
end
local last, found = version - dropped - 1, {}
if last >= 0 then
  found = redis.call('LRANGE', lessons, math.max(0, last - window + 1), last)
end
return {version, redis.call('HGET', key('homes'), source) or '', found}
