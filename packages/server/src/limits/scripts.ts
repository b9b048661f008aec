import { hash } from 'node:crypto'

/** A script of the store, with the name that it has there after its first run. */
export interface StoreScript {
  readonly text: string
  readonly sha1: string
}

function script(text: string): StoreScript {
  return { text, sha1: hash('sha1', text) }
}

/*
 * Both scripts use the store's own clock, so that the clocks of gateways need not agree. A counter is a string of three
 * numbers: its level in requests, when it had it in ms since 1970, and the limit under which it was written. It drains by
 * `requests / windowMs` and expires a minute after it is empty: until then its drain of less than nothing is remembered,
 * because messages about requests arrive later than the requests. What is stored under a key and is no counter is
 * overwritten. The first argument is when the message was sent at the earliest, by the store's clock.
 */
const COMMON = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local late = math.max(0, now - tonumber(ARGV[1]))
local function read(key, requests, windowMs)
  local stored = redis.pcall('GET', key)
  if type(stored) ~= 'string' or #stored ~= 24 then return nil end
  local level, at, limit = struct.unpack('<ddd', stored)
  if not (level > -1e12 and level < 1e12 and at > 0 and at < 1e15) then return nil end
  if limit ~= requests then level = math.min(level, requests) end
  return level - math.max(0, now - at) * requests / windowMs
end
local function write(key, requests, windowMs, level)
  local lastsMs = math.ceil(math.max(0, level) * windowMs / requests) + 60000
  redis.call('SET', key, struct.pack('<ddd', level, now, requests), 'PX', string.format('%.0f', lastsMs))
end
local function number(value)
  return string.format('%.17g', value)
end
local answer = { number(now) }
`

/**
 * Charges requests, one after the other, each under all of its counters or under none (ITU-T I.371, see `gcra`). Arguments
 * of each key: requests, windowMs, the level that the gateway knows of, and 1 for the last counter of a request.
 *
 * Returns the time, and the level of each counter before the charge.
 */
export const CHARGE = script(`${COMMON}
local first = 1
local isWithin = true
local limits = {}
for index, key in ipairs(KEYS) do
  local base = index * 4 - 2
  local requests, windowMs = tonumber(ARGV[base]), tonumber(ARGV[base + 1])
  local known = tonumber(ARGV[base + 2]) - late * requests / windowMs
  local level = math.max(0, known, read(key, requests, windowMs) or 0)
  limits[index] = { requests, windowMs, level + 1 }
  answer[index + 1] = number(level)
  if level + 1 > requests + requests * 1e-12 then isWithin = false end
  if ARGV[base + 3] == '1' then
    if isWithin then
      for counter = first, index do write(KEYS[counter], unpack(limits[counter])) end
    end
    first = index + 1
    isWithin = true
  end
end
return answer
`)

/**
 * Adds what a gateway counted, and reads what all counted. The second argument is how old, in ms, what it counted is at
 * most: by as much a counter may have drained below 0, and the level that the gateway knows of is lowered. So a counter is
 * never above what it were if each request had been counted at its time. Arguments of each key: requests, windowMs, the level that the
 * gateway knows of, and what it counted.
 *
 * Returns the time, and the level of each counter.
 */
export const EXCHANGE = script(`${COMMON}
local ageMs = tonumber(ARGV[2])
for index, key in ipairs(KEYS) do
  local base = index * 4 - 1
  local requests, windowMs = tonumber(ARGV[base]), tonumber(ARGV[base + 1])
  local known, count = tonumber(ARGV[base + 2]), tonumber(ARGV[base + 3])
  local lowest = -ageMs * requests / windowMs
  local stored = read(key, requests, windowMs)
  local level = stored or lowest
  if count > 0 then level = math.max(level, lowest) + count end
  level = math.max(level, known - (late + ageMs) * requests / windowMs)
  if count > 0 or (level > 0 and (stored == nil or level > stored)) then
    write(key, requests, windowMs, level)
  end
  answer[index + 1] = number(level)
end
return answer
`)
