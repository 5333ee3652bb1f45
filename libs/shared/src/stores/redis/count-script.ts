/**
 * KEYS[1]: what every key begins with. ARGV: by, windowMs, limits as [id, most]. Counts in all or in none. Answers -1, or
 * for how many ms yet one of them is full.
 */
export const COUNT_QUICKLY = `#!lua
local plan = cjson.decode(ARGV[1])
local function keyOf(limit) return KEYS[1] .. 'count:' .. limit[1] end
local counts = {}
for at, limit in ipairs(plan.limits) do
  counts[at] = tonumber(redis.call('GET', keyOf(limit)) or '0')
  if plan.by > 0 and counts[at] >= limit[2] then
    return math.max(1, redis.call('PTTL', keyOf(limit)))
  end
end
for at, limit in ipairs(plan.limits) do
  if plan.by > 0 and counts[at] == 0 then
    redis.call('SET', keyOf(limit), '1', 'PX', plan.windowMs)
  elseif counts[at] + plan.by > 0 then
    redis.call('INCRBY', keyOf(limit), plan.by)
  elseif counts[at] > 0 then
    redis.call('DEL', keyOf(limit))
  end
end
return -1
`;
