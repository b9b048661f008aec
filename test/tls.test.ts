import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { join } from 'node:path'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { startProgram } from './proxies/front.ts'
import { caddyProgram } from './services/caddy.ts'
import { freePort } from './services/free-port.ts'
import { ApiClient, textAt } from './support/api-client.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'
import { startEchoUpstream } from './support/upstream.ts'

const OPERATIONS = readFileSync(join(import.meta.dirname, '..', 'docs', 'operations.md'), 'utf8')

/** What surrounds the documented sites: certificates of an own authority, and no ports but theirs. */
const LOCAL = '{\n\tadmin off\n\tlocal_certs\n\tskip_install_trust\n\tauto_https disable_redirects\n}\n'

/** The documented configuration of Caddy, with other addresses. */
function documentedSites(replaced: Readonly<Record<string, string>>): string {
  const sites = /```text\n(console\.example\.com \{\n.*?)```/s.exec(OPERATIONS)?.[1] ?? ''
  return Object.entries(replaced).reduce((sitesNow, [documented, actual]) => {
    expect(sitesNow).toContain(documented)
    return sitesNow.replaceAll(documented, actual)
  }, sites)
}

/** The documented settings of the service, with other addresses. */
function documentedSettings(consoleUrl: string, apiUrl: string): Record<string, string> {
  const file = /```ini\n# \/etc\/sallyport\/sallyport\.env\n(.*?)```/s.exec(OPERATIONS)?.[1] ?? ''
  const withAddresses = file
    .replace('https://console.example.com', consoleUrl)
    .replace('https://api.example.com', apiUrl)
  return Object.fromEntries(
    [...withAddresses.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  )
}

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

async function get(url: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const sent = request(url, { headers, rejectUnauthorized: false })
  sent.end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

test('the documented Caddyfile ends TLS in front of both ports', { timeout: 120_000 }, async () => {
  await using folder = await temporaryFolder()
  await using upstream = await startEchoUpstream()
  const [consolePort, apiPort] = [await freePort(), await freePort()]
  const [consoleUrl, apiUrl] = [`https://localhost:${consolePort}`, `https://localhost:${apiPort}`]
  const settings = documentedSettings(consoleUrl, apiUrl)
  expect(settings).toEqual({
    SALLYPORT_PUBLIC_URL: consoleUrl,
    SALLYPORT_GATEWAY_URL: apiUrl,
    SALLYPORT_TRUSTED_PROXIES: '127.0.0.1',
  })
  await using server = await startServerProcess({
    ...settings,
    SALLYPORT_DATA: join(folder.path, 'data'),
    SALLYPORT_UPSTREAM_ALLOW: '127.0.0.0/8',
  })
  const client = new ApiClient(server.controlUrl)
  const { setupToken } = server
  const organization = { slug: 'acme', name: 'Acme' }
  const owner = textAt(await client.must('POST', '/v1/setup', { setupToken, organization }), 'token')
  const file = join(folder.path, 'Caddyfile')
  const sites = documentedSites({
    'console.example.com': consoleUrl,
    'api.example.com': apiUrl,
    '127.0.0.1:8080': new URL(server.controlUrl).host,
    '127.0.0.1:8081': new URL(server.gatewayUrl).host,
  })
  await writeFile(file, LOCAL + sites)
  const run = ['run', '--adapter', 'caddyfile', '--config', file]
  await using caddy = await startProgram(await caddyProgram(), run, folder.path, apiPort)
  expect(caddy.url).toContain(String(apiPort))
  const ordersOf = await publishPipeline(client.as(owner), 'orders', `${upstream.url}/orders`)

  const answered = await get(`${apiUrl}${ordersOf.path}`, { 'x-api-key': ordersOf.token })
  expect(answered.status, answered.body).toBe(200)
  expect(JSON.parse(answered.body)).toMatchObject({
    headers: {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': `localhost:${apiPort}`,
      'x-sallyport-consumer': 'caller-of-orders',
    },
  })
  const refused = await get(`${apiUrl}${ordersOf.path}`, {})
  expect([refused.status, refused.headers['x-sallyport-code']]).toEqual([401, 'credential_missing'])

  const page = await get(consoleUrl, {})
  expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  const deployments = await get(`${consoleUrl}/v1/organizations/acme/deployments`, {
    authorization: `Bearer ${owner}`,
  })
  expect(JSON.parse(deployments.body)).toMatchObject({ items: [{ url: `${apiUrl}${ordersOf.path}` }] })
})
