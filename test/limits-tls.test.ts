import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from './services/free-port.ts'
import { startValkey, type TestValkey } from './services/valkey.ts'
import { setUpAcme } from './support/api-client.ts'
import { Authority } from './support/certificates.ts'
import { eventually } from './support/eventually.ts'
import { failedStart } from './support/failed-start.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './support/server-process.ts'
import { startEchoUpstream } from './support/upstream.ts'

/* A store of limits that speaks TLS alone, and knows one user with the rights that docs/operations.md names. */

/** With characters that a URL must percent-encode. */
const PASSWORD = 'p@ss/w:rd?#%-of-the-store'
const REQUESTS = 1_000

const stack = new AsyncDisposableStack()
let folder: string
let upstreamUrl: string
let tlsPort: number

beforeAll(async () => {
  folder = stack.use(await temporaryFolder()).path
  upstreamUrl = stack.use(await startEchoUpstream()).url
  const [own, other] = [stack.use(await Authority.create('own')), stack.use(await Authority.create('other'))]
  // The certificate is not valid for 127.0.0.1.
  const { certificate, key } = own.issue('DNS:localhost')
  const wrong = other.issue('DNS:localhost')
  const files = {
    'own.pem': own.certificate,
    'other.pem': other.certificate,
    'store.pem': certificate,
    'store.key': key,
    'wrong.pem': wrong.certificate,
    'wrong.key': wrong.key,
    'broken.pem': 'none',
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  tlsPort = await freePort()
  stack.use(await startTlsStore(tlsPort))
})
afterAll(async () => await stack.disposeAsync())

/** @param certificate the name of its certificate and of its key */
async function startTlsStore(port: number, certificate = 'store'): Promise<TestValkey> {
  const rights = ['~{sallyport-limits}:*', '+get', '+set', '+time', '+eval', '+evalsha', '+select']
  const [cert, key] = [join(folder, `${certificate}.pem`), join(folder, `${certificate}.key`)]
  const tls = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', join(folder, 'own.pem')]
  const users = ['--user', 'sallyport', 'on', `>${PASSWORD}`, ...rights, '--user', 'default', 'off']
  const ports = ['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no']
  return await startValkey([...ports, ...tls, ...users])
}

/** The settings for the store. @param ca a file of the folder */
function settingsFor(
  ca: string,
  host = 'localhost',
  password = PASSWORD,
  port = tlsPort,
): Readonly<Record<string, string>> {
  return {
    SALLYPORT_LIMITS_URL: `rediss://sallyport:${encodeURIComponent(password)}@${host}:${port}/0`,
    SALLYPORT_LIMITS_CA_FILE: join(folder, ca),
    SALLYPORT_LIMITS_MODE: 'exact',
    // A machine that is busy with other suites can hold a process up.
    SALLYPORT_LIMITS_WAIT_MS: '5000',
  }
}

/** Starts a server, and calls a pipeline with a limit. */
async function callAt(settings: Readonly<Record<string, string>>) {
  await using parts = new AsyncDisposableStack()
  const data = parts.use(await temporaryFolder())
  const server = parts.use(await startServerProcess({ SALLYPORT_DATA: data.path, ...settings }))
  const rateLimits = [{ requests: REQUESTS, per: 'month', by: 'credential' }]
  const { path, token } = await publishPipeline(await setUpAcme(server), 'orders', upstreamUrl, {
    rateLimits,
  })
  const response = await fetch(server.gatewayUrl + path, { headers: { 'x-api-key': token } })
  await response.arrayBuffer()
  const metrics = await (await fetch(`${server.gatewayUrl}/metrics`)).text()
  await expectNoSecret(server)
  return {
    status: response.status,
    isAlone: response.headers.get('ratelimit')?.includes('alone'),
    isStoreUp: /^sallyport_limits_store_up (\d)$/m.exec(metrics)?.[1],
    log: server.output.stderr,
  }
}

async function expectNoSecret(server: ServerProcess): Promise<void> {
  expect(await server.stop('SIGTERM')).toBe(0)
  const text = JSON.stringify(server.output)
  for (const secret of [PASSWORD, encodeURIComponent(PASSWORD)]) expect(text).not.toContain(secret)
}

test('limits are shared over TLS with an authority of its own', async () => {
  const answer = await callAt(settingsFor('own.pem'))
  expect(answer).toMatchObject({ status: 200, isAlone: false, isStoreUp: '1' })
  // Nothing but lines of JSON, such as a warning of Node.js.
  for (const line of answer.log.trimEnd().split('\n')) expect(line).toMatch(/^\{/)
})

test.each([
  [
    'of another authority',
    { ca: 'other.pem', host: 'localhost' },
    'self-signed certificate|unable to verify',
  ],
  ['for another host', { ca: 'own.pem', host: '127.0.0.1' }, 'does not match'],
])(
  'a store with a certificate %s is not used, and the gateway counts alone',
  async (_, { ca, host }, reason) => {
    const { log, ...answer } = await callAt(settingsFor(ca, host))
    expect(answer).toEqual({ status: 200, isAlone: true, isStoreUp: '0' })
    expect(log).toContain('the store of limits (SALLYPORT_LIMITS_URL) does not answer')
    expect(log).toMatch(new RegExp(reason))
  },
)

test('without the authority, the certificate is not trusted', async () => {
  const { SALLYPORT_LIMITS_CA_FILE: _, ...settings } = settingsFor('own.pem')
  expect(await callAt(settings)).toMatchObject({ status: 200, isAlone: true, isStoreUp: '0' })
})

test.each([
  [
    'a wrong password',
    'own.pem',
    'another-password',
    'SALLYPORT_LIMITS_URL: The store of limits refuses this server',
  ],
  ['a file that there is not', 'missing.pem', PASSWORD, 'SALLYPORT_LIMITS_CA_FILE: The file'],
  ['a file without certificates', 'broken.pem', PASSWORD, 'SALLYPORT_LIMITS_CA_FILE: The file'],
])('a server with %s does not start, and says which setting to correct', async (_, ca, password, message) => {
  await using data = await temporaryFolder()
  const { code, stdout, stderr } = await failedStart({
    SALLYPORT_DATA: data.path,
    ...settingsFor(ca, 'localhost', password),
  })
  expect(code).not.toBe(0)
  expect(stderr).toContain(message)
  for (const secret of [password, encodeURIComponent(password)]) expect(stdout + stderr).not.toContain(secret)
})

test('limits are shared as soon as the certificate is right', async () => {
  await using parts = new AsyncDisposableStack()
  const data = parts.use(await temporaryFolder())
  const port = await freePort()
  const wrong = await startTlsStore(port, 'wrong')
  const settings = { SALLYPORT_DATA: data.path, ...settingsFor('own.pem', 'localhost', PASSWORD, port) }
  const server = parts.use(await startServerProcess(settings))
  const metrics = async (): Promise<string> => await (await fetch(`${server.gatewayUrl}/metrics`)).text()
  expect(await metrics()).toContain('sallyport_limits_store_up 0')
  await wrong[Symbol.asyncDispose]()
  parts.use(await startTlsStore(port))
  await eventually(async () => expect(await metrics()).toContain('sallyport_limits_store_up 1'))
  await expectNoSecret(server)
})
