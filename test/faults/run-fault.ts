import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { ApiClient, textAt } from '../support/api-client.ts'
import { auditedCreations, storedHistory } from '../support/stored-history.ts'
import type { TestedServer } from './tested-server.ts'
import { Traffic, type Seen } from './traffic.ts'

/** A fault of a database, and how it ends. */
export interface Fault {
  readonly name: string
  begin(): Promise<void>
  end(): Promise<void>
  /** Whether a server has seen enough of the fault; by default, that it has refused a write. */
  readonly isSeen?: (seen: Seen) => boolean
  /** Checks of this fault only, while it lasts. */
  readonly during?: () => Promise<void>
}

/** How many acknowledged creations are repeated with their idempotency keys. */
const REPEATED = 10
/** Normal traffic before a fault: writes at each server. */
const WRITES_BEFORE = 5

/**
 * Runs a fault under traffic. Nothing but success and 503 is answered; when the fault is over, every server recovers by
 * itself; each acknowledged creation exists exactly once; the histories are intact. Prints the times of the recovery.
 */
export async function runFault(fault: Fault, servers: readonly TestedServer[]): Promise<readonly Seen[]> {
  const traffic = new Traffic(fault.name, servers)
  traffic.start()
  let beganAtMs: number
  let endedAtMs: number
  let recovered: readonly Recovery[]
  try {
    await traffic.until(({ writes }) => writes >= WRITES_BEFORE)
    beganAtMs = performance.now()
    try {
      await fault.begin()
      await traffic.until(fault.isSeen ?? (({ refusedWrites }) => refusedWrites > 0))
      await fault.during?.()
    } finally {
      await fault.end()
      endedAtMs = performance.now()
    }
    recovered = await Promise.all(traffic.seen.map(async (seen) => await recovery(traffic, seen, endedAtMs)))
  } finally {
    await traffic.stop()
  }
  print(fault, endedAtMs - beganAtMs, traffic.seen, recovered)
  expect(traffic.surprises).toEqual([])
  await checkAcknowledged(traffic)
  return traffic.seen
}

/** The times from the end of a fault to the first success at a server, in ms. */
interface Recovery {
  readonly writeMs: number
  readonly readMs: number
  readonly callMs: number
  readonly controlReadyMs: number
  readonly gatewayReadyMs: number
}

async function recovery(traffic: Traffic, seen: Seen, endedAtMs: number): Promise<Recovery> {
  const { process } = seen.server
  const after = async (newest: 'lastWriteAtMs' | 'lastReadAtMs' | 'lastCallAtMs'): Promise<number> => {
    for (;;) {
      const atMs = seen[newest] ?? 0
      if (atMs > endedAtMs || traffic.surprises.length > 0) return atMs - endedAtMs
      await pause(1)
    }
  }
  const ready = async (url: string): Promise<number> => {
    while ((await new ApiClient(url).call('GET', '/readyz')).status !== 200) await pause(5)
    return performance.now() - endedAtMs
  }
  const [writeMs, readMs, callMs, controlReadyMs, gatewayReadyMs] = await Promise.all([
    after('lastWriteAtMs'),
    after('lastReadAtMs'),
    after('lastCallAtMs'),
    ready(process.controlUrl),
    ready(process.gatewayUrl),
  ])
  return { writeMs, readMs, callMs, controlReadyMs, gatewayReadyMs }
}

function print(fault: Fault, faultMs: number, all: readonly Seen[], recovered: readonly Recovery[]): void {
  const lines = all.map((seen, index) => {
    const { writeMs, readMs, controlReadyMs, gatewayReadyMs } = recovered[index] as Recovery
    const readyMs = Math.max(controlReadyMs, gatewayReadyMs)
    return (
      `  ${seen.server.name.padEnd(12)} first write ${ms(writeMs)}, first read ${ms(readMs)}, ready ${ms(readyMs)} after it; ` +
      `gateway refused for ${ms(seen.refusedCallsMs)} of ${seen.calls} calls; ` +
      `writes ${seen.writes} done, ${seen.refusedWrites} refused; reads ${seen.refusedReads} refused`
    )
  })
  console.log([`${fault.name}, for ${ms(faultMs)}:`, ...lines].join('\n'))
}

function ms(value: number): string {
  return value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`
}

/** Checks that every acknowledged creation exists once, and that a repetition finds it instead of doing it again. */
async function checkAcknowledged({ acknowledged, seen }: Traffic): Promise<void> {
  for (const { name, idempotencyKey, id, server } of acknowledged.slice(-REPEATED)) {
    const repeated = await server.acme.call(
      'POST',
      '/v1/organizations/acme/keys?wait=0',
      { name, type: 'secret' },
      { 'idempotency-key': idempotencyKey },
    )
    expect([repeated.status, textAt(repeated.body, 'key', 'id')]).toEqual([201, id])
  }
  const databases = new Set(seen.map(({ server }) => server.peers))
  for (const [first] of databases) {
    if (first === undefined) continue
    const history = await storedHistory(first.store)
    const audited = auditedCreations(history)
    const own = acknowledged.filter(({ server }) => server.peers === first.peers)
    const stored = own.map(({ name, id }) => [
      history.keys.filter((key) => key.name === name).map((key) => key.id),
      audited.filter((target) => target === id),
    ])
    expect(stored).toEqual(own.map(({ id }) => [[id], [id]]))
    expect([history.auditFault, history.changeFault]).toEqual([undefined, undefined])
  }
}
