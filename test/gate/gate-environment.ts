import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ApiClient, setUpAcme, textAt } from '../support/api-client.ts'
import { eventually } from '../support/eventually.ts'
import { enrolmentToken } from '../support/fleet.ts'
import { publishPipeline } from '../support/published-pipeline.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from '../support/server-process.ts'
import { startTcpRelay, type TcpRelay } from '../support/tcp-relay.ts'

/** How long a gate may decide without its control node, in seconds. */
const LEASE_SECONDS = 2

/** A control node with `acme`, whose environment `prod` gates decide for. */
export interface GateEnvironment extends AsyncDisposable {
  readonly control: ServerProcess
  readonly acme: ApiClient
  /** Stands between gates and the control node. */
  readonly relay: TcpRelay
  /** The address of the relay. */
  readonly url: string
  /** A token for one gate. */
  token(): Promise<string>
  /** A new empty folder. */
  folder(): Promise<string>
  /** A new key of a consumer that may call `orders`. */
  newKey(): Promise<{ readonly id: string; readonly token: string }>
}

/** Starts a control node on SQLite, and deploys pipelines whose paths are those of a service. */
export async function startGateEnvironment(): Promise<GateEnvironment> {
  await using stack = new AsyncDisposableStack()
  const { path } = stack.use(await temporaryFolder())
  const settings = {
    SALLYPORT_DATA: join(path, 'control'),
    SALLYPORT_GATEWAY_LEASE_SECONDS: String(LEASE_SECONDS),
  }
  const control = stack.use(
    await startServerProcess({ ...settings, SALLYPORT_GATEWAY_URL: 'http://gateways.test' }, 'control'),
  )
  const relay = stack.use(await startTcpRelay(control.controlUrl))
  const acme = await setUpAcme(control)
  await publishPipeline(acme, 'orders', 'http://upstream.test', {
    path: '/orders/:id',
    rateLimits: [{ requests: 1_000, per: 'hour', by: 'consumer' }],
    cors: { origins: ['https://app.example.com'] },
  })
  const consumers = await acme.must('GET', '/v1/organizations/acme/consumers?environment=prod')
  const [first] = consumers['items'] as unknown as readonly unknown[]
  const consumer = textAt(first, 'id')
  let folders = 0
  const parts = stack.move()
  return {
    control,
    acme,
    relay,
    url: new URL(relay.url).origin,
    // The command shares the database with the node, and is told to try again while that writes.
    token: async () => await eventually(async () => await enrolmentToken(settings, 1, 'gate')),
    async folder() {
      folders += 1
      const folder = join(path, `gate-${folders}`)
      await mkdir(folder)
      return folder
    },
    async newKey() {
      const made = await acme.must('POST', '/v1/organizations/acme/keys', {
        name: 'caller',
        type: 'secret',
        environment: 'prod',
        consumer,
      })
      return { id: textAt(made, 'key', 'id'), token: textAt(made, 'token') }
    },
    [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
  }
}
