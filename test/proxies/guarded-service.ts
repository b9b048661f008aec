import { join } from 'node:path'
import { setUpAcme, textAt, type ApiClient } from '../support/api-client.ts'
import { publishPipeline } from '../support/published-pipeline.ts'
import { startServerProcess, temporaryFolder } from '../support/server-process.ts'
import { startRecordingService, type RecordingService } from './recording-service.ts'

/** A service, and a Sallyport that decides who may call it. */
export interface GuardedService extends AsyncDisposable {
  readonly service: RecordingService
  readonly gatewayUrl: string
  /** A folder for the files of fronts. */
  readonly folder: string
  /** The key of a consumer that may call `/orders/*`, with long labels. */
  readonly token: string
  readonly keyId: string
  readonly labels: string
  /** A key that may be in the query, of `/keyed/*`. */
  readonly queryToken: string
  /** A key that may call nothing. */
  readonly strangerToken: string
  /** Keys with one request an hour, of `/limited-NAME`. */
  readonly limitedTokens: ReadonlyMap<string, string>
  /** A JWT of an issuer whose keys cannot be read. */
  readonly unverifiableJwt: string
}

const ORGANIZATION = '/v1/organizations/acme'
const ISSUER = 'https://idp.example.com'

/** The host that belongs to `prod`. */
export const OWN_HOST = 'api.example.com'

/** The origin that may call `/pages`. */
export const ORIGIN = 'https://app.example'

const LABELS = Object.fromEntries(
  Array.from({ length: 12 }, (_, index) => [`label-${String(index).padStart(2, '0')}`, 'x'.repeat(128)]),
)

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function unverifiableJwt(): string {
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: ISSUER, aud: 'acme-api', sub: 'ada', iat: now, exp: now + 600 }
  return `${base64url({ alg: 'EdDSA', typ: 'JWT', kid: 'unread' })}.${base64url(claims)}.${'A'.repeat(86)}`
}

/** @param limited the names of the fronts that need a rate limit of their own */
export async function startGuardedService(limited: readonly string[]): Promise<GuardedService> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder())
  const service = stack.use(await startRecordingService())
  const server = stack.use(
    await startServerProcess({
      SALLYPORT_DATA: join(folder.path, 'data'),
      SALLYPORT_HOSTS: `${OWN_HOST}=acme/prod`,
    }),
  )
  const acme = await setUpAcme(server)
  const methods = ['GET', 'POST']
  const target = `${service.url}/unused`
  const orders = await publishPipeline(acme, 'orders', target, {
    path: '/orders/*',
    methods,
    sendLabels: true,
  })
  const keyed = await publishPipeline(acme, 'keyed', target, {
    path: '/keyed/*',
    methods,
    apiKeyInQuery: true,
  })
  await publishPipeline(acme, 'open', target, { authentication: {} })
  await publishPipeline(acme, 'pages', target, { cors: { origins: [ORIGIN] } })
  await acme.must('PATCH', `${ORGANIZATION}/consumers/${await consumerIdOf(acme, orders.keyId)}`, {
    labels: LABELS,
    pipelines: ['orders', 'pages'],
  })
  await publishPipeline(acme, 'signed', target, { authentication: { jwt: true } })
  await trustUnreachableIssuer(acme)
  const limitedTokens = new Map<string, string>()
  for (const name of limited) {
    const rateLimits = [{ requests: 1, per: 'hour', by: 'consumer' }]
    limitedTokens.set(name, (await publishPipeline(acme, `limited-${name}`, target, { rateLimits })).token)
  }
  const stranger = await acme.must('POST', `${ORGANIZATION}/consumers`, {
    name: 'stranger',
    environment: 'prod',
  })
  const disposal = stack.move()
  return {
    service,
    gatewayUrl: server.gatewayUrl,
    folder: folder.path,
    token: orders.token,
    keyId: orders.keyId,
    labels: Object.entries(LABELS)
      .map((label) => label.join('='))
      .join(','),
    queryToken: keyed.token,
    strangerToken: textAt(stranger, 'token'),
    limitedTokens,
    unverifiableJwt: unverifiableJwt(),
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  }
}

async function consumerIdOf(acme: ApiClient, keyId: string): Promise<string> {
  return textAt(await acme.must('GET', `${ORGANIZATION}/keys/${keyId}`), 'consumer')
}

/** Nothing listens on port 1, so the gateway cannot verify the tokens of this issuer. */
async function trustUnreachableIssuer(acme: ApiClient): Promise<void> {
  await acme.must('POST', `${ORGANIZATION}/environments/prod/issuers`, {
    issuer: ISSUER,
    audience: 'acme-api',
    jwksUrl: 'http://127.0.0.1:1/jwks.json',
  })
}
