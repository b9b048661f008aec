import { hash } from 'node:crypto'
import { type Ask, type FeedRecord, type Snapshot, decide, readCredentials } from '@sallyport/core'
import { scattered, syntheticKey } from '../synthetic/keys.ts'
import { CONSUMERS, ordersDeployment, syntheticKeyRecord, syntheticSnapshot } from '../synthetic/records.ts'
import { percentileOf } from '../statistics.ts'
import { reportToParent } from './parent.ts'

/*
 * The decision by itself, with no server around it. Started with the number of keys, and of passes.
 *
 * A request's headers have just been read when it is decided on, so they are in the caches; its key's row need not
 * be. That is how it is here: headers are made shortly before, for keys in an order without a pattern.
 */

export interface DecisionReport {
  /** From raw headers to an answer: credentials read, SHA-256, the decision. Mean of each pass, in ns of CPU time. */
  readonly decisionNanos: readonly number[]
  /** Of that, SHA-256 by itself. */
  readonly digestNanos: readonly number[]
  /** A new snapshot with one key changed, in µs: the median of each pass. */
  readonly changeMicros: readonly number[]
}

const CHUNK = 256
/** Where `headersOf` puts the token. */
const TOKEN_PLACE = 7
const DECISIONS_A_PASS = 200 * CHUNK
const CHANGES_A_PASS = 500

const keys = Number(process.argv[2] ?? 1000)
const passes = Number(process.argv[3] ?? 5)

const route = { kind: 'found', deployment: ordersDeployment('http://127.0.0.1:9') } as const
const numbers = scattered(keys, Math.min(keys, DECISIONS_A_PASS))

function headersOf(number: number): string[] {
  const { token } = syntheticKey(number)
  const client = ['Host', 'api.example.com', 'User-Agent', 'acme-mobile/3.1', 'Accept', 'application/json']
  return [...client, 'X-Api-Key', token, 'X-Forwarded-For', '192.0.2.7', 'Connection', 'keep-alive']
}

/** As the gateway takes it. */
function digestOf(token: string): Uint8Array {
  return hash('sha256', token, 'buffer')
}

function isAllowed(snapshot: Snapshot, rawHeaders: readonly string[], nowMs: number): boolean {
  const { apiKey } = readCredentials(rawHeaders)
  const digest = apiKey.kind === 'token' ? digestOf(apiKey.parsed.token) : null
  const ask: Ask = { route, preflight: false, apiKey, digest }
  return decide(snapshot, ask, nowMs).kind === 'allow'
}

/** Mean ns of CPU time of what `work` does with one request, over all the scattered keys; it must be true of each. */
function pass(work: (rawHeaders: readonly string[]) => boolean): number {
  let spentMicros = 0
  for (let done = 0; done < DECISIONS_A_PASS; done += CHUNK) {
    const requests = Array.from({ length: CHUNK }, (_, at) =>
      headersOf(numbers[(done + at) % numbers.length] ?? 0),
    )
    let worked = 0
    const before = process.threadCpuUsage()
    for (const rawHeaders of requests) if (work(rawHeaders)) worked += 1
    const { user, system } = process.threadCpuUsage(before)
    spentMicros += user + system
    if (worked !== CHUNK) throw new Error('a live key was refused')
  }
  return (spentMicros * 1000) / DECISIONS_A_PASS
}

function decisionPass(snapshot: Snapshot): number {
  const nowMs = Date.now()
  return pass((rawHeaders) => isAllowed(snapshot, rawHeaders, nowMs))
}

function digestPass(): number {
  return pass((rawHeaders) => digestOf(rawHeaders[TOKEN_PLACE] ?? '').length > 0)
}

/** Median µs of a change of one key. */
function changePass(snapshot: Snapshot): number {
  const spentMicros = Array.from({ length: CHANGES_A_PASS }, (_, at) => {
    const record: FeedRecord = {
      ...syntheticKeyRecord(numbers[at % numbers.length] ?? 0, CONSUMERS),
      active: false,
    }
    const change = { revision: 2, atMs: 0, records: [record] }
    const startedAtMs = performance.now()
    const changed = snapshot.apply(change)
    const spentMs = performance.now() - startedAtMs
    if (changed.keys.find(record.id)?.isActive !== false) throw new Error('a change was not made')
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
  throw new Error('an unknown key was let in')
}
// The first pass of each is for the compiler.
decisionPass(snapshot)
digestPass()
changePass(snapshot)
const report: DecisionReport = {
  decisionNanos: Array.from({ length: passes }, () => decisionPass(snapshot)),
  digestNanos: Array.from({ length: passes }, () => digestPass()),
  changeMicros: Array.from({ length: passes }, () => changePass(snapshot)),
}
reportToParent(report)
