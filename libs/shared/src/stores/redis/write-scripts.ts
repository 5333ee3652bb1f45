/*
 * Scripts that write. KEYS[1] is what every key of the store begins with, its hash tag in it, so that all keys lie in one
 * slot. Redis rolls nothing back: each script checks all it has to before its first write. `#!lua` lets Redis refuse the
 * whole script at its start when memory is full, the disk failed, or this server is a replica by now.
 *
 * Keys:  e        epoch                        h:<kind>        id -> "<version>\n<what the indexes hold, JSON>"
 *        u        "<scope>\0<value>" -> holder r:<kind>        id -> "<version>\n<row, JSON>"
 *        s:<stream>  rev, nonce, compacted...  i:<kind>:<field> members "<order>\0<id>"; of `id` the id alone
 *        l:<stream>  stream of entries, id "<rev>-0"           c:<commit>   answer of a commit, for a while
 *        b        backup that runs             b:<backup>:...  what was there before a change during that backup
 */

const SHARED = `#!lua
local base = KEYS[1]
local function versionOf(record)
  if not record then return 0 end
  return tonumber(string.match(record, '^%d+'))
end
local function bodyOf(record)
  return string.sub(record, (string.find(record, '\\n', 1, true)) + 1)
end
local function text(number) return string.format('%.0f', number) end
local function putRow(kind, id, version, header, row)
  local headers, rows = base .. 'h:' .. kind, base .. 'r:' .. kind
  local old = redis.call('HGET', headers, id)
  local before, after = {}, {}
  if old then before = cjson.decode(bodyOf(old)) end
  if header then after = cjson.decode(header) end
  for field, value in pairs(before) do
    if field ~= '~' and after[field] ~= value then
      redis.call('ZREM', base .. 'i:' .. kind .. ':' .. field, value .. '\\0' .. id)
    end
  end
  for field, value in pairs(after) do
    if field ~= '~' and before[field] ~= value then
      redis.call('ZADD', base .. 'i:' .. kind .. ':' .. field, 0, value .. '\\0' .. id)
    end
  end
  if header then
    redis.call('ZADD', base .. 'i:' .. kind .. ':id', 0, id)
    redis.call('HSET', headers, id, version .. '\\n' .. header)
    redis.call('HSET', rows, id, version .. '\\n' .. row)
  else
    redis.call('ZREM', base .. 'i:' .. kind .. ':id', id)
    redis.call('HDEL', headers, id)
    redis.call('HDEL', rows, id)
  end
end
`;

/** How long the answer of a commit is kept for a caller who lost it, s. */
const ANSWER_KEPT_S = 900;
/** How long what a backup must still see is kept when nobody ends that backup, s. */
const BEFORE_KEPT_S = 3_600;

/** ARGV: the plan, then each row that is put. Answers `ok`, `conflict`, `held`, `exists` or `lost`, with what it is about. */
export const COMMIT = `${SHARED}
local plan = cjson.decode(ARGV[1])
local answerKey = base .. 'c:' .. plan.id
local answered = redis.call('GET', answerKey)
if answered then
  -- A write, so that WAIT on the new connection asks for all that was written before.
  redis.call('EXPIRE', answerKey, ${ANSWER_KEPT_S})
  return cjson.decode(answered)
end
local epoch = redis.call('GET', base .. 'e')
if not epoch then return {'lost'} end
for _, expected in ipairs(plan.expect) do
  local kind, id, version = expected[1], expected[2], expected[3]
  if versionOf(redis.call('HGET', base .. 'h:' .. kind, id)) ~= version then return {'conflict', kind, id} end
end
local claims, holders, touched = base .. 'u', {}, {}
local function holderOf(field)
  if holders[field] == nil then holders[field] = redis.call('HGET', claims, field) end
  return holders[field]
end
for _, release in ipairs(plan.releases) do
  local field = release[1] .. '\\0' .. release[2]
  local holder = holderOf(field)
  if holder == release[3] then
    holders[field] = false
    touched[field] = true
  elseif holder then
    return {'held', release[1], release[2]}
  end
end
for _, claim in ipairs(plan.claims) do
  local field = claim[1] .. '\\0' .. claim[2]
  local holder = holderOf(field)
  if not holder then
    holders[field] = claim[3]
    touched[field] = true
  elseif holder ~= claim[3] then
    return {'exists', claim[1], claim[2]}
  end
end
local backup = redis.call('GET', base .. 'b')
local function remember(what, field, value)
  if not backup then return end
  local key = base .. 'b:' .. backup .. ':' .. what
  redis.call('HSETNX', key, field, value or '')
  redis.call('EXPIRE', key, ${BEFORE_KEPT_S})
end
for _, write in ipairs(plan.writes) do
  local kind, id, header = write[1], write[2], write[3]
  local old = redis.call('HGET', base .. 'h:' .. kind, id)
  if backup then remember(kind, id, redis.call('HGET', base .. 'r:' .. kind, id)) end
  if header then
    putRow(kind, id, text(versionOf(old) + 1), header, ARGV[write[4]])
  elseif old then
    putRow(kind, id)
  end
end
for field in pairs(touched) do
  if backup then remember('~claims', field, redis.call('HGET', claims, field)) end
  if holders[field] then redis.call('HSET', claims, field, holders[field]) else redis.call('HDEL', claims, field) end
end
local answer = {'ok', epoch}
for _, part in ipairs(plan.log) do
  local stream, entries = part[1], part[2]
  local state = base .. 's:' .. stream
  local rev = tonumber(redis.call('HGET', state, 'rev') or '0')
  for _, entry in ipairs(entries) do
    rev = rev + 1
    local at = text(rev) .. '-0'
    redis.call('XADD', base .. 'l:' .. stream, at, 'n', plan.nonce, 'k', entry[1], 'i', entry[2], 'o', entry[3])
  end
  redis.call('HSET', state, 'rev', text(rev), 'nonce', plan.nonce)
  redis.call('SADD', base .. 'streams', stream)
  table.insert(answer, stream)
  table.insert(answer, text(rev))
end
redis.call('SET', answerKey, cjson.encode(answer), 'EX', ${ANSWER_KEPT_S})
if #plan.log > 0 then redis.call('PUBLISH', base .. 'wake', plan.wake) end
return answer
`;

/** ARGV: kind, then id, version, header and row of each. For rows of a backup, and to build indexes anew. */
export const PUT_ROWS = `${SHARED}
for at = 2, #ARGV, 4 do putRow(ARGV[1], ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]) end
return 'ok'
`;

/** ARGV: kind, then id, version seen and new header of each. A row that was changed since is left alone. */
export const INDEX_ROWS = `${SHARED}
for at = 2, #ARGV, 3 do
  local row = redis.call('HGET', base .. 'r:' .. ARGV[1], ARGV[at])
  if row and text(versionOf(row)) == ARGV[at + 1] then
    putRow(ARGV[1], ARGV[at], ARGV[at + 1], ARGV[at + 2], bodyOf(row))
  end
end
return 'ok'
`;

/** ARGV: stream, highest revision to forget, most entries to forget at once. Answers 1 when none is left to forget. */
export const COMPACT = `${SHARED}
local state, log = base .. 's:' .. ARGV[1], base .. 'l:' .. ARGV[1]
local rev = tonumber(redis.call('HGET', state, 'rev') or '0')
local compacted = tonumber(redis.call('HGET', state, 'compactedRev') or '0')
local goal = math.min(tonumber(ARGV[2]), rev)
local upTo = math.min(goal, compacted + tonumber(ARGV[3]))
if upTo <= compacted then return 1 end
local entry = redis.call('XRANGE', log, text(upTo) .. '-0', text(upTo) .. '-0')[1]
local nonce = ''
if entry then nonce = entry[2][2] elseif upTo == rev then nonce = redis.call('HGET', state, 'nonce') end
redis.call('XTRIM', log, 'MINID', text(upTo + 1) .. '-0')
redis.call('HSET', state, 'compactedRev', text(upTo), 'compactedNonce', nonce)
if upTo == goal then return 1 end
return 0
`;

/** ARGV: an epoch for a store that has none. Answers the epoch and 1 when it is that one. */
export const BEGIN = `#!lua
local key = KEYS[1] .. 'e'
local known = redis.call('GET', key)
if known then return {known, 0} end
redis.call('SET', key, ARGV[1])
return {ARGV[1], 1}
`;

/** ARGV: name of the backup, s without a word after which it counts as dead. Answers epoch and heads, or `busy`. */
export const BEGIN_BACKUP = `#!lua
local base = KEYS[1]
local epoch = redis.call('GET', base .. 'e')
if not epoch then return {'lost'} end
if redis.call('EXISTS', base .. 'b') == 1 then return {'busy'} end
redis.call('SET', base .. 'b', ARGV[1], 'EX', tonumber(ARGV[2]))
local answer = {'ok', epoch}
for _, stream in ipairs(redis.call('SMEMBERS', base .. 'streams')) do
  local state = redis.call('HMGET', base .. 's:' .. stream, 'rev', 'nonce')
  table.insert(answer, stream)
  table.insert(answer, state[1])
  table.insert(answer, state[2])
end
return answer
`;

/** ARGV: name of the backup, s until the next word. Answers 1 while it is the one that runs. */
export const KEEP_BACKUP = `#!lua
local key = KEYS[1] .. 'b'
if redis.call('GET', key) ~= ARGV[1] then return 0 end
redis.call('EXPIRE', key, tonumber(ARGV[2]))
return 1
`;

/** ARGV: name of the backup. */
export const END_BACKUP = `#!lua
local key = KEYS[1] .. 'b'
if redis.call('GET', key) == ARGV[1] then redis.call('DEL', key) end
return 'ok'
`;
