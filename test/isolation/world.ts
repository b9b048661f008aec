import { join } from 'node:path'
import { openHostileProvider } from '../../packages/server/src/identity/testing/hostile-provider.ts'
import { openPostgresState, openSqliteState, type StoredState } from '../fuzzing/stored-state.ts'
import { PUBLIC_URL, ValidRequests, type ValidRequest } from '../fuzzing/valid-requests.ts'
import { OPERATIONS, type Operation } from '../fuzzing/operations.ts'
import { openTestDatabase } from '../services/postgres.ts'
import { setUpAcme, textAt } from '../support/api-client.ts'
import { openGitHub } from '../support/github.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from '../support/server-process.ts'
import { FOREIGN, prepareOnePipeline, type Owners } from './actors.ts'

/** A server with two organizations, and the means to look at what it stores. */
export interface World extends Owners {
  readonly state: StoredState
  readonly requests: ValidRequests
  readonly output: ServerProcess['output']
  /** Tells the server that a token was found in public. */
  readonly leak: (token: string) => Promise<void>
  readonly send: (request: ValidRequest, headers: Readonly<Record<string, string>>) => Promise<Answer>
}

/** A response; the body of one that is not JSON is empty. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

/** The routes that the OpenAPI document does not list. */
const UNDOCUMENTED = ['/metrics', '/v1/openapi.json', '/docs', '/hand-over', '/portal', '/'].map(
  (path): Operation => {
    const id = `GET ${path}`
    return {
      id,
      method: 'GET',
      path,
      example: undefined,
      parameters: [],
      body: undefined,
      // `/docs` redirects to the page.
      successes: new Map([200, 301].map((status) => [status, id])),
    }
  },
)

/** Every operation of the management API. */
export const ALL_OPERATIONS: readonly Operation[] = [...OPERATIONS.values(), ...UNDOCUMENTED]

/** Starts a server; all that it needs ends with the stack. */
export async function openWorld(kind: 'sqlite' | 'postgres', stack: AsyncDisposableStack): Promise<World> {
  const { path } = stack.use(await temporaryFolder())
  const url = kind === 'postgres' ? stack.use(await openTestDatabase()).url : undefined
  const provider = stack.use(await openHostileProvider('acme-id'))
  const github = openGitHub()
  const server = stack.use(
    await startServerProcess({
      SALLYPORT_DATA: path,
      SALLYPORT_TRUSTED_PROXIES: '127.0.0.1/32',
      SALLYPORT_PUBLIC_URL: PUBLIC_URL,
      ...github.settings,
      SALLYPORT_SIGN_IN_PROVIDERS: JSON.stringify([provider.settings]),
      ...(url === undefined ? {} : { SALLYPORT_DATABASE_URL: url }),
    }),
  )
  const acme = await setUpAcme(server)
  const organization = { slug: FOREIGN.slice(FOREIGN.lastIndexOf('/') + 1), name: 'Foreign Inc.' }
  const foreign = acme.as(textAt(await acme.must('POST', '/v1/organizations', organization), 'token'))
  await prepareOnePipeline(acme)
  const state = stack.use(
    url === undefined ? openSqliteState(join(path, 'sallyport.db')) : await openPostgresState(url),
  )
  let sent = 0
  const send: World['send'] = async (
    { method, path: target, query, body, type = 'application/json' },
    headers,
  ) => {
    // Each from its own address: one that sends many wrong credentials gets 429.
    sent += 1
    const response = await fetch(`${server.controlUrl}${target}${query === undefined ? '' : `?${query}`}`, {
      method,
      redirect: 'manual',
      headers: {
        'x-forwarded-for': `198.18.${sent >> 8}.${sent & 255}`,
        ...(body === undefined ? {} : { 'content-type': type }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? (JSON.parse(text) as Answer['body']) : {},
    }
  }
  return {
    acme,
    foreign,
    state,
    requests: new ValidRequests(acme, provider),
    output: server.output,
    leak: async (token) => await github.tell(server.controlUrl, token),
    send,
  }
}

/** Requests of which every caller with the permission is capable: those of the fuzzing give roles. */
const MODEST: Readonly<Record<string, unknown>> = {
  createKey: { name: 'CI', type: 'secret', environment: 'test' },
  updateExternalKey: { label: 'ERP' },
}

/** Makes a request that the operation accepts now from every caller with its permission. */
export async function prepare({ requests }: World, operation: Operation): Promise<ValidRequest> {
  if (UNDOCUMENTED.includes(operation)) {
    return { operation, method: operation.method, path: operation.path, parameters: {} }
  }
  const valid = await requests.prepare(operation)
  if (operation.id === 'addExternalKey') {
    return { ...valid, body: { ...(valid.body as object), roles: ['key-manager'] } }
  }
  const body = MODEST[operation.id]
  return body === undefined ? valid : { ...valid, body }
}
