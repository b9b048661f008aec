import { rm } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { run } from '../services/programs.ts'
import { startPostgres, type PostgresServer } from '../services/postgres-server.ts'
import { setUpAcme, textAt, type ApiClient } from '../support/api-client.ts'
import { eventually } from '../support/eventually.ts'
import { enrolmentToken, startFleetGateway, type FleetGateway } from '../support/fleet.ts'
import { publishPipeline } from '../support/published-pipeline.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from '../support/server-process.ts'
import { startTcpRelay, type TcpRelay } from '../support/tcp-relay.ts'
import { startEchoUpstream } from '../support/upstream.ts'

const NODES = 2
const GATEWAYS = 6
/** Leases of gateways and of control nodes, in seconds. */
const LEASES = { SALLYPORT_GATEWAY_LEASE_SECONDS: '2', SALLYPORT_LEASE_SECONDS: '3' }

/** A gateway, and the relays that its streams go through. */
export interface FaultyGateway {
  readonly id: string
  readonly gateway: FleetGateway
  readonly relays: readonly TcpRelay[]
}

/** Two control nodes on a PostgreSQL of their own, and six gateways. */
export interface FaultyFleet extends AsyncDisposable {
  readonly postgres: PostgresServer
  readonly gateways: readonly FaultyGateway[]
  /** The API at one of the nodes. */
  api(node: number): ApiClient
  node(index: number): ServerProcess
  /** Starts a node again that has ended. */
  startNode(index: number): Promise<void>
  /** The path of a pipeline, and the consumer that may call it. */
  readonly path: string
  readonly consumer: string
  /** Keeps a copy of the database, which `restore` puts in its place. */
  backUp(): Promise<void>
  restore(): Promise<void>
}

export async function startFaultyFleet(): Promise<FaultyFleet> {
  await using stack = new AsyncDisposableStack()
  const postgres = stack.use(await startPostgres())
  const upstream = stack.use(await startEchoUpstream())
  const folder = stack.use(await temporaryFolder())
  const settings = {
    SALLYPORT_DATA: folder.path,
    SALLYPORT_DATABASE_URL: postgres.url,
    SALLYPORT_GATEWAY_URL: 'http://gateways.test',
    ...LEASES,
  }
  const nodes: ServerProcess[] = []
  for (let index = 0; index < NODES; index += 1) nodes.push(await startServerProcess(settings, 'control'))
  stack.defer(async () => {
    for (const node of nodes) await node[Symbol.asyncDispose]()
  })
  const [first] = nodes
  if (first === undefined) throw new Error('there are two nodes')
  const acme = await setUpAcme(first)
  const { path } = await publishPipeline(acme, 'orders', `${upstream.url}/orders`)
  const { items: environments } = await acme.must('GET', '/v1/organizations/acme/environments')
  for (const { name } of environments as unknown as readonly { readonly name: string }[])
    await acme.must('PATCH', `/v1/organizations/acme/environments/${name}`, { whenStale: 'refuse' })
  const consumers = await acme.must('GET', '/v1/organizations/acme/consumers?environment=prod')
  const consumer = textAt((consumers['items'] as unknown as readonly unknown[])[0], 'id')

  const token = await enrolmentToken(settings, GATEWAYS)
  const gateways: FaultyGateway[] = []
  for (let index = 0; index < GATEWAYS; index += 1) {
    const relays = await Promise.all(nodes.map(({ controlUrl }) => startTcpRelay(controlUrl)))
    for (const relay of relays) stack.use(relay)
    const known = new Set(gateways.map(({ id }) => id))
    const urls = relays.map(({ url }) => new URL(url).origin).join(',')
    const gateway = stack.use(await startFleetGateway(urls, token))
    const id = await eventually(async () => {
      const { items } = await acme.must('GET', '/v1/organizations/acme/gateways')
      const fresh = (
        items as unknown as readonly { readonly id: string; readonly name: string | null }[]
      ).find((one) => one.name !== null && !known.has(one.id))
      if (fresh === undefined) throw new Error('the gateway is not listed yet')
      return fresh.id
    })
    gateways.push({ id, gateway, relays })
  }
  const copy = `${postgres.dataFolder}-copy`
  stack.defer(async () => await rm(copy, { recursive: true, force: true }))
  const parts = stack.move()
  return {
    postgres,
    gateways,
    path,
    consumer,
    api: (index) => acme.at(nodes[index]?.controlUrl ?? ''),
    node: (index) => nodes[index] ?? first,
    async startNode(index) {
      const port = new URL(nodes[index]?.controlUrl ?? '').port
      nodes[index] = await startServerProcess({ ...settings, SALLYPORT_PORT: port }, 'control')
    },
    async backUp() {
      await postgres.stop('SIGINT')
      // Its owner stays, too.
      await run('cp', ['-a', postgres.dataFolder, copy])
      await postgres.start()
    },
    async restore() {
      await postgres.stop('SIGKILL')
      // Its shared memory is freed a moment later.
      await pause(100)
      await rm(postgres.dataFolder, { recursive: true, force: true })
      await run('cp', ['-a', copy, postgres.dataFolder])
      await postgres.start()
    },
    [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
  }
}
