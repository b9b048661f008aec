import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startPostgres } from '../../test/services/postgres-server.ts'
import { setUpAcme, type ApiClient } from '../../test/support/api-client.ts'
import { enrolmentToken } from '../../test/support/fleet.ts'
import { startServerProcess, type ServerProcess } from '../../test/support/server-process.ts'
import { figuresOf } from '../figures.ts'
import { DependencyUnavailable } from '../results.ts'
import type { Settings } from '../settings.ts'
import { percentileOf } from '../statistics.ts'
import { killAndWait } from '../target-process.ts'
import type { Arrivals } from '../targets/fleet-gateways.ts'
import type { Row } from './row.ts'

const GATEWAYS = 2_000
const RELAYS = 4
/** Changes in a round, and how far apart they are. */
const CHANGES = 10
const BETWEEN_MS = 500
const DELIVERY_MS_TARGET = 1_000
const SETTLE_MS = 3_000

/** Changes that many gateways get over relays, beside the same changes with a single gateway. */
export const fleetRow: Row = {
  name: 'fleet',
  onAllCores: true,
  async measure(settings) {
    await using stack = new AsyncDisposableStack()
    const postgres = stack.use(
      await startPostgres().catch((cause: unknown) => {
        throw new DependencyUnavailable('PostgreSQL is not available', { cause })
      }),
    )
    const database = {
      SALLYPORT_DATA: join(settings.scratch, 'fleet-control'),
      SALLYPORT_DATABASE_URL: postgres.url,
      SALLYPORT_GATEWAY_URL: 'http://gateways.test',
    }
    const control = stack.use(await startServerProcess(database, 'control'))
    const acme = await setUpAcme(control)
    const token = await enrolmentToken(database, 1)
    const alone = await measureFleet(acme, [control.controlUrl], token, 1, settings)
    const relayToken = await enrolmentToken(database, RELAYS, 'relay')
    const relays: ServerProcess[] = []
    for (let index = 0; index < RELAYS; index += 1) {
      const relay = {
        SALLYPORT_DATA: join(settings.scratch, `fleet-relay-${index}`),
        SALLYPORT_CONTROL_URL: control.controlUrl,
        SALLYPORT_ENROLMENT_TOKEN: relayToken,
      }
      relays.push(stack.use(await startServerProcess(relay, 'relay')))
    }
    const many = await measureFleet(
      acme,
      relays.map(({ controlUrl }) => controlUrl),
      await enrolmentToken(database, GATEWAYS),
      GATEWAYS,
      settings,
    )
    const figure = figuresOf('fleet')
    return [
      figure(
        'delivery to 1 gateway, p99',
        'ms',
        alone.deliveryMs,
        undefined,
        'from the request to the arrival, a change each half second',
      ),
      figure(
        `delivery to ${GATEWAYS} gateways over ${RELAYS} relays, p99`,
        'ms',
        many.deliveryMs,
        DELIVERY_MS_TARGET,
        'all processes on the cores of this machine',
      ),
      figure('commit with 1 gateway, p50', 'ms', alone.commitMs),
      figure(`commit with ${GATEWAYS} gateways, p50`, 'ms', many.commitMs),
    ]
  },
}

interface Measured {
  /** Of each round, in ms. */
  readonly deliveryMs: readonly number[]
  readonly commitMs: readonly number[]
}

async function measureFleet(
  acme: ApiClient,
  urls: readonly string[],
  token: string,
  count: number,
  { pace }: Settings,
): Promise<Measured> {
  const child = fork(
    join(import.meta.dirname, '../targets/fleet-gateways.ts'),
    [String(count), token, ...urls],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  )
  try {
    await once(child, 'message')
    await pause(SETTLE_MS)
    const begun: { readonly revision: number; readonly atMs: number; readonly round: number }[] = []
    const commits: number[][] = []
    for (let round = 0; round < pace.rounds; round += 1) {
      const times: number[] = []
      for (let change = 0; change < CHANGES; change += 1) {
        const atMs = performance.timeOrigin + performance.now()
        const path = '/v1/organizations/acme/environments/prod?wait=0'
        const whenStale = change % 2 === 0 ? 'refuse' : 'serve'
        const { receipt } = await acme.must('PATCH', path, { whenStale })
        times.push(performance.timeOrigin + performance.now() - atMs)
        begun.push({ revision: Number(receipt?.['revision']), atMs, round })
        await pause(BETWEEN_MS)
      }
      commits.push(times)
    }
    await pause(SETTLE_MS)
    const answer = once(child, 'message') as Promise<[Arrivals]>
    child.send('arrivals')
    const [arrivals] = await answer
    if (arrivals.failures > 0)
      throw new Error(`${arrivals.failures} questions got no grant, or streams have ended`)
    const deliveries = commits.map((_, round) =>
      begun
        .filter((change) => change.round === round)
        .flatMap(({ revision, atMs }) => {
          const at = arrivals.atMs[revision] ?? []
          if (at.length < count)
            throw new Error(`revision ${revision} has arrived at ${at.length} of ${count} gateways`)
          return at.map((arrivedAtMs) => arrivedAtMs - atMs)
        })
        .toSorted((one, other) => one - other),
    )
    return {
      deliveryMs: deliveries.map((delays) => percentileOf(delays, 99)),
      commitMs: commits.map((times) =>
        percentileOf(
          times.toSorted((one, other) => one - other),
          50,
        ),
      ),
    }
  } finally {
    await killAndWait(child)
  }
}
