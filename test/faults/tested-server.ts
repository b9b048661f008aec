import { ApiClient, setUpAcme, type Json } from '../support/api-client.ts'
import { publishPipeline } from '../support/published-pipeline.ts'
import type { ServerProcess } from '../support/server-process.ts'
import type { StoreSettings } from '../../packages/server/src/store/open.ts'

/** How a caller of a gateway was answered. */
interface CallAnswer {
  readonly status: number
  /** The problem's code, if there is one. */
  readonly code: string
}

/** A server under test, with a pipeline that callers use. */
export interface TestedServer {
  /** In the printed figures. */
  readonly name: string
  readonly process: ServerProcess
  readonly store: StoreSettings
  /** An owner at this server. */
  readonly acme: ApiClient
  /** The id of a consumer that may call the pipeline. */
  readonly consumer: string
  /** All servers on the database, with this one. */
  readonly peers: readonly TestedServer[]
  /** Calls the pipeline with a valid key, or with another one, or with none. */
  callGateway(token?: string | null): Promise<CallAnswer>
}

/** Sets up the servers of one database. */
export async function testedServers(
  processes: Readonly<Record<string, ServerProcess>>,
  store: StoreSettings,
  upstreamUrl: string,
): Promise<readonly TestedServer[]> {
  const [first] = Object.values(processes)
  if (first === undefined) return []
  const acme = await setUpAcme(first)
  const pipeline = await publishPipeline(acme, 'orders', upstreamUrl)
  const consumers = await acme.must('GET', '/v1/organizations/acme/consumers?environment=prod')
  const consumer = (consumers['items'] as unknown as { id: string }[])[0]?.id ?? ''
  const peers: TestedServer[] = []
  for (const [name, process] of Object.entries(processes)) {
    const gateway = new ApiClient(process.gatewayUrl)
    peers.push({
      name,
      process,
      store,
      acme: acme.at(process.controlUrl),
      consumer,
      peers,
      async callGateway(token: string | null = pipeline.token) {
        const { status, body } = await gateway.call(
          'GET',
          pipeline.path,
          undefined,
          token === null ? {} : { 'x-api-key': token },
        )
        return { status, code: codeOf(body) }
      },
    })
  }
  return peers
}

/** The code of a problem, or the whole body of another response. */
export function codeOf(body: Json): string {
  const code: unknown = body['code']
  return typeof code === 'string' ? code : JSON.stringify(body)
}
