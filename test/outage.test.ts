import { expect, test, vi } from 'vitest'
import { startPostgres } from './services/postgres-server.ts'
import { ApiClient, setUpAcme } from './support/api-client.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'
import { startEchoUpstream } from './support/upstream.ts'

test(
  'while the store is down the gateway keeps serving, and both ports report 503 instead of a client error',
  { timeout: 120_000 },
  async () => {
    await using folder = await temporaryFolder()
    await using upstream = await startEchoUpstream()
    await using outage = new AsyncDisposableStack()
    const postgres = outage.use(await startPostgres())
    await using server = await startServerProcess({
      SALLYPORT_DATA: folder.path,
      SALLYPORT_DATABASE_URL: postgres.url,
    })
    const acme = await setUpAcme(server)
    const orders = await publishPipeline(acme, 'orders', `${upstream.url}/orders`)
    const gateway = new ApiClient(server.gatewayUrl)
    const call = async (headers: Record<string, string>): Promise<number> =>
      (await gateway.call('GET', orders.path, undefined, headers)).status
    expect(await call({ 'x-api-key': orders.token })).toBe(200)

    await outage.disposeAsync()

    expect(await call({ 'x-api-key': orders.token })).toBe(200)
    expect(await call({})).toBe(401)
    expect(await acme.call('GET', '/v1/whoami')).toMatchObject({ status: 503, body: { code: 'unavailable' } })
    // A malformed token is rejected without the store.
    expect(await acme.as('sp_sk_mistyped').call('GET', '/v1/whoami')).toMatchObject({ status: 401 })
    expect(await acme.call('DELETE', `/v1/organizations/acme/keys/${orders.keyId}`)).toMatchObject({
      status: 503,
    })
    await vi.waitFor(
      async () => {
        const ready = await gateway.call('GET', '/readyz')
        expect(Number(ready.body['snapshotAgeSeconds'])).toBeGreaterThan(2)
      },
      { timeout: 30_000, interval: 100 },
    )
    expect(await call({ 'x-api-key': orders.token })).toBe(200)
    expect(server.output.stderr).toContain('the feed failed')
  },
)
