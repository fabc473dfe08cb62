-- Count the lines of an article as lines of its source, once for each article, however often it is processed.
-- ARGV: now, article id, source, how often a line must stand, digests of its lines
-- Returns: how many lines were counted
local GENERATION = 14 * 24 * 3600 * 1000 -- lines of two generations are known: two to four weeks
local LINES, FREQUENT = 5000, 200 -- bounds of one generation of one source
local now, id, source, often = clock(ARGV[1]), ARGV[2], ARGV[3], tonumber(ARGV[4])
if redis.call('EXISTS', key('head', id)) == 0 or redis.call('HSETNX', key('head', id), 'lines', 1) == 0 then
  return 0
end
local generation = math.floor(now / GENERATION)
local counts, frequent = key('lines', generation, 'of', source), key('lines', generation, 'frequent', source)
local size, counted = redis.call('HLEN', counts), 0
for index = 5, #ARGV do
  local digest = ARGV[index]
  if size < LINES or redis.call('HEXISTS', counts, digest) == 1 then
    local times = redis.call('HINCRBY', counts, digest, 1)
    size, counted = size + (times == 1 and 1 or 0), counted + 1
    if times == often and redis.call('SCARD', frequent) < FREQUENT then
      redis.call('SADD', frequent, digest)
    end
  end
end
redis.call('PEXPIRE', counts, 2 * GENERATION)
redis.call('PEXPIRE', frequent, 2 * GENERATION)
return counted
