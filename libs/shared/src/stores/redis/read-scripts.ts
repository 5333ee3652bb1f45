/* Scripts that only read: each sees one moment. Keys as in write-scripts. */

const SHARED = `#!lua flags=no-writes
local base = KEYS[1]
local function bodyOf(record)
  return string.sub(record, (string.find(record, '\\n', 1, true)) + 1)
end
local function text(number) return string.format('%.0f', number) end
local plan = cjson.decode(ARGV[1])
local index = base .. 'i:' .. (plan.kind or '') .. ':'
local headers = base .. 'h:' .. (plan.kind or '')
local function rangeOf(filter) return '[' .. filter[2] .. '\\0', '(' .. filter[2] .. '\\1' end
local function sizeOf(filter)
  local low, high = rangeOf(filter)
  return redis.call('ZLEXCOUNT', index .. filter[1], low, high)
end
local function idOf(member) return string.sub(member, (string.find(member, '\\0', 1, true)) + 1) end
local function fits(header)
  for _, filter in ipairs(plan.where) do
    if header[filter[1]] ~= filter[2] then return false end
  end
  return plan.search == '' or string.find(header['~'], plan.search, 1, true) ~= nil
end
local function fetch(ids)
  local found = redis.call('HMGET', headers, unpack(ids))
  for at, record in ipairs(found) do
    if record then found[at] = cjson.decode(bodyOf(record)) end
  end
  return found
end
`;

/**
 * ARGV: the plan. Answers where a further call has to go on ('' when this one is the last), then id and row of each.
 * Either walks along the order that is asked for and leaves out what does not fit, or collects all that the narrowest
 * filter leaves and sorts it: whichever looks at fewer rows if what fits is spread evenly.
 */
export const PAGE = `${SHARED}
local CHUNK, MOST = 200, 4000
local chosen = {}
local function answer(goOn)
  local result = {goOn}
  if #chosen == 0 then return result end
  local rows = redis.call('HMGET', base .. 'r:' .. plan.kind, unpack(chosen))
  for at, id in ipairs(chosen) do
    table.insert(result, id)
    table.insert(result, rows[at])
  end
  return result
end
local function less(a, b)
  for at = 1, math.min(#a, #b) do
    local x, y = string.byte(a, at), string.byte(b, at)
    if x ~= y then return x < y end
  end
  return #a < #b
end
local narrowest, size = nil, 0
for _, filter in ipairs(plan.where) do
  local count = sizeOf(filter)
  if not narrowest or count < size then narrowest, size = filter, count end
end
local function collect()
  local low, high = rangeOf(narrowest)
  local members = redis.call('ZRANGE', index .. narrowest[1], low, high, 'BYLEX')
  local places, idAt = {}, {}
  for from = 1, #members, CHUNK do
    local ids = {}
    for at = from, math.min(from + CHUNK - 1, #members) do table.insert(ids, idOf(members[at])) end
    for at, header in ipairs(fetch(ids)) do
      if header and fits(header) then
        local place = ids[at]
        if plan.sort ~= 'id' then place = header[plan.sort] .. '\\0' .. ids[at] end
        local behind = plan.after == ''
        if not behind and plan.descending then behind = less(place, plan.after) end
        if not behind and not plan.descending then behind = less(plan.after, place) end
        if behind then
          table.insert(places, place)
          idAt[place] = ids[at]
        end
      end
    end
  end
  if plan.descending then table.sort(places, function(a, b) return less(b, a) end) else table.sort(places, less) end
  for at = 1, math.min(plan.limit, #places) do table.insert(chosen, idAt[places[at]]) end
  return answer('')
end
local function walk()
  local low, high, last, seen = '-', '+', plan.after, 0
  if plan.from ~= '' then last = plan.from end
  local free = #plan.where == 0 and plan.search == ''
  while true do
    local chunk = free and plan.limit or CHUNK
    local members
    if plan.descending then
      local max = last == '' and high or '(' .. last
      members = redis.call('ZRANGE', index .. plan.sort, max, low, 'BYLEX', 'REV', 'LIMIT', 0, chunk)
    else
      local min = last == '' and low or '(' .. last
      members = redis.call('ZRANGE', index .. plan.sort, min, high, 'BYLEX', 'LIMIT', 0, chunk)
    end
    if #members == 0 then return answer('') end
    local ids = {}
    for at, member in ipairs(members) do ids[at] = plan.sort == 'id' and member or idOf(member) end
    local found = free and {} or fetch(ids)
    for at, id in ipairs(ids) do
      if free or (found[at] and fits(found[at])) then table.insert(chosen, id) end
      if #chosen == plan.limit then return answer('') end
    end
    last = members[#members]
    seen = seen + #members
    if seen >= MOST then return answer(last) end
  end
end
if plan.from == '' and narrowest and size * size <= plan.limit * redis.call('ZCARD', index .. plan.sort) then return collect() end
return walk()
`;

/** ARGV: the plan. Answers how many rows fit, and where a further call has to go on. */
export const COUNT = `${SHARED}
local MOST = 4000
if #plan.where == 0 then return {redis.call('HLEN', headers), ''} end
if #plan.where == 1 then return {sizeOf(plan.where[1]), ''} end
local narrowest, size = nil, 0
for _, filter in ipairs(plan.where) do
  local count = sizeOf(filter)
  if not narrowest or count < size then narrowest, size = filter, count end
end
if plan.by ~= '' then
  for _, filter in ipairs(plan.where) do if filter[1] == plan.by then narrowest = filter end end
end
local low, high = rangeOf(narrowest)
if plan.from ~= '' then low = '(' .. plan.from end
local members = redis.call('ZRANGE', index .. narrowest[1], low, high, 'BYLEX', 'LIMIT', 0, MOST)
local count = 0
for from = 1, #members, 200 do
  local ids = {}
  for at = from, math.min(from + 199, #members) do table.insert(ids, idOf(members[at])) end
  for _, header in ipairs(fetch(ids)) do if header and fits(header) then count = count + 1 end end
end
return {count, #members == MOST and members[MOST] or '', narrowest[1]}
`;

/** ARGV: the plan. Answers epoch, revision, nonce, compacted revision and its nonce of a stream; '' where nothing is. */
export const HEAD = `${SHARED}
local state = redis.call('HMGET', base .. 's:' .. plan.stream, 'rev', 'nonce', 'compactedRev', 'compactedNonce')
local answer = {redis.call('GET', base .. 'e') or ''}
for at = 1, 4 do table.insert(answer, state[at] or '') end
return answer
`;

const READ_LOG = `
local function readLog()
  local log = base .. 'l:' .. plan.stream
  local state = redis.call('HMGET', base .. 's:' .. plan.stream, 'rev', 'nonce', 'compactedRev', 'compactedNonce')
  local answer = {redis.call('GET', base .. 'e') or ''}
  for at = 1, 4 do table.insert(answer, state[at] or '') end
  local at = text(plan.rev) .. '-0'
  local before = plan.rev > 0 and redis.call('XRANGE', log, at, at)[1]
  table.insert(answer, before and before[2][2] or '')
  if plan.rev < 0 then return answer end
  for _, entry in ipairs(redis.call('XRANGE', log, '(' .. at, '+', 'COUNT', plan.limit)) do
    table.insert(answer, string.match(entry[1], '^%d+'))
    local fields = entry[2]
    for value = 2, 8, 2 do table.insert(answer, fields[value]) end
  end
  return answer
end
`;

/** ARGV: the plan. Answers as HEAD, then the nonce at the revision asked after, then rev, nonce, kind, id, op of each. */
export const LOG = `${SHARED}${READ_LOG}
return readLog()
`;

/**
 * ARGV: the plan, which says by kind whose rows are read beside its own: their kind, and the fields that name them.
 * Answers what LOG answers as one list, and kind, id and record ('' for none) of each row that is named as another.
 */
export const LOG_WITH_ROWS = `${SHARED}${READ_LOG}
local log, rows, asked = readLog(), {}, {}
local function want(ids, kind, id)
  local key = kind .. '\\0' .. id
  if id == '' or asked[key] then return end
  asked[key] = true
  if not ids[kind] then ids[kind] = {} end
  table.insert(ids[kind], id)
end
local function wantNamed(ids, beside, record)
  local row = cjson.decode(bodyOf(record))
  for _, field in ipairs(beside.fields) do
    local value = row[field]
    if type(value) == 'string' then want(ids, beside.kind, value) end
    if type(value) == 'table' then for _, id in ipairs(value) do want(ids, beside.kind, id) end end
  end
end
local function read(ids)
  local named = {}
  for kind, all in pairs(ids) do
    for from = 1, #all, 200 do
      local part = {unpack(all, from, math.min(from + 199, #all))}
      for at, record in ipairs(redis.call('HMGET', base .. 'r:' .. kind, unpack(part))) do
        table.insert(rows, kind)
        table.insert(rows, part[at])
        table.insert(rows, record or '')
        if record and plan.beside[kind] then wantNamed(named, plan.beside[kind], record) end
      end
    end
  end
  return named
end
local entries = {}
for at = 7, #log, 5 do want(entries, log[at + 2], log[at + 3]) end
read(read(entries))
return {log, rows}
`;
