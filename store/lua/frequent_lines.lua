-- The lines that stand in several articles of a source. Reads only.
-- ARGV: now, source
-- Returns: digests of this generation and the one before it
local GENERATION = 14 * 24 * 3600 * 1000
local generation = math.floor(clock(ARGV[1]) / GENERATION)
return redis.call('SUNION', key('lines', generation, 'frequent', ARGV[2]), key('lines', generation - 1, 'frequent', ARGV[2]))
