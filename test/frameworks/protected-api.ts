import { createClient, createVerifier, type Client, type Verifier } from '@sallyport/sdk'
import { startServerProcess, temporaryFolder, type ServerProcess } from '../support/server-process.ts'

/** A page of this origin may call the pipelines. */
export const ORIGIN = 'https://app.example'

/** A consumer with a key. */
export interface ApiCaller {
  readonly consumer: string
  readonly key: string
  readonly token: string
}

/** A server whose gateway knows the routes of `Framework`. */
export interface ProtectedApi extends AsyncDisposable {
  readonly server: ServerProcess
  readonly owner: Client
  readonly verifier: Verifier
  /** Creates a consumer with a key. @param pipelines that it may call: all unless given */
  createCaller(name: string, pipelines?: readonly string[]): Promise<ApiCaller>
}

const PATHS = {
  orders: '/orders/:id',
  limited: '/limited',
  failing: '/failing',
  'behind-proxy': '/behind-proxy/:id',
  edge: '/edge/:id',
}

export async function startProtectedApi(): Promise<ProtectedApi> {
  await using stack = new AsyncDisposableStack()
  const { path: data } = stack.use(await temporaryFolder())
  // The servers of the test stand on this machine and say whose requests they ask about.
  const settings = { SALLYPORT_DATA: data, SALLYPORT_TRUSTED_PROXIES: '127.0.0.1/32' }
  const server = stack.use(await startServerProcess(settings))
  const { controlUrl: url, setupToken } = server
  const organization = { slug: 'acme', name: 'Acme' }
  const { token } = await createClient({ url }).setUp({ setupToken, organization })
  const owner = createClient({ url, token, organization: 'acme' })
  for (const [name, path] of Object.entries(PATHS)) {
    const rateLimits = name === 'limited' ? ([{ requests: 1, per: 'hour', by: 'credential' }] as const) : []
    await owner.createPipeline({
      name,
      spec: {
        trigger: {
          kind: 'http',
          path,
          methods: ['GET', 'HEAD', 'POST'],
          authentication: { apiKey: true },
          cors: { origins: [ORIGIN], credentials: true },
          rateLimits,
        },
        steps: [{ respond: {} }],
      },
    })
    await owner.deploy({ pipeline: name, version: '1.0', environment: 'prod' })
  }
  const owned = stack.move()
  return {
    server,
    owner,
    verifier: createVerifier({ gateway: server.gatewayUrl, organization: 'acme', environment: 'prod' }),
    async createCaller(name, pipelines = Object.keys(PATHS)) {
      const created = await owner.createConsumer({ name, environment: 'prod', pipelines })
      return { consumer: name, key: created.key.id, token: created.token }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
