import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FAULTS, make } from './fleet-faults/faults.ts'
import { startFaultyFleet, type FaultyFleet } from './fleet-faults/faulty-fleet.ts'
import { randomFrom, shuffled } from './fleet-faults/random.ts'
import { revoke, type Revocation } from './fleet-faults/revocations.ts'

/** `FLEET_FAULTS=whole` revokes 1,000 keys, which takes a quarter of an hour. */
const isWhole = process.env['FLEET_FAULTS'] === 'whole'
const REVOCATIONS = isWhole ? 1_000 : 16
const CALM_REVOCATIONS = isWhole ? 200 : 8
/** Revocations at a time under faults. Most of a revocation is waiting for a gateway that a fault has hit. */
const LANES = 4
/** How long a caller waits between two calls, in ms. All lanes together make as many calls as one alone does without faults. */
const BETWEEN_CALLS_MS = 3
const BETWEEN_CALLS_IN_LANE_MS = LANES * BETWEEN_CALLS_MS
/** What happens at random follows from it. Set `FLEET_FAULTS_SEED` to repeat a run. */
const seed = Number(process.env['FLEET_FAULTS_SEED'] ?? Date.now() % 1_000_000)

describe(`two control nodes and six gateways under faults, seed ${seed}`, () => {
  let fleet: FaultyFleet
  beforeAll(async () => {
    fleet = await startFaultyFleet()
  })
  afterAll(async () => await fleet[Symbol.asyncDispose]())

  test(
    'no call gets in after its revocation was confirmed, without faults',
    { timeout: 3_600_000 },
    async () => {
      const done: Revocation[] = []
      for (let round = 0; round < CALM_REVOCATIONS; round += 1)
        done.push(await revoke(fleet, round % 2, BETWEEN_CALLS_MS))
      console.log(`without faults: ${summaryOf(done)}`)
      expect(done.flatMap(({ violations }) => violations)).toEqual([])
    },
  )

  test('nor with faults', { timeout: 3_600_000 }, async () => {
    const random = randomFrom(seed)
    await fleet.backUp()
    const done: Revocation[] = []
    let begun = 0
    let areAllMade = false
    const lane = async (): Promise<void> => {
      while (begun < REVOCATIONS || !areAllMade) {
        begun += 1
        done.push(await revoke(fleet, random() < 0.5 ? 0 : 1, BETWEEN_CALLS_IN_LANE_MS))
      }
    }
    const lanes = Promise.all(Array.from({ length: LANES }, lane))
    while (done.length < REVOCATIONS || !areAllMade) {
      for (const fault of shuffled(FAULTS, random)) await make(fault, fleet, random)
      areAllMade = true
      if (isWhole) console.log(`${done.length} of ${REVOCATIONS} revocations`)
    }
    await lanes
    console.log(`with faults: ${summaryOf(done)}`)
    expect(done.flatMap(({ violations }) => violations)).toEqual([])
  })
})

/** How long calls were let in after the revocations began, and what the receipts said. */
function summaryOf(done: readonly Revocation[]): string {
  const delays = done.map(({ delayMs }) => delayMs).toSorted((one, other) => one - other)
  const at = (share: number): string =>
    (delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? 0).toFixed(0)
  const states: Record<string, number> = {}
  for (const one of done)
    for (const [state, count] of Object.entries(one.states)) states[state] = (states[state] ?? 0) + count
  return `${done.length} revocations, last call let in after p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, p100 ${at(1)} ms; receipts ${JSON.stringify(states)}`
}
