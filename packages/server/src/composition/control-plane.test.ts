import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { QUOTA_LIMITS_DEFAULT } from '@sallyport/core'
import pino from 'pino'
import { expect, test } from 'vitest'
import { readConfig } from '../config/read-config.ts'
import { importedKeyIds } from '../crypto/derived/imported-key-id.ts'
import { seal, unseal } from '../crypto/seal.ts'
import { startMailServer } from '../mail/testing/mail-server.ts'
import { RecentRequests, windowOf } from '../requests/recent-requests.ts'
import { openStore } from '../store/open.ts'
import { startControlPlane } from './control-plane.ts'
import { openDecisions } from './decisions.ts'
import { followSnapshot } from './followed-snapshot.ts'

const logger = pino({ level: 'silent' })

test('a control plane runs without a gateway, and sends the last mails when it ends', async () => {
  await using mailServer = await startMailServer()
  const nowMs = Date.now
  const monotonicMs = () => performance.now()
  const masterKey = randomBytes(32)
  const importedKeyId = importedKeyIds(masterKey)
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-control-plane-'))
  stack.defer(async () => await rm(folder, { recursive: true }))
  const store = stack.use(await openStore({ kind: 'sqlite', file: join(folder, 'store.db'), nowMs }))
  const snapshot = stack.use(await followSnapshot({ feed: store.feed, monotonicMs, logger }))
  const decisions = stack.use(
    openDecisions({
      snapshot,
      nowMs,
      monotonicMs,
      logger,
      importedKeyId,
      upstreamAllow: [],
      hosts: new Map(),
    }),
  )
  const control = stack.use(
    await startControlPlane({
      config: {
        control: { host: '127.0.0.1', port: 0 },
        hosts: [],
        publicUrl: 'https://console.example.com',
        smtp: {
          host: '127.0.0.1',
          port: mailServer.port,
          encryption: 'starttls',
          isLocal: true,
          credentials: null,
        },
        mailFrom: { name: '', address: 'sallyport@example.com' },
        usageDays: { minute: 2, hour: 90, day: 730 },
        usageRows: 10_000,
        quotas: { limits: QUOTA_LIMITS_DEFAULT, ofOrganizations: {} },
        organizationsPerPerson: 0,
        databaseUrl: null,
        upstreamAllow: [],
        signInProviders: [],
        signUpDomains: [],
        gitHubKeys: [],
        controlHosts: [],
        telemetry: readConfig({}).telemetry,
        trustedProxies: [],
      },
      logger,
      nowMs,
      monotonicMs,
      instanceId: 'gw_1',
      setupToken: 'token-of-this-test',
      sealer: {
        seal: (text, context) => seal(masterKey, text, context),
        unseal: (sealed, context) => unseal(masterKey, sealed, context),
      },
      importedKeyId,
      store,
      decisions,
      requests: windowOf('gateway-1', new RecentRequests()),
      gateways: { url: () => 'http://gateway.example', members: [], peers: [] },
      streams: null,
    }),
  )
  const response = await fetch(`${control.url}/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ setupToken: 'token-of-this-test', organization: { slug: 'acme', name: 'Acme' } }),
  })
  expect(response.status).toBe(201)
  const { token } = (await response.json()) as { token: string }
  const created = await fetch(`${control.url}/v1/organizations/acme/projects`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ name: 'shop' }),
  })
  expect(created.status).toBe(201)
  expect((await fetch(`${control.url}/readyz`)).status).toBe(200)
  const invited = await fetch(`${control.url}/v1/organizations/acme/invitations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ email: 'nora@example.com', roles: ['auditor'] }),
  })
  expect(invited.status).toBe(201)
  await control.close(10_000)
  expect(mailServer.mails.map(({ to }) => to)).toEqual([['nora@example.com']])
  expect(mailServer.mails[0]?.text).toContain('https://console.example.com/invitation#')
})
