import { generateKeyPairSync, sign } from 'node:crypto'
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
  /** A JWT with nearly as many claims as a token can have, for `/signed`. */
  readonly longJwt: string
  /** A JWT of an issuer whose keys cannot be read. */
  readonly unverifiableJwt: string
}

const ORGANIZATION = '/v1/organizations/acme'
const ISSUER = 'https://idp.example.com'
const UNREACHABLE_ISSUER = 'https://unreachable.example.com'
const AUDIENCE = 'acme-api'
const KEY_ID = 'idp-1'

/** The host that belongs to `prod`. */
export const OWN_HOST = 'api.example.com'

/** The host of the pipeline `hosted` of `prod`. */
export const PIPELINE_HOST = 'orders.shops.example.com'

/** The origin that may call `/pages`. */
export const ORIGIN = 'https://app.example'

const LABELS = Object.fromEntries(
  Array.from({ length: 12 }, (_, index) => [`label-${String(index).padStart(2, '0')}`, 'x'.repeat(128)]),
)

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function signedText(issuer: string, claims: Readonly<Record<string, unknown>>): string {
  const now = Math.floor(Date.now() / 1000)
  const all = { iss: issuer, aud: AUDIENCE, sub: 'ada', iat: now, exp: now + 600, ...claims }
  return `${base64url({ alg: 'EdDSA', typ: 'JWT', kid: KEY_ID })}.${base64url(all)}`
}

/** @param limited the names of the fronts that need a rate limit of their own */
export async function startGuardedService(limited: readonly string[]): Promise<GuardedService> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder())
  const service = stack.use(await startRecordingService())
  const server = stack.use(
    await startServerProcess({
      SALLYPORT_DATA: join(folder.path, 'data'),
      SALLYPORT_TRUSTED_PROXIES: '127.0.0.0/8',
      SALLYPORT_HOSTS: `${OWN_HOST}=acme/prod,*.shops.example.com=acme/prod`,
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
  await publishPipeline(acme, 'hosted', target, {
    path: '/only/*',
    routes: ['/open'],
    methods,
    hosts: [PIPELINE_HOST],
    sendLabels: true,
  })
  await publishPipeline(acme, 'open', target, { authentication: {} })
  await publishPipeline(acme, 'pages', target, { cors: { origins: [ORIGIN] } })
  await acme.must('PATCH', `${ORGANIZATION}/consumers/${await consumerIdOf(acme, orders.keyId)}`, {
    labels: LABELS,
    pipelines: ['orders', 'pages', 'hosted'],
  })
  await publishPipeline(acme, 'signed', target, { authentication: { jwt: true } })
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'EdDSA', use: 'sig' }] }
  const issuers = `${ORGANIZATION}/environments/prod/issuers`
  await acme.must('POST', issuers, { issuer: ISSUER, audience: AUDIENCE, jwks })
  // Nothing listens on port 1.
  const jwksUrl = 'http://127.0.0.1:1/jwks.json'
  await acme.must('POST', issuers, { issuer: UNREACHABLE_ISSUER, audience: AUDIENCE, jwksUrl })
  const signed = signedText(ISSUER, { note: 'x'.repeat(5500) })
  const signature = sign(null, Buffer.from(signed), privateKey).toString('base64url')
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
    longJwt: `${signed}.${signature}`,
    unverifiableJwt: `${signedText(UNREACHABLE_ISSUER, {})}.${'A'.repeat(86)}`,
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  }
}

async function consumerIdOf(acme: ApiClient, keyId: string): Promise<string> {
  return textAt(await acme.must('GET', `${ORGANIZATION}/keys/${keyId}`), 'consumer')
}
