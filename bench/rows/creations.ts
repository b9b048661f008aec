import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { ApiClient, setUpAcme, textAt } from '../../test/support/api-client.ts'
import { startServerProcess } from '../../test/support/server-process.ts'
import { type PostgresServer, startPostgres } from '../../test/services/postgres-server.ts'
import { cpuMicrosOf, cpuMicrosOfTree } from '../process-cpu.ts'
import { DependencyUnavailable, type Figure, type Result } from '../results.ts'
import { CONNECTIONS, type Pace, type Settings } from '../settings.ts'
import { percentileOf, spreadOf } from '../statistics.ts'
import type { Row } from './row.ts'

/** A thousand a second. */
const MICROS_PER_CREATION_TARGET = 1_000
const ORGANIZATIONS = 4
/** Keys that are created and deleted in a round while nothing else is written. */
const ALONE = 25

/**
 * Audited creations of keys of several organizations through the API of the product, on a PostgreSQL server that waits for
 * the disk. Each is answered when the gateway has it. All processes and the load share the cores of the machine.
 */
export const creationsRow: Row = {
  name: 'creations, PostgreSQL',
  onAllCores: true,
  async measure({ scratch, pace }: Settings) {
    await using postgres = await startPostgres({ durable: true }).catch((cause: unknown) => {
      throw new DependencyUnavailable('PostgreSQL is not available', { cause })
    })
    await using server = await startServerProcess({
      SALLYPORT_DATA: join(scratch, 'creations'),
      SALLYPORT_DATABASE_URL: postgres.url,
      SALLYPORT_QUOTAS: 'keys=10000000',
    })
    const clients = await organizations(await setUpAcme(server), server.controlUrl)
    const meters = { server: server.pid, database: await mainProcessOf(postgres) }
    using connections = new Connections(CONNECTIONS)
    const create = async (index: number): Promise<string> => {
      const { slug, token } = clients[index % clients.length] ?? clients[0]
      const url = `${server.controlUrl}/v1/organizations/${slug}/keys`
      const text = await connections.send('POST', url, token, 201, '{"name":"measured","type":"secret"}')
      return `${url}/${textAt(JSON.parse(text), 'key', 'id')} ${token}`
    }
    const remove = async (created: string): Promise<void> => {
      const [url = '', token = ''] = created.split(' ')
      await connections.send('DELETE', url, token, 200)
    }
    return results(await measured(pace, meters, create, remove))
  },
}

interface Organization {
  readonly slug: string
  /** Of an owner key. */
  readonly token: string
}

async function organizations(
  acme: ApiClient,
  url: string,
): Promise<readonly [Organization, ...Organization[]]> {
  const owner = await acme.must('POST', '/v1/organizations/acme/keys', {
    name: 'load',
    type: 'secret',
    roles: ['owner'],
  })
  const others: Organization[] = []
  for (let index = 1; index < ORGANIZATIONS; index += 1) {
    const slug = `org-${index}`
    const made = await acme.must('POST', '/v1/organizations', { slug, name: slug })
    others.push({ slug, token: textAt(made, 'token') })
  }
  const first = { slug: 'acme', token: textAt(owner, 'token') }
  await new ApiClient(url, first.token).must('GET', '/v1/whoami')
  return [first, ...others]
}

async function mainProcessOf(postgres: PostgresServer): Promise<number> {
  return Number.parseInt(await readFile(join(postgres.dataFolder, 'postmaster.pid'), 'utf8'), 10)
}

/** Keep-alive connections to one server. */
class Connections implements Disposable {
  readonly #agent: Agent

  constructor(count: number) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: count })
  }

  /** @returns the body of the response. @throws Error for another status */
  async send(method: string, url: string, token: string, status: number, body?: string): Promise<string> {
    return await new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      }
      const call = request(url, { method, agent: this.#agent, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => (text += part))
        response.once('error', reject).once('end', () => {
          if (response.statusCode === status) resolve(text)
          else reject(new Error(`${method} ${url} answered ${response.statusCode}: ${text}`))
        })
      })
      call.once('error', reject)
      call.end(body)
    })
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }
}

/** A value for each round. */
interface Measured {
  readonly microsPerCreation: number[]
  readonly serverMicros: number[]
  readonly databaseMicros: number[]
  readonly creationMs: { readonly p50: number[]; readonly p99: number[] }
  readonly deletionMs: { readonly p50: number[]; readonly p99: number[] }
}

async function measured(
  { rounds, roundMs, warmUpMs }: Pace,
  meters: { readonly server: number; readonly database: number },
  create: (index: number) => Promise<string>,
  remove: (created: string) => Promise<void>,
): Promise<Measured> {
  const result: Measured = {
    microsPerCreation: [],
    serverMicros: [],
    databaseMicros: [],
    creationMs: { p50: [], p99: [] },
    deletionMs: { p50: [], p99: [] },
  }
  await createFor(warmUpMs, create)
  for (let round = 0; round < rounds; round += 1) {
    const before = [await cpuMicrosOf(meters.server), await cpuMicrosOfTree(meters.database)] as const
    const startMs = performance.now()
    const creations = await createFor(roundMs, create)
    result.microsPerCreation.push(((performance.now() - startMs) * 1_000) / creations)
    result.serverMicros.push(((await cpuMicrosOf(meters.server)) - before[0]) / creations)
    result.databaseMicros.push(((await cpuMicrosOfTree(meters.database)) - before[1]) / creations)
    const creationMs: number[] = []
    const deletionMs: number[] = []
    for (let index = 0; index < ALONE; index += 1) {
      const createMs = performance.now()
      const created = await create(index)
      const removeMs = performance.now()
      await remove(created)
      creationMs.push(removeMs - createMs)
      deletionMs.push(performance.now() - removeMs)
    }
    addPercentiles(result.creationMs, creationMs)
    addPercentiles(result.deletionMs, deletionMs)
  }
  return result
}

/** @returns how many were created */
async function createFor(durationMs: number, create: (index: number) => Promise<string>): Promise<number> {
  const untilMs = performance.now() + durationMs
  let creations = 0
  const workers = Array.from({ length: CONNECTIONS }, async () => {
    while (performance.now() < untilMs) {
      creations += 1
      await create(creations)
    }
  })
  await Promise.all(workers)
  return creations
}

function addPercentiles(
  to: { readonly p50: number[]; readonly p99: number[] },
  values: readonly number[],
): void {
  const sorted = values.toSorted((one, other) => one - other)
  to.p50.push(percentileOf(sorted, 50))
  to.p99.push(percentileOf(sorted, 99))
}

function results(rounds: Measured): readonly Result[] {
  const { microsPerCreation, serverMicros, databaseMicros, creationMs, deletionMs } = rounds
  const perSecond = Math.round(1e6 / spreadOf(microsPerCreation).median).toLocaleString('en')
  return [
    {
      ...figure(
        `elapsed for each, ${CONNECTIONS} connections`,
        'µs',
        microsPerCreation,
        `${perSecond} a second, with the load, the server and the database on the cores of this machine`,
      ),
      target: MICROS_PER_CREATION_TARGET,
    },
    figure('CPU time of the server for each', 'µs', serverMicros),
    figure('CPU time of PostgreSQL for each', 'µs', databaseMicros),
    figure('one creation alone, p50', 'ms', creationMs.p50),
    figure('one creation alone, p99', 'ms', creationMs.p99),
    figure('one deletion alone, p50', 'ms', deletionMs.p50),
    figure('one deletion alone, p99', 'ms', deletionMs.p99),
  ]
}

function figure(measure: string, unit: string, values: readonly number[], note?: string): Figure {
  return {
    kind: 'figure',
    name: `creations, PostgreSQL: ${measure}`,
    unit,
    value: spreadOf(values),
    target: undefined,
    note,
  }
}
