"""What Redis does, in one step, when a process takes a portion of permits.

The portions of a window are a sorted set, by the microsecond until which they may be used; each counts for a window
from then on. Their sum is kept beside them, so that taking one does not mean adding up all.
"""

from typing import Final

# KEYS: the portions, their sum. ARGV: the limit; the window and how long a portion may be used, in microseconds; how
# many permits are wanted; the new portion's name; the portion held before (name:size, or empty) and how many of it
# were used. Answers how many permits there are now, and otherwise how many microseconds to wait.
TAKE: Final = """
local portions, sum = KEYS[1], KEYS[2]
local limit, window, hold, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local former, used = ARGV[6], tonumber(ARGV[7])

local function size_of(portion)
  return tonumber(string.match(portion, ':(%d+)$'))
end

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local taken = tonumber(redis.call('GET', sum) or '0')

for _, portion in ipairs(redis.call('ZRANGEBYSCORE', portions, '-inf', now - window)) do
  taken = taken - size_of(portion)
end
redis.call('ZREMRANGEBYSCORE', portions, '-inf', now - window)

local held_until = former ~= '' and redis.call('ZSCORE', portions, former)
if held_until and used < size_of(former) then
  redis.call('ZREM', portions, former)
  taken = taken - size_of(former) + used
  if used > 0 then
    redis.call('ZADD', portions, held_until, string.match(former, '^(.*):') .. ':' .. used)
  end
end

taken = math.max(taken, 0)
local room, granted, wait = limit - taken, 0, window
if room > 0 then
  granted = math.max(1, math.min(wanted, math.floor(room / 20)))
  if granted == 1 then
    hold = 0
  end
  redis.call('ZADD', portions, string.format('%.0f', now + hold), ARGV[5] .. ':' .. granted)
  taken = taken + granted
else
  local first = redis.call('ZRANGE', portions, 0, 0, 'WITHSCORES')
  if first[2] then
    wait = first[2] + window - now
  end
end

local keep = math.ceil((window + tonumber(ARGV[3])) / 1000) + 1
redis.call('SET', sum, string.format('%.0f', taken), 'PX', keep)
redis.call('PEXPIRE', portions, keep)
return {granted, wait}
"""
