import { type Ask, type FeedRecord, type Snapshot, decide, readCredentials } from '@sallyport/core'
import { fleetingBytes, tokenDigestText } from '../../packages/server/src/gateway/credentials/token-digest.ts'
import { shuffledNumbers, syntheticKey } from '../synthetic/keys.ts'
import { CONSUMERS, ordersDeployment, syntheticKeyRecord, syntheticSnapshot } from '../synthetic/records.ts'
import { percentileOf } from '../statistics.ts'
import { reportToParent } from './parent.ts'

/*
 * Measures the decision without a server. Arguments: the number of keys and the number of passes.
 *
 * In a server, a request's headers are in the CPU caches when it is decided, but the row of its key may not be. The same
 * holds here: headers are created shortly before the decision, for keys in random order.
 */

export interface DecisionReport {
  /** Reading credentials from raw headers, SHA-256 and the decision: mean of each pass, in ns of CPU time. */
  readonly decisionNanos: readonly number[]
  /** The SHA-256 part of that. */
  readonly digestNanos: readonly number[]
  /** Creating a snapshot with one changed key: median of each pass, in µs. */
  readonly changeMicros: readonly number[]
}

const CHUNK = 256
/** The index of the token in the result of `headersOf`. */
const TOKEN_INDEX = 7
const DECISIONS_PER_PASS = 200 * CHUNK
const CHANGES_PER_PASS = 500

const keys = Number(process.argv[2] ?? 1000)
const passes = Number(process.argv[3] ?? 5)

const route = { kind: 'found', deployment: ordersDeployment('http://127.0.0.1:9') } as const
const numbers = shuffledNumbers(keys, Math.min(keys, DECISIONS_PER_PASS))

function headersOf(number: number): string[] {
  const { token } = syntheticKey(number)
  const client = ['Host', 'api.example.com', 'User-Agent', 'acme-mobile/3.1', 'Accept', 'application/json']
  const headers = [...client, 'X-Api-Key', token, 'X-Forwarded-For', '192.0.2.7', 'Connection', 'keep-alive']
  return headers.map(asReceived)
}

/** A text as the parser of Node.js makes it: a copy of received bytes, and not a concatenation of other texts. */
function asReceived(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}

function isAllowed(snapshot: Snapshot, rawHeaders: readonly string[], nowMs: number): boolean {
  const { apiKey } = readCredentials(rawHeaders)
  const digest = apiKey.kind === 'token' ? fleetingBytes(tokenDigestText(apiKey.parsed.token)) : null
  const ask: Ask = { route, preflight: false, apiKey, digest }
  return decide(snapshot, ask, nowMs).kind === 'allow'
}

/** The mean CPU time of `work` for one request, in ns. `work` must return true for every request. */
function pass(work: (rawHeaders: readonly string[]) => boolean): number {
  let spentMicros = 0
  for (let done = 0; done < DECISIONS_PER_PASS; done += CHUNK) {
    const requests = Array.from({ length: CHUNK }, (_, index) =>
      headersOf(numbers[(done + index) % numbers.length] ?? 0),
    )
    let succeeded = 0
    const before = process.threadCpuUsage()
    for (const rawHeaders of requests) if (work(rawHeaders)) succeeded += 1
    const { user, system } = process.threadCpuUsage(before)
    spentMicros += user + system
    if (succeeded !== CHUNK) throw new Error('a valid key was refused')
  }
  return (spentMicros * 1000) / DECISIONS_PER_PASS
}

function decisionPass(snapshot: Snapshot): number {
  const nowMs = Date.now()
  return pass((rawHeaders) => isAllowed(snapshot, rawHeaders, nowMs))
}

function digestPass(): number {
  return pass((rawHeaders) => fleetingBytes(tokenDigestText(rawHeaders[TOKEN_INDEX] ?? '')).length > 0)
}

/** The median time of a change of one key, in µs. */
function changePass(snapshot: Snapshot): number {
  const spentMicros = Array.from({ length: CHANGES_PER_PASS }, (_, index) => {
    const record: FeedRecord = {
      ...syntheticKeyRecord(numbers[index % numbers.length] ?? 0, CONSUMERS),
      active: false,
    }
    const change = { revision: 2, atMs: 0, records: [record] }
    const startedAtMs = performance.now()
    const changed = snapshot.apply(change)
    const spentMs = performance.now() - startedAtMs
    if (changed.keys.find(record.id)?.isActive !== false) throw new Error('a change was not applied')
    return spentMs * 1000
  })
  return percentileOf(
    spentMicros.toSorted((left, right) => left - right),
    50,
  )
}

const snapshot = await syntheticSnapshot(keys)
const { apiKey } = readCredentials(['X-Api-Key', syntheticKey(keys).token])
if (decide(snapshot, { route, preflight: false, apiKey, digest: null }, 0).kind !== 'deny') {
  throw new Error('an unknown key was allowed')
}
// The first pass of each lets the JIT compiler optimize the code.
decisionPass(snapshot)
digestPass()
changePass(snapshot)
const report: DecisionReport = {
  decisionNanos: Array.from({ length: passes }, () => decisionPass(snapshot)),
  digestNanos: Array.from({ length: passes }, () => digestPass()),
  changeMicros: Array.from({ length: passes }, () => changePass(snapshot)),
}
reportToParent(report)
