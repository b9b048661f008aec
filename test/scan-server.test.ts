import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { tokenHint } from '@sallyport/core'
import { expect, test } from 'vitest'
import { sampleToken } from '../packages/scan/src/testing/sample-tokens.ts'
import { jsonOf, scan } from './scan/scan-process.ts'
import { type ApiClient, setUpAcme, textAt } from './support/api-client.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'

const KEYS = '/v1/organizations/acme/keys'

/** A relay that keeps what a client sends to a server. */
async function startRecorder(serverUrl: string) {
  const { hostname, port } = new URL(serverUrl)
  const sent: Buffer[] = []
  const relay = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    client.on('data', (bytes) => sent.push(Buffer.from(bytes)))
    client.pipe(upstream).pipe(client)
    client.on('error', () => upstream.destroy())
    upstream.on('error', () => client.destroy())
  })
  relay.listen(0, '127.0.0.1')
  await once(relay, 'listening')
  return {
    url: `http://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    sent: () => Buffer.concat(sent).toString(),
    async [Symbol.asyncDispose]() {
      relay.close()
      await once(relay, 'close')
    },
  }
}

interface MadeKey {
  readonly id: string
  readonly token: string
}

async function makeKey(client: ApiClient, fields: object = {}, path = KEYS): Promise<MadeKey> {
  const made = await client.must('POST', path, { name: 'Key', type: 'secret', ...fields })
  return { id: textAt(made, 'key', 'id'), token: textAt(made, 'token') }
}

test('a scan says which keys are live, and sends no token', async () => {
  await using data = await temporaryFolder()
  await using server = await startServerProcess({ SALLYPORT_DATA: data.path })
  const acme = await setUpAcme(server)
  const active = await makeKey(acme)
  const open = await makeKey(acme, { type: 'public' })
  const off = await makeKey(acme)
  await acme.must('PATCH', `${KEYS}/${off.id}`, { status: 'inactive' })
  const deleted = await makeKey(acme)
  await acme.must('DELETE', `${KEYS}/${deleted.id}`)
  const rolling = await makeKey(acme)
  const rolled = await makeKey(acme)
  const newest = textAt(await acme.must('POST', `${KEYS}/${rolling.id}/roll`, {}), 'token')
  await acme.must('POST', `${KEYS}/${rolled.id}/roll`, { graceSeconds: 0 })
  const expired = await makeKey(acme, { expiresAt: new Date(Date.now() + 1000).toISOString() })
  const partner = acme.as(
    textAt(await acme.must('POST', '/v1/organizations', { slug: 'partner', name: 'Partner' }), 'token'),
  )
  const foreign = await makeKey(partner, {}, '/v1/organizations/partner/keys')
  const reader = await makeKey(acme, { roles: ['auditor'] })
  const powerless = await makeKey(acme)
  await expect
    .poll(async () => textAt(await acme.must('GET', `${KEYS}/${expired.id}`), 'state'))
    .toBe('expired')
  const expected: [token: string, liveness: string][] = [
    [active.token, 'live'],
    [open.token, 'live'],
    [off.token, 'inactive'],
    [deleted.token, 'deleted'],
    [rolling.token, 'live'],
    [newest, 'live'],
    [rolled.token, 'outdated'],
    [expired.token, 'expired'],
    [foreign.token, 'unknown here'],
    [sampleToken(1), 'unknown here'],
  ]
  await using folder = await temporaryFolder()
  writeFileSync(join(folder.path, 'leaked.txt'), expected.map(([token]) => token).join('\n'))
  await using recorder = await startRecorder(server.controlUrl)

  const env = { SALLYPORT_TOKEN: reader.token }
  const json = await scan(folder.path, ['--json', '--server', recorder.url, '.'], env)
  expect(json).toMatchObject({ status: 1, stderr: '' })
  expect(Object.fromEntries(jsonOf(json).finds.map(({ hint, liveness }) => [hint, liveness]))).toEqual(
    Object.fromEntries(expected.map(([token, liveness]) => [tokenHint(token), liveness])),
  )
  const text = await scan(folder.path, ['--server', server.controlUrl, '.'], env)
  expect(text.stdout).toContain(`leak: secret key ${active.id}, live: ${tokenHint(active.token)}\n`)
  expect(recorder.sent()).toContain(`GET ${KEYS}/${active.id} `)
  for (const [token] of expected) expect(recorder.sent()).not.toContain(token.slice(23, 40))
  for (const output of [json.stdout, text.stdout]) expect(output).not.toContain(reader.token.slice(23, 40))

  const refused = await scan(folder.path, ['--json', '--server', recorder.url, '.'], {
    SALLYPORT_TOKEN: sampleToken(2),
  })
  expect(refused.status).toBe(1)
  expect(refused.stderr).toMatch(
    /^The server could not be asked about all keys: 401 unauthenticated: .*[^.]\.\n$/,
  )
  expect(new Set(jsonOf(refused).finds.map(({ liveness }) => liveness))).toEqual(new Set(['not checked']))

  const encrypted = recorder.url.replace('http:', 'https:')
  const unspoken = await scan(folder.path, ['--server', encrypted, '.'], env)
  expect(unspoken.stderr).toContain('it does not speak TLS')

  // A key without permission must not make live keys look unknown.
  const blind = await scan(folder.path, ['--json', '--server', recorder.url, '.'], {
    SALLYPORT_TOKEN: powerless.token,
  })
  expect(blind.status).toBe(1)
  expect(blind.stderr).toContain('has no keys.read for all keys of acme')
  expect(new Set(jsonOf(blind).finds.map(({ liveness }) => liveness))).toEqual(new Set(['not checked']))

  const role = { name: 'prod-reader', permissions: [{ permission: 'keys.read', environment: 'prod' }] }
  await acme.must('POST', '/v1/organizations/acme/roles', role)
  const prod = await makeKey(acme, { environment: 'prod' })
  const narrow = await makeKey(acme, { roles: ['prod-reader'] })
  writeFileSync(join(folder.path, 'leaked.txt'), `${prod.token}\n${active.token}`)
  const partly = await scan(folder.path, ['--json', '--server', recorder.url, '.'], {
    SALLYPORT_TOKEN: narrow.token,
  })
  expect(partly.stderr).toContain('has no keys.read for all keys of acme')
  expect(Object.fromEntries(jsonOf(partly).finds.map(({ keyId, liveness }) => [keyId, liveness]))).toEqual({
    [prod.id]: 'live',
    [active.id]: 'not checked',
  })

  await server.stop('SIGTERM')
  const gone = await scan(folder.path, ['--json', '--server', server.controlUrl, '.'], env)
  expect(gone.status).toBe(1)
  expect(gone.stderr).toMatch(/^The server could not be asked about all keys: .*ECONNREFUSED/)
  expect(jsonOf(gone).finds.map(({ liveness }) => liveness)).toEqual(['not checked', 'not checked'])
  // Without a find, there is nothing to ask.
  writeFileSync(join(folder.path, 'leaked.txt'), 'nothing')
  expect(await scan(folder.path, ['--server', server.controlUrl, '.'], env)).toMatchObject({
    status: 0,
    stderr: '',
  })
})
